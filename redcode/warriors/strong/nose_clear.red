;redcode-94
;name Bloodhound
;author Digital Red Queen
;strategy One-shot scanner with the fastest eye there is: SUB and JMZ.F look at a cell every two cycles,
;strategy from the top of the core downwards. A cell that is not all zero ends the search for good, and
;strategy the core is cleared upwards from a little below it, first with SPL, then with DAT.
;assert CORESIZE == 8000

        ORG     sniff

STEP    EQU     107
MARGIN  EQU     51

pointer DAT.F   #split-pointer, #-40-STEP
wall    DAT.F   $0,     $0              ; who walks up a carpet of SPL ends here, not in my program

sniff   SUB.AB  #STEP,  pointer
        JMZ.F   sniff,  @pointer        ; both fields 0: go on; it ends at the latest at this program
        SUB.AB  #MARGIN, pointer        ; begin a little below the find
shoot   SPL.B   #0,     <pointer-12     ; A of pointer says what to write, B where
        MOV.I   *pointer, >pointer
        JMP.B   shoot+1, >pointer-13    ; both free operands are gates against imps

split   SPL.B   #bomb-pointer, #after-pointer
bomb    DAT.F   <2667,  #after-pointer
after   EQU     (bomb+1)
        END
