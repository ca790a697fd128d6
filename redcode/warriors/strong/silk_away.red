;redcode-94
;name Cocoon
;author Digital Red Queen
;strategy Booted silk: one process copies the six cells far off before the others are born, and all six
;strategy jump there. Who finds and attacks this text attacks an empty cocoon.
;assert CORESIZE == 8000

        ORG     start

AWAY    EQU     5954                    ; where the copy ends, seen from load
NEAR    EQU     3139
FAR     EQU     3711
HIT     EQU     7680
SIDE    EQU     6257

start   MOV.I   {load,  <load           ; six cells, from the last to the first
        MOV.I   {load,  <load
        MOV.I   {load,  <load
        MOV.I   {load,  <load
        MOV.I   {load,  <load
        MOV.I   {load,  <load
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
        END
