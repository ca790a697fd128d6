;redcode-94
;name Turnstile
;author Digital Red Queen
;strategy Two-stage core clear with three gates: its pointer, and the B operands of SPL and JMP, which
;strategy nobody needs otherwise, change two cells further below. No imp gets by all three.
;assert CORESIZE == 8000

        ORG     hub

; A says what to write, B where. The wipe ends each turn on this cell, and the bomb that falls
; here brings the numbers of the next turn with it.
pointer DAT.F   #split-pointer, #after-pointer
wall    DAT.F   $0,     $0              ; who walks up a carpet of SPL ends here, not in my program

hub     SPL.B   #0,     <pointer-8      ; a second gate below, for what climbs up
wipe    MOV.I   *pointer, >pointer      ; the first gate
        JMP.B   wipe,   >pointer-9      ; the third

split   SPL.B   #bomb-pointer, #after-pointer
bomb    DAT.F   <2667,  #after-pointer
after   EQU     (bomb+1)
        END
