;redcode-94
;name Gatekeeper
;author Digital Red Queen
;strategy A bomber that ends as an imp gate: it bombs every fifth cell once, then sits
;strategy still and decrements one cell below itself, where passing imps break.
;assert CORESIZE % 5 == 0

        ORG     throw

STEP    EQU     (5*329)
SHOTS   EQU     (CORESIZE/5)            ; as many shots as there are multiples of 5 in the core

aim     ADD.AB  #STEP,  bomb
throw   MOV.I   bomb,   @bomb           ; the bomb's B field says where
        DJN.B   aim,    #SHOTS          ; DJN counts its own B field down to 0

; An imp that walks up the core must pass the cell below. It arrives as MOV.I 0, 1; the
; decrement makes it MOV.I 0, 0, which copies nothing ahead, and the imp runs off its end.
hold    JMP.B   #0,     <aim-4
bomb    DAT.F   #0,     #STEP
        END
