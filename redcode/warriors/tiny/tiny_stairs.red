;redcode-94
;name Pebble and Stairs
;author Digital Red Queen
;strategy Stone with an imp spiral, for a core of 800: the stone bombs every fifth cell, the eight imps
;strategy hold the tie if it is lost. Each imp writes the cell on which the next one will stand.
;assert CORESIZE == 800

        ORG     start

TIMES   EQU     67
STEP    EQU     (5*TIMES)
GATE    EQU     9
LIFT    EQU     10
THIRD   EQU     ((CORESIZE+1)/3)

start   SPL.B   hub
        SPL.B   $1                      ; 2, 4, 8 processes side by side
        SPL.B   $1
        SPL.B   $1
        SPL.B   $2                      ; of each two, one jumps and one moves the jump on
jump    JMP.B   imp
        ADD.A   #THIRD, jump            ; the next imp stands a third of the core on
        DAT.F   $0,     $0
hub     SPL.B   #0,     <0-GATE         ; the stone; its free operand is a gate
        MOV.I   bomb,   @bomb
        ADD.AB  #STEP,  bomb
        JMP.B   hub+1
bomb    DAT.F   #1,     #STEP
        DAT.F   $0,     $0
        DAT.F   $0,     $0
        DAT.F   $0,     $0
        DAT.F   $0,     $0
imp     MOV.I   #LIFT,  $THIRD
        END
