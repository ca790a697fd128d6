;redcode-94
;name Mosquito
;author Digital Red Queen
;strategy Vampire for a core of 800: its fangs are jumps into a pit, where prisoners only make more
;strategy prisoners and the prey's own program starves. After the last bite a two-stage clear begins with
;strategy the pit.
;assert CORESIZE == 800

        ORG     bite

TIMES   EQU     27
STEP    EQU     (20*TIMES)              ; every 20th cell, all outside this program
FIRST   EQU     (pointer+17-fang)
BITES   EQU     18
GATE    EQU     55

pointer DAT.F   #split-pointer, #after-pointer
wall    DAT.F   $0,     $0
bite    MOV.I   fang,   @fang
        ADD.F   stride, fang            ; A shrinks as B grows: the jump keeps its aim
        DJN.B   bite,   #BITES
sweep   SPL.B   #0,     <pointer-GATE   ; each bomb brings the next turn's numbers to pointer
        MOV.I   *pointer, >pointer
        JMP.B   sweep+1, >pointer-GATE-1
stride  DAT.F   #-STEP, #STEP
fang    JMP.B   $pit-FIRST, $FIRST
split   SPL.B   #bomb-pointer, #after-pointer
bomb    DAT.F   <267,  #after-pointer
pit     SPL.B   #0,     #0              ; the clear kills the prisoners first
after   EQU     pit
        END
