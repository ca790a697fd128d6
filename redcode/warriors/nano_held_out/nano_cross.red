;redcode-94
;name Pincers
;author Digital Red Queen
;strategy Three fronts in five cells: bombs that walk down, bombs that walk up, and a stream of DJN.F. All
;strategy three pointers are fields that nobody needs otherwise, so every cell works.
;assert CORESIZE == 80

        ORG     hub

hub     SPL.B   #0,     >12             ; one more process in each turn; B leads the front that goes up
wipe    MOV.I   bomb,   <bomb           ; the bomb's own B field leads the front that goes down
        MOV.I   bomb,   >hub
        DJN.F   wipe,   {hub-38         ; the stream, from the far side downwards
bomb    DAT.F   #-29,   #-22
        END
