;redcode-94
;name Field Mouse
;author Digital Red Queen
;strategy The oldest replicator: one process copies the program cell by cell with a
;strategy counting loop, splits to the child, and picks another place for the next.
;assert CORESIZE == 8000

        ORG     start

LENGTH  EQU     (last+1-start)
AWAY    EQU     7820
HOP     EQU     6993

; The counter is also the source pointer: it counts LENGTH ... 1 and is at the same time the
; distance from this cell to the one to copy. It is not copied itself: a child finds
; whatever lies one cell below it, and sets its B field first.
counter DAT.F   #0,     #0
start   MOV.AB  #LENGTH, counter
copy    MOV.I   @counter, <target       ; from the last cell down to the first
        DJN.B   copy,   counter
        SPL.B   @target, $0             ; the target pointer has come to the child's first cell
        ADD.AB  #HOP,   target          ; another place for the next child
        JMZ.B   start,  counter         ; not 0? then someone bombed the counter: give up here
last    EQU     target
target  DAT.F   #0,     #AWAY
        END
