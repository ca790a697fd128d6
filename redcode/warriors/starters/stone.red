;redcode-94
;name Stone
;author Digital Red Queen
;strategy A bomber that splits: SPL #0 adds a process to the loop on every turn, so a
;strategy single stray bomb in the stream of its own processes cannot end it.
;strategy Five cells long, bombs on every fifth cell: it never hits itself.
;assert CORESIZE % 5 == 0

        ORG     hub

STEP    EQU     (5*473)                 ; 5 times a number prime to the core size

; SPL adds a process at its A operand; with # that is its own cell. So one process stays
; here for ever, and gives birth to one more for the loop below each time it runs.
hub     SPL.B   #0,     #0
throw   MOV.I   bomb,   @bomb           ; drop a bomb where the pointer says
        ADD.AB  #STEP,  bomb            ; the pointer is the bomb's own B field
        JMP.B   throw

; The loop takes 3 steps and a process enters on every turn: neighbours in the queue are one
; step apart, and so MOV, ADD and JMP keep taking turns however many processes there are.
bomb    DAT.F   #1,     #STEP
        END
