;redcode-94
;name Ebb Tide
;author Digital Red Queen
;strategy Core clear that walks down instead of up, against the way that imps come. Five cells,
;strategy and fit for a core of any size.
;assert 1

        ORG     hub

hub     SPL.B   #0,     #0              ; keep adding processes to the loop
wipe    MOV.I   bomb,   <pointer        ; < takes 1 from the pointer, then uses it
        JMP.B   wipe

; The first cell to be written lies below hub. After a turn the bomb falls on the pointer, which is
; the top cell of the program, and its B field sends the clear below hub again.
bomb    DAT.F   #0,     #hub-pointer
pointer DAT.F   #0,     #hub-pointer
        END
