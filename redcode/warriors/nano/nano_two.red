;redcode-94
;name Double Doors
;author Digital Red Queen
;strategy Clear with two fronts for a core of 80: both begin in the middle of the core, half a turn from
;strategy home, and walk apart. The enemy is between one of them and me.
;assert CORESIZE == 80

        ORG     hub

up      EQU     (hub+39)                ; cells of the empty core whose A fields lead the fronts
down    EQU     (hub+35)

hub     SPL.B   #0,     <hub+8          ; one more process in each turn
wipe    MOV.I   bomb,   }up             ; } adds 1 to the A field after it was used
        MOV.I   bomb,   {down           ; { takes 1 from it before
        JMP.B   wipe,   <wipe+8
bomb    DAT.F   #3,     #3
        END
