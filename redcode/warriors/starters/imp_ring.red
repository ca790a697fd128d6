;redcode-94
;name Seven Dials
;author Digital Red Queen
;strategy Imp ring of seven points, started by a tree of splits: eight leaves, each a jump.
;strategy The processes of a tree run in the order of its leaves, which is the order imps need.
;assert CORESIZE == 8000

        ORG     root

SEVENTH EQU     ((CORESIZE+1)/7)        ; seven steps make one turn and one cell

; A split runs the cell behind it first and its target after that. Three layers of
; splits give eight processes that reach the leaves in one turn of the queue.
root    SPL.B   high
        SPL.B   low2
        SPL.B   leaf1
        JMP.B   imp+0*SEVENTH
leaf1   JMP.B   imp+1*SEVENTH
low2    SPL.B   leaf3
        JMP.B   imp+2*SEVENTH
leaf3   JMP.B   imp+3*SEVENTH
high    SPL.B   high2
        SPL.B   leaf5
        JMP.B   imp+4*SEVENTH
leaf5   JMP.B   imp+5*SEVENTH
high2   SPL.B   leaf7
        JMP.B   imp+6*SEVENTH
leaf7   JMP.B   imp+7*SEVENTH           ; one cell above the first: the ring is closed

imp     MOV.I   #7,     $SEVENTH
        END
