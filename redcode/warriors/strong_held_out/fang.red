;redcode-94
;name Tar Pit
;author Digital Red Queen
;strategy Vampire: its fangs are jumps into a pit of two SPLs, where prisoners only make more prisoners
;strategy and the prey's own program starves. When the core is bitten, a two-stage clear with gates takes
;strategy prey and pit.
;assert CORESIZE == 8000

        ORG     dig

TIMES   EQU     191
STEP    EQU     (20*TIMES)              ; every 20th cell, all outside this program
FIRST   EQU     (pointer+18-fang)
BITES   EQU     390
PIT     EQU     (pointer-5)             ; below this program: the clear reaches it last

pointer DAT.F   #split-pointer, #after-pointer
wall    DAT.F   $0,     $0              ; who walks up a carpet of SPL ends here, not in my program

dig     MOV.I   spade,  PIT             ; the pit: two SPLs
        MOV.I   spade,  PIT+1
bite    MOV.I   fang,   @fang           ; a fang is a bomb that jumps to the pit
        ADD.F   stride, fang            ; A shrinks as B grows: the jump keeps its aim
        DJN.B   bite,   #BITES
sweep   SPL.B   #0,     <pointer-12     ; A of pointer says what to write, B where; SPL first, DAT ever after
        MOV.I   *pointer, >pointer
        JMP.B   sweep+1, >pointer-13    ; both free operands are gates against imps
stride  DAT.F   #-STEP, #STEP
fang    JMP.B   $PIT-FIRST, $FIRST
spade   SPL.B   #0,     #0
split   SPL.B   #bomb-pointer, #after-pointer
bomb    DAT.F   <2667,  #after-pointer
after   EQU     (bomb+1)
        END
