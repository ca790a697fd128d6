;redcode-94
;name Quarry and Stairs
;author Digital Red Queen
;strategy Stone with imps. The stone is booted: copied far off before it starts, so that who finds this
;strategy text finds an empty house. The imps hold the tie, the stone looks for the win.
;assert CORESIZE == 8000

        ORG     start

AWAY    EQU     4078                    ; where the stone goes, seen from load
TIMES     EQU     499
STEP    EQU     (5*TIMES)               ; a multiple of the stone's length: it never hits itself
GATE    EQU     59
THIRD   EQU     ((CORESIZE+1)/3)

start   MOV.I   {load,  <load           ; five cells, from the last to the first
        MOV.I   {load,  <load
        MOV.I   {load,  <load
        MOV.I   {load,  <load
        MOV.I   {load,  <load
        SPL.B   @load                   ; the B field points at the stone's first cell now: start it
        SPL.B   $1                      ; 2, 4, 8 processes side by side
        SPL.B   $1
        SPL.B   $1
        SPL.B   $2                      ; of each two, one jumps and one moves the jump on
jump    JMP.B   imp
        ADD.A   #THIRD, jump
load    DAT.F   #last-load, #AWAY       ; those that did the adding last here

hub     SPL.B   #0,     <0-GATE         ; the B operand is free: it keeps a gate against imps below
        MOV.I   bomb,   @bomb
        ADD.AB  #STEP,  bomb
        JMP.B   hub+1
bomb    DAT.F   #1,     #STEP
last     EQU     (bomb+1)

imp     MOV.I   #3,     $THIRD
        END
