;redcode-94
;name Tinderbox
;author Digital Red Queen
;strategy Throws pairs SPL 0 / MOV -1, <-1. Whoever steps in lays a carpet of SPL downwards
;strategy through its own program, with its own cycles. The ashes are cleared afterwards.
;assert CORESIZE == 8000

        ORG     throw

; Ten throws a round, each round 10 cells further on.
STEP    EQU     (CORESIZE/10+1)
THROWS  EQU     (10*75)

pointer DAT.F   #spark-pointer, #after-pointer
wall    DAT.F   $0,     $0              ; who walks up a carpet of SPL ends here, not in my program

throw   MOV.I   spark,  >aim
        MOV.I   spread, @aim
        ADD.AB  #STEP-1, aim
        DJN.B   throw,  #THROWS

; The clear's first turn lays SPL, the others DAT: the A field of the cell pointer says what.
sweep   SPL.B   #0,     #0
        MOV.I   *pointer, >pointer
        JMP.B   sweep+1

; spark splits onto itself and its B field is the pointer that spread counts down. Its numbers also
; serve as the pointer for the clear's second turn, when it falls on that cell.
spread  MOV.I   $-1,    <-1             ; copy the spark one cell further below each time
aim     DAT.F   #0,     #after+12-aim
spark   SPL.B   #ash-pointer, #after-pointer
ash     DAT.F   #ash-pointer, #after-pointer
after   EQU     (ash+1)
        END
