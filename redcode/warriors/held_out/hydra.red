;redcode-94
;name Many Heads
;author Digital Red Queen
;strategy Launches two imp spirals, of three and of seven points, with many processes each. A gate
;strategy or bomb that stops the one rarely stops the other.
;assert CORESIZE == 8000

        ORG     start

THIRD   EQU     ((CORESIZE+1)/3)
SEVENTH EQU     ((CORESIZE+1)/7)

start   SPL.B   $1                      ; 2, 4, 8, 16 processes side by side
        SPL.B   $1
        SPL.B   $1
        SPL.B   $1

; Each splits in three: a head for each spiral and one that moves both jumps on.
        SPL.B   heads7
        SPL.B   $2
jump3   JMP.B   imp3
        ADD.A   #THIRD, jump3           ; the next imp stands a third of the core on
        DAT.F   #0,     #0
heads7  SPL.B   $2
jump7   JMP.B   imp7
        ADD.A   #SEVENTH, jump7
        DAT.F   #0,     #0              ; the sixteen that did the adding end here

; Imps overwrite what lies above them. This gap gives the seven-point spiral time to leave before
; the three-point one, which walks through here, comes by.
imp3    MOV.I   #3,     $THIRD
        DAT.F   #0,     #0
        DAT.F   #0,     #0
        DAT.F   #0,     #0
        DAT.F   #0,     #0
        DAT.F   #0,     #0
        DAT.F   #0,     #0
        DAT.F   #0,     #0
        DAT.F   #0,     #0
imp7    MOV.I   #7,     $SEVENTH
        END
