;redcode-94
;name Smear
;author Digital Red Queen
;strategy Blur scanner: it never stops to attack. Each turn of the loop writes one SPL at the brush and
;strategy compares two cells far ahead; what differs moves the brush there. A decoy costs it two cycles, a
;strategy program is painted over. A two-stage clear ends the day.
;assert CORESIZE == 8000

        ORG     look

GAP     EQU     9                       ; distance between the eyes
TIMES     EQU     253
HOP     EQU     (2*TIMES)               ; the pair jumps about the core
LOOKS   EQU     1212

pointer DAT.F   #split-pointer, #after-pointer
wall    DAT.F   $0,     $0              ; who walks up a carpet of SPL ends here, not in my program
brush   DAT.F   #0,     #300

move    ADD.F   hop,    look
        MOV.I   split,  >brush          ; paint a cell, seen something or not
look    SEQ.I   $after+30, $after+30+GAP
        MOV.AB  look,   brush           ; seen: the brush goes to just below the lower eye
        DJN.B   move,   #LOOKS

; Two-stage clear: the A field of pointer says what to write, its B field where.
sweep   SPL.B   #0,     #0
        MOV.I   *pointer, >pointer
        JMP.B   sweep+1

hop     DAT.F   #HOP,   #HOP
split   SPL.B   #bomb-pointer, #after-pointer
bomb    DAT.F   #bomb-pointer, #after-pointer
after   EQU     (bomb+1)
        END
