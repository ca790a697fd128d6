;redcode-94
;name Small Smear
;author Digital Red Queen
;strategy Blur scanner for a core of 800: one SPL is painted in every turn of the loop, and whatever the
;strategy two eyes see moves the brush there. It never stops to attack, so a decoy costs it nothing; a
;strategy two-stage clear ends the scan.
;assert CORESIZE == 800

        ORG     look

GAP     EQU     3
TIMES   EQU     382
HOP     EQU     (2*TIMES)
LOOKS   EQU     23

pointer DAT.F   #split-pointer, #after-pointer
wall    DAT.F   $0,     $0              ; who walks up a carpet of SPL ends here
brush   DAT.F   #0,     #50

move    ADD.F   hop,    look            ; both eyes move on
        MOV.I   split,  >brush          ; paint a cell, seen something or not
look    SEQ.I   $after+10, $after+10+GAP
        MOV.AB  look,   brush           ; seen: the brush goes to the lower eye
        DJN.B   move,   #LOOKS
sweep   SPL.B   #0,     #0              ; A of pointer says what to write, B where
        MOV.I   *pointer, >pointer
        JMP.B   sweep+1
hop     DAT.F   #HOP,   #HOP
split   SPL.B   #bomb-pointer, #after-pointer
bomb    DAT.F   #bomb-pointer, #after-pointer
after   EQU     (bomb+1)
        END
