;redcode-94
;name Grit
;author Digital Red Queen
;strategy Stone for a core of 80: SPL feeds the loop, a bomb falls every 29 cells, and DJN.F closes the
;strategy loop and takes 1 from one cell after another, far from where the bombs fall. It wins early or
;strategy never: the bombs come home at last.
;assert CORESIZE == 80

        ORG     hub

hub     SPL.B   #0,     <hub-33         ; one more process in each turn
throw   MOV.I   bomb,   @bomb           ; the bomb's B field says where
        ADD.AB  #29,    bomb            ; 29 and 80 have no common divisor: every cell will be hit
        DJN.F   throw,  {hub-22         ; jumps, and spoils a cell
bomb    DAT.F   #4,     #10
        END
