;redcode-94
;name Field Mouse
;author Digital Red Queen
;strategy The oldest replicator: one process copies the program cell by cell with a
;strategy counting loop, splits to the child, and picks another place for the next.
;assert CORESIZE == 8000

LENGTH  EQU     (last+1-start)
AWAY    EQU     7820
HOP     EQU     6993

; The counter is also the source pointer: it counts LENGTH ... 1 and is at the same time the
; distance from this cell to the one to copy. It is not copied itself: a child finds
; whatever lies one cell below it, and sets its B field first.
counter DAT     #0,     #0
start   MOV     #LENGTH, counter
copy    MOV     @counter, <target       ; from the last cell down to the first
        DJN     copy,   counter
        SPL     @target, $0             ; the target pointer has come to the child's first cell
        ADD     #HOP,   target          ; another place for the next child
        JMZ     start,  counter         ; not 0? then someone bombed the counter: give up here
last    EQU     target
target  DAT     #0,     #AWAY
        END     start
