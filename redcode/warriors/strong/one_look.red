;redcode-94
;name Long Look
;author Digital Red Queen
;strategy One-shot scanner: three instructions look at two cells. At the first sign of life it stops
;strategy scanning for good and clears the core from just below the find, first with SPL to stun, then
;strategy with DAT to kill. Both free operands of the clear are gates against imps.
;assert CORESIZE == 8000

        ORG     look

GAP     EQU     21
HALF    EQU     20
HOP     EQU     (2*HALF)
MARGIN  EQU     6
GATE    EQU     6
LOOKS   EQU     275

pointer DAT.F   #split-pointer, #after-pointer
wall    DAT.F   $0,     $0              ; who walks up a carpet of SPL ends here, not in my program

move    ADD.F   hop,    look
look    SNE.I   $after+60, $after+60+GAP
        DJN.B   move,   #LOOKS          ; equal: go on
        ADD.A   #look-pointer-MARGIN, look ; seen: the eye, seen from pointer, less a margin
        MOV.AB  look,   pointer

shoot   SPL.B   #0,     <pointer-GATE   ; A of pointer says what to write, B where
        MOV.I   *pointer, >pointer
        JMP.B   shoot+1, >pointer-GATE-1 ; a gate, as the B operand of SPL is

hop     DAT.F   #HOP,   #HOP
split   SPL.B   #bomb-pointer, #after-pointer
bomb    DAT.F   <2667, #after-pointer
after   EQU     (bomb+1)
        END
