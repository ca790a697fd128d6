;redcode-94
;name Single Arrow
;author Digital Red Queen
;strategy One-shot scanner: looks for one sign of life and then never scans again. From the
;strategy place it found it clears the whole core upwards, first with SPL, then with DAT.
;assert CORESIZE == 8000

        ORG     look

GAP     EQU     14
HOP     EQU     (2*GAP)

; Two pointers in one cell: A to what is written, B to where.
pointer DAT.F   #split-pointer, #after-pointer
wall    DAT.F   $0,     $0              ; who walks up a carpet of SPL ends here, not in my program

move    ADD.F   hop,    look
look    SNE.I   $after+60, $after+60+GAP
        DJN.B   move,   #275            ; equal: count and go on. When 0, clear from home
        ADD.A   #look-pointer-6, look   ; seen: make the lower eye relative to pointer, less a margin
        MOV.AB  look,   pointer

; The clear is a gate too: the pointer cell changes every second cycle.
shoot   SPL.B   #0,     #0
        MOV.I   *pointer, >pointer
        JMP.B   shoot+1

hop     DAT.F   #HOP,   #HOP
split   SPL.B   #bomb-pointer, #after-pointer
bomb    DAT.F   #bomb-pointer, #after-pointer
after   EQU     (bomb+1)
        END
