;redcode-94
;name Midnight Toll
;author Digital Red Queen
;strategy Vampire that lures prisoners into a pit far from home. In the pit they multiply, so that
;strategy the prey's program starves, and a two-stage clear then takes prey and pit alike.
;assert CORESIZE == 8000

        ORG     dig

STEP    EQU     (CORESIZE/4+1)          ; four bites a round, each round 4 cells further on
FIRST   EQU     (after+12-fang)
BITES   EQU     (4*470)
PIT     EQU     (pointer-3)

pointer DAT.F   #split-pointer, #after-pointer
wall    DAT.F   $0,     $0              ; who walks up a carpet of SPL ends here, not in my program

dig     MOV.I   spade,  PIT             ; the pit: a single SPL 0 below, that the clear reaches last
bite    MOV.I   fang,   @fang
        ADD.F   stride, fang            ; A shrinks as B grows: the jump keeps its aim
        DJN.B   bite,   #BITES

; Two-stage clear: the A field of pointer says what to write, its B field where.
sweep   SPL.B   #0,     #0
        MOV.I   *pointer, >pointer
        JMP.B   sweep+1

stride  DAT.F   #-STEP, #STEP
spade   SPL.B   #0,     #0
fang    JMP.B   $PIT-FIRST, $FIRST
split   SPL.B   #bomb-pointer, #after-pointer
bomb    DAT.F   #bomb-pointer, #after-pointer
after   EQU     (bomb+1)
        END
