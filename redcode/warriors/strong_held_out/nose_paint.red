;redcode-94
;name Thumbprint
;author Digital Red Queen
;strategy Blur scanner with one eye: SUB and JMZ.F look at a cell every three cycles, and in the third one
;strategy SPL is painted. Eye and brush live in the two fields of one cell, so that moving the brush to
;strategy the find takes one MOV.
;assert CORESIZE == 8000

        ORG     paint

PACE    EQU     31
STEP    EQU     (20*PACE)               ; the eye falls on every 20th cell, and never on this program
LOOKS   EQU     73

pointer DAT.F   #split-pointer, #after-pointer
wall    DAT.F   $0,     $0              ; who walks up a carpet of SPL ends here, not in my program
brush   DAT.F   #16,    #300            ; A: the eye.  B: the brush

paint   MOV.I   split,  >brush          ; one cell painted in each turn, seen something or not
        SUB.A   #STEP,  brush           ; the eye moves down
        JMZ.F   paint,  *brush          ; both fields of what the eye sees are 0: go on
        MOV.AB  brush,  brush           ; seen: the brush goes there
        DJN.B   paint,  #LOOKS          ; every find counts

sweep   SPL.B   #0,     <pointer-12     ; A of pointer says what to write, B where; SPL first, DAT ever after
        MOV.I   *pointer, >pointer
        JMP.B   sweep+1, >pointer-13    ; both free operands are gates against imps
split   SPL.B   #bomb-pointer, #after-pointer
bomb    DAT.F   <2667,  #after-pointer
after   EQU     (bomb+1)
        END
