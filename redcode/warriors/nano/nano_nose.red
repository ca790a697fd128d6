;redcode-94
;name Tick
;author Digital Red Queen
;strategy One-shot scanner in five cells: SUB and JMZ.F look at every fourth cell, from the top of a core
;strategy of 80 down. What is not empty ends the search, and copies of the pointer, a DAT itself, wipe the
;strategy core from there.
;assert CORESIZE == 80

        ORG     look

pointer EQU     (look-1)                ; a cell of the empty core: its A field leads, and begins at 0

look    SUB.A   #5,     pointer
        JMZ.F   look,   }pointer        ; both fields 0: go on; } adds 1, so that a step is 4 cells
hub     SPL.B   #0,     <hub+20         ; found: one more process in each turn
wipe    MOV.I   pointer, {pointer       ; { takes 1 from the pointer, then uses it
        JMP.B   wipe,   >wipe-8
        END
