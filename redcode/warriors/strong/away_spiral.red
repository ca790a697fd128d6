;redcode-94
;name Cocoon and Stairs
;author Digital Red Queen
;strategy Booted silk with an imp spiral: the silk starts far off, the imps are launched from home by a
;strategy tree of splits. Of the three things to find here, one is empty, one moves and one is everywhere.
;assert CORESIZE == 8000

        ORG     start

AWAY    EQU     6265                    ; where the copy ends, seen from load
NEAR    EQU     2939
FAR     EQU     4884
HIT     EQU     3930
SIDE    EQU     6505
THIRD   EQU     ((CORESIZE+1)/3)

start   MOV.I   {load,  <load           ; six cells, from the last to the first
        MOV.I   {load,  <load
        MOV.I   {load,  <load
        MOV.I   {load,  <load
        MOV.I   {load,  <load
        MOV.I   {load,  <load
        SPL.B   tree
        SPL.B   $1                      ; 2, 3, 6 processes
        MOV.I   $-1,    $0
        SPL.B   $1
        JMP.B   @load                   ; its B field points at the first cell of the copy now
load    DAT.F   #last-load, #AWAY

one     SPL.B   @0,     >NEAR           ; first child: started first, written after
        MOV.I   }one,   >one
        MOV.I   bomb,   >HIT
        MOV.I   {one,   <two            ; second child, from the last cell to the first
two     JMP.B   @0,     >FAR
bomb    DAT.F   <SIDE,  <SIDE+1
last    EQU     (bomb+1)

; A split runs the cell behind it before its target: eight leaves in the order that a spiral needs.
tree    SPL.B   high
        SPL.B   low2
        SPL.B   leaf1
        JMP.B   imp
leaf1   JMP.B   imp+THIRD
low2    SPL.B   leaf3
        JMP.B   imp+2*THIRD
leaf3   JMP.B   imp+1
high    SPL.B   high2
        SPL.B   leaf5
        JMP.B   imp+THIRD+1
leaf5   JMP.B   imp+2*THIRD+1
high2   SPL.B   leaf7
        JMP.B   imp+2
leaf7   JMP.B   imp+THIRD+2
imp     MOV.I   #5,     $THIRD
        END
