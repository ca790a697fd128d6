;redcode-94
;name Pebble
;author Digital Red Queen
;strategy Stone for a core of 800: SPL feeds the loop with processes, so that one stray bomb cannot end
;strategy it, and its free operand keeps a gate against imps. Bombs fall on every fifth cell, never on its
;strategy own.
;assert CORESIZE == 800

        ORG     hub

TIMES   EQU     61
STEP    EQU     (5*TIMES)               ; a multiple of the length: it never hits itself
GATE    EQU     31

hub     SPL.B   #0,     <0-GATE         ; one more process each turn; the operand is a gate
        MOV.I   bomb,   @bomb           ; the bomb's B field says where
        ADD.AB  #STEP,  bomb            ; and moves on
        JMP.B   hub+1
bomb    DAT.F   #1,     #STEP
        END
