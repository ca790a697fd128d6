;redcode-94
;name Slow Train
;author Digital Red Queen
;strategy A core clear that goes up and a stream that goes down: the loop closes with DJN.F through
;strategy a second pointer, and so takes 1 from one cell after another. Programs and imps break
;strategy on numbers that have changed, and the clear meets them from the other side.
;assert CORESIZE == 8000

        ORG     hub

; The clear skips HOLE cells above this program, so that it comes home before the stream does.
HOLE    EQU     60
BELOW   EQU     (-12)

track   DAT.F   #BELOW, #0              ; its A field is the stream's pointer
head    DAT.F   #0,     #after-head     ; its B field is the clear's

hub     SPL.B   #0,     #0
wipe    MOV.I   wagon,  >head
        DJN.F   wipe,   {track          ; jumps unless both fields of the cell have become 0
        JMP.B   wipe

; A turn ends with this bomb falling on track and then on head. Its A field sends the stream back
; to its beginning, just before it would run over this program, and its B field the clear.
wagon   DAT.F   #BELOW, #after+HOLE-head
after   EQU     (wagon+1)
        END
