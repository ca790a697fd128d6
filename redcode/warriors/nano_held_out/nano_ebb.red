;redcode-94
;name Low Tide
;author Digital Red Queen
;strategy Clear that walks down a core of 80 while DJN.F leads a second stream down from the other side.
;strategy The pointer costs no cell: it is the B field of SPL, whose B operand nobody needs.
;assert CORESIZE == 80

        ORG     hub

hub     SPL.B   #0,     >-7             ; one more process in each turn; B is where the wipe begins
wipe    MOV.I   bomb,   <hub            ; < takes 1 from the pointer, then uses it
        DJN.F   wipe,   <wipe+41        ; a cell of the empty core leads the stream
        DAT.F   $0,     $0
bomb    DAT.F   #-33,   #-11
        END
