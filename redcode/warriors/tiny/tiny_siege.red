;redcode-94
;name Small Siege
;author Digital Red Queen
;strategy Bomber that throws SPL, for a core of 800: what is hit is not killed but drowned in its own
;strategy processes. When every tenth cell has had its share, a two-stage clear with gates kills the
;strategy drowned.
;assert CORESIZE == 800

        ORG     fire

TIMES   EQU     65
STEP    EQU     (10*TIMES)
SHOTS   EQU     24
GATE    EQU     51

pointer DAT.F   #split-pointer, #after-pointer
fire    MOV.I   split,  @aim            ; every 10th cell, counted from aim
        ADD.AB  #STEP,  aim
        DJN.B   fire,   #SHOTS
sweep   SPL.B   #0,     <pointer-GATE   ; each bomb brings the next turn's numbers to pointer
        MOV.I   *pointer, >pointer
        JMP.B   sweep+1, >pointer-GATE-1 ; a gate, as the B operand of SPL is
aim     DAT.F   #0,     #STEP
split   SPL.B   #bomb-pointer, #after-pointer
bomb    DAT.F   <267,  #after-pointer
after   EQU     (bomb+1)
        END
