;redcode-94
;name Roaming Broom
;author Digital Red Queen
;strategy Scans and wipes at the same time: every loop writes one SPL at the broom's place, and
;strategy when the eyes see something the broom is moved there. No time is lost on decoys.
;assert CORESIZE == 8000

        ORG     look

GAP     EQU     9
HOP     EQU     (2*GAP)
LOOKS   EQU     425

pointer DAT.F   #split-pointer, #after-pointer
wall    DAT.F   $0,     $0              ; who walks up a carpet of SPL ends here, not in my program
broom   DAT.F   #0,     #200

; One turn of the loop: move the eyes, compare, wipe one cell, count.
move    ADD.F   hop,    look
look    SEQ.I   $after+30, $after+30+GAP
        MOV.AB  look,   broom           ; seen: the lower eye is relative to look, so ...
        MOV.I   split,  >broom          ; ... the broom begins two cells below it
        MOV.I   split,  >broom
        DJN.B   move,   #LOOKS

; Two-stage clear: the A field of pointer says what to write, its B field where.
sweep   SPL.B   #0,     #0
        MOV.I   *pointer, >pointer
        JMP.B   sweep+1

hop     DAT.F   #HOP,   #HOP
split   SPL.B   #bomb-pointer, #after-pointer
bomb    DAT.F   #bomb-pointer, #after-pointer
after   EQU     (bomb+1)
        END
