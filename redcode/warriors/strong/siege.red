;redcode-94
;name Siege
;author Digital Red Queen
;strategy Stone that throws SPL, not DAT: what is hit is not killed but drowned in its own processes. When
;strategy every place has had its share a two-stage clear with gates kills the drowned.
;assert CORESIZE == 8000

        ORG     fire

TIMES   EQU     409
STEP    EQU     (10*TIMES)
SHOTS   EQU     505

pointer DAT.F   #split-pointer, #after-pointer
fire    MOV.I   split,  @aim            ; every 10th cell, counted from aim
        ADD.AB  #STEP,  aim             ; the place for the next
        DJN.B   fire,   #SHOTS          ; until all places are hit
sweep   SPL.B   #0,     <pointer-12     ; A of pointer says what to write, B where; SPL first, DAT ever after
        MOV.I   *pointer, >pointer
        JMP.B   sweep+1, >pointer-13    ; both free operands are gates against imps
aim     DAT.F   #0,     #STEP
split   SPL.B   #bomb-pointer, #after-pointer
bomb    DAT.F   <2667,  #after-pointer
after   EQU     (bomb+1)
        END
