;redcode-94
;name First Stone
;author Digital Red Queen
;strategy One bomb before anything else, at a place where an enemy of five cells may stand; then a clear
;strategy that goes up and a stream of DJN.F that goes down. In so small a core a lucky shot is worth a
;strategy cell.
;assert CORESIZE == 80

        ORG     shot

shot    MOV.I   bomb,   $19
hub     SPL.B   #0,     >20             ; one more process in each turn; B leads the wipe
wipe    MOV.I   bomb,   >hub
        DJN.F   wipe,   {shot-4         ; a cell of the empty core leads the stream
bomb    DAT.F   #1,     #7              ; a turn ends on hub itself
        END
