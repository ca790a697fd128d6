;redcode-94
;name Small Spinner
;author Digital Red Queen
;strategy Replicator for a core of 800 that stays at work: eight processes make two children, throw a row
;strategy of bombs, and begin again a step further on. Slower to spread than silk, harder to root out.
;assert CORESIZE == 800

        ORG     start

NEAR    EQU     257
FAR     EQU     137
HIT     EQU     187
HOP     EQU     200
SIDE    EQU     615

start   SPL.B   $1                      ; 2, 4, 8 processes for the eight cells below
        SPL.B   $1
        SPL.B   $1
one     SPL.B   @0,     >NEAR           ; they enter the child before it is written
        MOV.I   }one,   >one
        MOV.I   bomb,   >HIT            ; eight bombs in a row
        MOV.I   {one,   <two
two     SPL.B   @0,     >FAR            ; the second child is complete before it starts
        ADD.AB  #HOP,   one             ; the next children go elsewhere
        JMP.B   one,    {one
bomb    DAT.F   <SIDE,  <SIDE+1
        END
