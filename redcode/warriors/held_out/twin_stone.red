;redcode-94
;name Twin Mortars
;author Digital Red Queen
;strategy Bomber that throws two different bombs a turn, about half the core apart: SPL to slow
;strategy down, DAT to kill. When all places are hit, the same two cells serve a two-stage clear.
;assert CORESIZE == 8000

        ORG     fire

; Bombs fall on every 16th cell, counted from slow for the one kind and from kill for the other.
; These stand 8 apart, so that together every 8th cell is hit - and the only cells of this
; program that are ever hit are slow and kill, each by its own copy.
STEP    EQU     (16*191)
SHOTS   EQU     (CORESIZE/16)

pointer DAT.F   #slow-pointer, #after-pointer
wall    DAT.F   $0,     $0              ; who walks up a carpet of SPL ends here, not in my program

slow    SPL.B   #kill-pointer, #after-pointer
fire    MOV.I   slow,   *aim            ; the A field of aim is the place for one bomb ...
        MOV.I   kill,   @aim            ; ... the B field for the other
        ADD.F   stride, aim
        DJN.B   fire,   #SHOTS
        JMP.B   sweep

stride  DAT.F   #STEP,  #STEP
aim     DAT.F   #slow-aim+STEP, #kill-aim+251*16
kill    DAT.F   #kill-pointer, #after-pointer

; The A field of pointer says what to write, the B field where; the bomb that ends a turn falls
; on pointer and brings the numbers for the next one.
sweep   SPL.B   #0,     #0
        MOV.I   *pointer, >pointer
        JMP.B   sweep+1
after   EQU     (sweep+3)
        END
