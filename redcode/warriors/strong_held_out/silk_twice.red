;redcode-94
;name Two Cocoons
;author Digital Red Queen
;strategy Silk booted to two places: one process copies the six cells twice, and six processes split
;strategy between the copies. By the time the enemy comes there are two families far apart, and nothing at
;strategy home.
;assert CORESIZE == 8000

        ORG     start

EAST    EQU     6444                    ; where the copies end, seen from east and from west
WEST    EQU     5587
NEAR    EQU     3379
FAR     EQU     2878
HIT     EQU     1301
SIDE    EQU     3746

start   MOV.I   {east,  <east           ; six cells, from the last to the first
        MOV.I   {west,  <west
        MOV.I   {east,  <east
        MOV.I   {west,  <west
        MOV.I   {east,  <east
        MOV.I   {west,  <west
        MOV.I   {east,  <east
        MOV.I   {west,  <west
        MOV.I   {east,  <east
        MOV.I   {west,  <west
        MOV.I   {east,  <east
        MOV.I   {west,  <west
        SPL.B   $1                      ; 2, 3, 6 processes
        MOV.I   $-1,    $0
        SPL.B   $1
        SPL.B   @east                   ; each splits: one for each copy
        JMP.B   @west
east    DAT.F   #last-east, #EAST
west    DAT.F   #last-west, #WEST

one     SPL.B   @0,     >NEAR           ; first child: started first, written just ahead of its processes
        MOV.I   }one,   >one
        MOV.I   bomb,   >HIT            ; six bombs in a row
        MOV.I   {one,   <two            ; second child, from its last cell to its first
two     JMP.B   @0,     >FAR            ; all six go there
bomb    DAT.F   <SIDE,  <SIDE+1
last    EQU     (bomb+1)
        END
