;redcode-94
;name Tripod
;author Digital Red Queen
;strategy The shortest way to an imp spiral of three processes: four cells, for any core whose size
;strategy and one more is a multiple of three, from 80 cells to 8000.
;assert (CORESIZE+1) % 3 == 0

        ORG     tree

THIRD   EQU     ((CORESIZE+1)/3)

; A split runs the cell behind it before its target. After two turns of the queue the three
; processes stand, in this order, on imp, imp+THIRD and imp+2*THIRD. Only the first of these
; is an imp: but each writes the next one just in time.
tree    SPL.B   last
        SPL.B   imp+THIRD
imp     MOV.I   #0,     $THIRD
last    JMP.B   imp+2*THIRD             ; has been used when the spiral writes over it
        END
