;redcode-94
;name Spinner
;author Digital Red Queen
;strategy Silk whose parents stay at work: after the second child the eight go back, the first child moves
;strategy on, and a new row of bombs falls. It spreads more slowly than silk that leaves home and is
;strategy harder to root out.
;assert CORESIZE == 8000

        ORG     start

NEAR    EQU     5030
FAR     EQU     2226
HIT     EQU     6600
HOP     EQU     4343
SIDE    EQU     3735

start   SPL.B   $1                      ; 2, 4, 8 processes for the eight cells below
        SPL.B   $1
        SPL.B   $1

one     SPL.B   @0,     >NEAR           ; first child: started first, written just ahead of its processes
        MOV.I   }one,   >one
        MOV.I   bomb,   >HIT            ; eight bombs in a row
        MOV.I   {one,   <two            ; second child, from its last cell to its first
two     SPL.B   @0,     >FAR            ; the second child is complete before it starts
        ADD.AB  #HOP,   one             ; the next first child goes elsewhere
        JMP.B   one,    {one            ; back to work
bomb    DAT.F   <SIDE,  <SIDE+1
        END
