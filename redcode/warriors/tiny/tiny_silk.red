;redcode-94
;name Small Silkworm
;author Digital Red Queen
;strategy Silk for a core of 800: the child is started before it is written, the parents end by jumping
;strategy into the second child, and between the two they throw a row of bombs.
;assert CORESIZE == 800

        ORG     start

NEAR    EQU     154
FAR     EQU     273
HIT     EQU     327

SIDE    EQU     536

start   SPL.B   $1                      ; 2, then 3, then 6 processes for the six cells below
        MOV.I   $-1,    $0
        SPL.B   $1
one     SPL.B   @0,     >NEAR           ; they enter the child before it is written ...
        MOV.I   }one,   >one            ; ... and write it just ahead of themselves
        MOV.I   bomb,   >HIT            ; six bombs in a row
        MOV.I   {one,   <two            ; the second child, from its last cell to its first
two     JMP.B   @0,     >FAR            ; all go there: nothing stays behind
bomb    DAT.F   <SIDE,  <SIDE+1
        END
