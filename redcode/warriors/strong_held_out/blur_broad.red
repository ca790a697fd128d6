;redcode-94
;name Broad Brush
;author Digital Red Queen
;strategy Blur scanner with a broad brush: two SPLs are painted in each turn, and SEQ.X compares the A
;strategy field of one cell with the B field of the other, so that even a row of equal instructions is
;strategy seen. Slower eyes, thicker paint.
;assert CORESIZE == 8000

        ORG     look

GAP     EQU     34                      ; distance between the eyes
TIMES     EQU     345
HOP     EQU     (2*TIMES)               ; the pair jumps about the core
LOOKS   EQU     632

pointer DAT.F   #split-pointer, #after-pointer
wall    DAT.F   $0,     $0              ; who walks up a carpet of SPL ends here, not in my program
brush   DAT.F   #0,     #300

move    ADD.F   hop,    look
        MOV.I   split,  >brush          ; paint two cells, seen something or not
        MOV.I   split,  >brush
look    SEQ.X   $after+30, $after+30+GAP
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
