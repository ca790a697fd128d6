;redcode-94
;name Small Bloodhound
;author Digital Red Queen
;strategy One-shot scanner with the fastest eye: SUB and JMZ.F look at a cell every two cycles, from the
;strategy top of the core down. It needs no counter: the last thing it can find is itself. Then it clears
;strategy upwards, SPL first, DAT after.
;assert CORESIZE == 800

        ORG     sniff

STEP    EQU     33
MARGIN  EQU     54

GATE    EQU     22

pointer DAT.F   #split-pointer, #-15-STEP
wall    DAT.F   $0,     $0              ; who walks up a carpet of SPL ends here
sniff   SUB.AB  #STEP,  pointer
        JMZ.F   sniff,  @pointer        ; both fields 0: go on
        SUB.AB  #MARGIN, pointer        ; begin a little below the find
shoot   SPL.B   #0,     <pointer-GATE   ; each bomb brings the next turn's numbers to pointer
        MOV.I   *pointer, >pointer
        JMP.B   shoot+1, >pointer-GATE-1
split   SPL.B   #bomb-pointer, #after-pointer
bomb    DAT.F   <267,  #after-pointer
after   EQU     (bomb+1)
        END
