;redcode-94
;name Loom and Hammer
;author Digital Red Queen
;strategy Silk to stay alive, a splitting bomber to kill: the first process runs the bomber, the other
;strategy becomes six and spreads. The bombs are spaced so that most copies of the silk lie between them.
;assert CORESIZE == 8000

        ORG     start

TIMES   EQU     612
STEP    EQU     (5*TIMES)
NEAR    EQU     3139
FAR     EQU     3711
HIT     EQU     7680
SIDE    EQU     6257

start   SPL.B   hub                     ; one process for the bomber
        SPL.B   $1                      ; the other becomes six
        MOV.I   $-1,    $0
        SPL.B   $1

one     SPL.B   @0,     >NEAR           ; first child: started first, written after
        MOV.I   }one,   >one
        MOV.I   spoil,  >HIT            ; six bombs in a row
        MOV.I   {one,   <two            ; second child, from the last cell to the first
two     JMP.B   @0,     >FAR            ; all six go there
spoil   DAT.F   <SIDE,  <SIDE+1

hub     SPL.B   #0,     <hub-20         ; the bomber: SPL feeds the loop; its free operand is a gate
        MOV.I   bomb,   @bomb
        ADD.AB  #STEP,  bomb            ; the bomb's B field is the pointer
        JMP.B   hub+1
bomb    DAT.F   #1,     #STEP
        END
