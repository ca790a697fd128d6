;redcode-94
;name Three Waves
;author Digital Red Queen
;strategy One-shot scanner with a clear in three waves: two of SPL, so that the prey's new processes are
;strategy stunned as well as the old, then DAT for ever. Each bomb holds the two numbers of the next wave
;strategy and brings them to the pointer when a wave has gone round.
;assert CORESIZE == 8000

        ORG     look

GAP     EQU     14
HALF    EQU     14
HOP     EQU     (2*HALF)
MARGIN  EQU     8
GATE    EQU     10
LOOKS   EQU     275

pointer DAT.F   #split-pointer, #after-pointer
wall    DAT.F   $0,     $0              ; who walks up a carpet of SPL ends here, not in my program

move    ADD.F   hop,    look
look    SNE.X   $after+60, $after+60+GAP ; SNE.X compares A of one cell with B of the other
        DJN.B   move,   #LOOKS          ; equal: go on
        ADD.A   #look-pointer-MARGIN, look ; seen: the eye, seen from pointer, less a margin
        MOV.AB  look,   pointer

shoot   SPL.B   #0,     <pointer-GATE   ; A of pointer says what to write, B where
        MOV.I   *pointer, >pointer
        JMP.B   shoot+1, >pointer-GATE-1 ; a gate, as the B operand of SPL is

hop     DAT.F   #HOP,   #HOP
split   SPL.B   #again-pointer, #after-pointer
again   SPL.B   #bomb-pointer, #after-pointer
bomb    DAT.F   <2667, #after-pointer
after   EQU     (bomb+1)
        END
