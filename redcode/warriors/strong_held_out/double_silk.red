;redcode-94
;name Warp and Weft
;author Digital Red Queen
;strategy Two silks of different step from one cradle. Their rows of bombs fall at different places, and
;strategy what a scanner learns of one family says nothing of the other.
;assert CORESIZE == 8000

        ORG     start

NEAR    EQU     3207
FAR     EQU     7700
HIT     EQU     3877
SIDE    EQU     5961
EAST    EQU     3673
WEST    EQU     1227
STRIKE  EQU     5856

start   SPL.B   $1                      ; 16 processes: each second one goes to the other family
        SPL.B   $1
        SPL.B   $1
        SPL.B   weft

warp    SPL.B   @0,     >NEAR           ; eight processes for six cells and two empty ones
        MOV.I   }warp,  >warp           ; first child, written just ahead of its processes
        MOV.I   bomb,   >HIT
        MOV.I   {warp,  <warp2          ; second child, from its last cell to its first
warp2   JMP.B   @0,     >FAR            ; the first family leaves
bomb    DAT.F   <SIDE,  <SIDE+1
        DAT.F   $0,     $0
        DAT.F   $0,     $0

weft    SPL.B   @0,     >EAST           ; the second: the same in another order
        MOV.I   }weft,  >weft
        MOV.I   {weft,  <weft2
weft2   SPL.B   @0,     >WEST
        MOV.I   spoil,  >STRIKE
        MOV.I   spoil,  }STRIKE+1
        JMP.B   weft,   {weft           ; and its parents stay at work
spoil   DAT.F   <2667,  <1
        END
