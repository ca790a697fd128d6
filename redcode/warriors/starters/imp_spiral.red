;redcode-94
;name Spiral Stair
;author Digital Red Queen
;strategy Imp spiral: eight imps, each of which copies itself a third of the core ahead.
;strategy One imp writes the cell on which the next will stand, so a single bomb only breaks
;strategy one thread. Hard to kill; it wins by walking over the enemy's code.
;assert (CORESIZE+1) % 3 == 0

        ORG     start

; Three of these steps make one turn of the core and one cell more. The imps at X, X+THIRD
; and X+2*THIRD thus prepare X+THIRD, X+2*THIRD and X+1, in this order.
THIRD   EQU     ((CORESIZE+1)/3)

; 2, 4, 8 processes side by side.
start   SPL.B   $1
        SPL.B   $1
        SPL.B   $1

; Each of the eight splits in two: one jumps to an imp, the other moves the jump's target a
; third of the core on, before the next one jumps. So they arrive in the order they must run.
        SPL.B   $2
jump    JMP.B   imp
        ADD.A   #THIRD, jump
        DAT.F   #0,     #0              ; the eight that did the adding end here

; With an immediate A operand the source is this cell, whatever number stands there.
imp     MOV.I   #1,     $THIRD
        END
