;redcode-94
;name Silk and Stairs
;author Digital Red Queen
;strategy Silk, and an imp spiral of three points from a tree of splits. What kills paper is seldom what
;strategy kills imps, so together they are rarely beaten; the silk's bombs do the winning.
;assert CORESIZE == 8000

        ORG     start

NEAR    EQU     2578
FAR     EQU     699
HIT     EQU     856
SIDE    EQU     469
THIRD   EQU     ((CORESIZE+1)/3)

start   SPL.B   tree
        SPL.B   $1                      ; 2, 3, 6 processes
        MOV.I   $-1,    $0
        SPL.B   $1
one     SPL.B   @0,     >NEAR           ; first child: started first, written after
        MOV.I   }one,   >one
        MOV.I   bomb,   >HIT            ; six bombs in a row
        MOV.I   {one,   <two            ; second child: complete before it starts
two     JMP.B   @0,     >FAR
bomb    DAT.F   <SIDE,  <SIDE+1

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
