;redcode-94
;name Whisk
;author Digital Red Queen
;strategy Clear for a core of 80, after SPL two cells of code: MOV bombs a cell, DJN.F takes 1 from the
;strategy next, and both move the same pointer. When it has come round, the bomb that falls on the pointer
;strategy sends it past this program again.
;assert CORESIZE == 80

        ORG     hub

pointer EQU     (hub-2)                 ; a cell of the empty core: its B field leads, and begins at 0

hub     SPL.B   #0,     }hub-22         ; one more process in each turn
wipe    MOV.I   bomb,   >pointer        ; > moves the pointer on after it was used
        DJN.F   wipe,   >pointer        ; numbers that change break programs too
        DAT.F   $0,     $0
bomb    DAT.F   #24,    #15             ; its B field is where the next turn begins
        END
