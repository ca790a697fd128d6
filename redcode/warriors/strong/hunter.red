;redcode-94
;name Falconer
;author Digital Red Queen
;strategy Scanner that bombs instead of carpeting: a find gets six SPLs, three near each eye, and the scan
;strategy flies on, so that no decoy holds it for long. What was stunned waits for the clear at the end.
;assert CORESIZE == 8000

        ORG     look

GAP     EQU     22
TIMES   EQU     40
HOP     EQU     (2*TIMES)
LOOKS   EQU     (7800/HOP)
PITCH   EQU     5

pointer DAT.F   #split-pointer, #after-pointer
wall    DAT.F   $0,     $0              ; who walks up a carpet of SPL ends here, not in my program

hit     MOV.I   split,  *look           ; one more SPL at each eye, PITCH below the others
        MOV.I   split,  @look
move    ADD.F   hop,    look            ; both eyes move on
look    SNE.I   $after+30, $after+30+GAP
count   DJN.B   move,   #LOOKS          ; equal: go on, LOOKS times
        MOV.I   split,  }look           ; different: throw and move the eye up ...
        MOV.I   split,  >look
        MOV.I   split,  }look
        MOV.I   split,  >look
        SUB.F   back,   look            ; ... then bring both eyes back and a bit further
        JMN.B   hit,    count           ; all looks taken? then clear
sweep   SPL.B   #0,     <pointer-12     ; A of pointer says what to write, B where; SPL first, DAT ever after
        MOV.I   *pointer, >pointer
        JMP.B   sweep+1, >pointer-13    ; both free operands are gates against imps
back    DAT.F   #2+PITCH, #2+PITCH
hop     DAT.F   #HOP,   #HOP
split   SPL.B   #bomb-pointer, #after-pointer
bomb    DAT.F   <2667,  #after-pointer
after   EQU     (bomb+1)
        END
