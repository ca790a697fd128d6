;redcode-94
;name Short Look
;author Digital Red Queen
;strategy One-shot scanner for a core of 800: at the first sign of life it stops scanning for good and
;strategy clears the core from just below the find, first with SPL to stun, then with DAT to kill. The
;strategy free operands of the clear are gates against imps.
;assert CORESIZE == 800

        ORG     look

GAP     EQU     14
HALF    EQU     12
HOP     EQU     (2*HALF)
MARGIN  EQU     8
GATE    EQU     54

LOOKS   EQU     (760/HOP)

pointer DAT.F   #split-pointer, #after-pointer
wall    DAT.F   $0,     $0              ; who walks up a carpet of SPL ends here
move    ADD.F   hop,    look
look    SNE.I   $after+20, $after+20+GAP
        DJN.B   move,   #LOOKS          ; equal: go on, but not for ever
        ADD.A   #look-pointer-MARGIN, look ; seen: the eye, counted from pointer, less a margin
        MOV.AB  look,   pointer
shoot   SPL.B   #0,     <pointer-GATE   ; each bomb brings the next turn's numbers to pointer
        MOV.I   *pointer, >pointer
        JMP.B   shoot+1, >pointer-GATE-1 ; a gate, as the B operand of SPL is
hop     DAT.F   #HOP,   #HOP
split   SPL.B   #bomb-pointer, #after-pointer
bomb    DAT.F   <267, #after-pointer
after   EQU     (bomb+1)
        END
