;redcode-94
;name Silkworm
;author Digital Red Queen
;strategy Replicator of the silk kind: the child is started before it is written, and the parent's
;strategy processes end by jumping into the second child. Nothing stays behind to be bombed.
;assert CORESIZE == 8000

        ORG     start

NEAR    EQU     2352                    ; where the first child goes, seen from one
FAR     EQU     6338                    ; where the second goes, seen from two
HIT     EQU     3817                    ; where bombs begin to fall
SIDE    EQU     300                     ; how far from a bomb the cell lies that it spoils

start   SPL.B   $1                      ; 2, then 3, then 6 processes for the six cells below
        MOV.I   $-1,    $0              ; (the first of two turns this cell into SPL 1 for the other)
        SPL.B   $1

one     SPL.B   @0,     >NEAR           ; the six enter the child, which is still empty ...
        MOV.I   }one,   >one            ; ... and is written just ahead of them, one cell each
        MOV.I   bomb,   >HIT            ; six bombs in a row
        MOV.I   {one,   <two            ; the second child, from its last cell to its first
two     JMP.B   @0,     >FAR            ; all six go there: no loop, no home
bomb    DAT.F   <SIDE,  <SIDE+1
        END
