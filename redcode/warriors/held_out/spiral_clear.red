;redcode-94
;name Broom on the Stairs
;author Digital Red Queen
;strategy Imp spiral for endurance and a two-stage core clear for the kill. The clear's own
;strategy pointer is a gate, so of two spirals in the core the other one dies first.
;assert CORESIZE == 8000

        ORG     start

THIRD   EQU     ((CORESIZE+1)/3)

pointer DAT.F   #split-pointer, #after-pointer
wall    DAT.F   $0,     $0              ; who walks up a carpet of SPL ends here, not in my program

start   SPL.B   sweep
        SPL.B   $1                      ; 2, 4, 8, 16 processes side by side
        SPL.B   $1
        SPL.B   $1
        SPL.B   $1
        SPL.B   $2                      ; half of them jump, half move the jump on
jump    JMP.B   imp
        ADD.A   #THIRD, jump            ; the next imp stands a third of the core on
        DAT.F   #0,     #0

; Two-stage clear: the A field of pointer says what to write, its B field where.
sweep   SPL.B   #0,     #0
        MOV.I   *pointer, >pointer
        JMP.B   sweep+1
split   SPL.B   #bomb-pointer, #after-pointer
bomb    DAT.F   #bomb-pointer, #after-pointer

imp     MOV.I   #9,     $THIRD
after   EQU     (imp+1)
        END
