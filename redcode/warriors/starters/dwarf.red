;redcode-94
;name Dwarf
;author Digital Red Queen
;strategy Bomber: throws a DAT every third cycle, STEP cells apart.
;strategy STEP is a multiple of 4 and the program is 4 cells long, so that the bombs
;strategy fall on every fourth cell of the core and never on a cell that matters here.
;assert CORESIZE % 4 == 0

; Any multiple of 4 that shares no other factor with the core size visits every fourth
; cell before it repeats. A large one jumps about, so that a long enemy is hit early.
STEP    EQU     (4*67)

; A process that executes DAT dies. The B field of the bomb doubles as the pointer.
bomb    DAT     #0,     #STEP
aim     ADD     #STEP,  bomb            ; move the pointer on
throw   MOV     bomb,   @bomb           ; copy the bomb to the cell its B field points at
        JMP     aim                     ; and again, for ever

; After a whole turn the pointer is 0 and the bomb is copied onto itself: no harm done.
        END     throw
