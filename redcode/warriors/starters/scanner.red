;redcode-94
;name Scissors
;author Digital Red Queen
;strategy Scanner: compares pairs of cells all around the core. Where two differ, something
;strategy lives: it lays a carpet of SPL there, which drowns the enemy in useless processes,
;strategy and when the scan is over a core clear with DATs finishes the helpless.
;assert CORESIZE == 8000

        ORG     scan

GAP     EQU     12                      ; distance between the two eyes
HOP     EQU     (2*GAP)                 ; the pair moves on so that an eye falls on every 12th cell
CARPET  EQU     28                      ; how many cells to cover
LOOKS   EQU     320                     ; almost a turn: stop before seeing myself

pointer DAT.F   #split-pointer, #after-pointer
wall    DAT.F   $0,     $0              ; who walks up a carpet of SPL ends here, not in my program

scan    ADD.F   hop,    look            ; move both eyes
look    SEQ.I   $after+20, $after+20+GAP    ; equal: skip the next instruction
        JMP.B   attack
next    DJN.B   scan,   #LOOKS
        JMP.B   clear

; The lower eye is the write pointer: } moves it on by one with every cell.
attack  MOV.I   split,  }look
        DJN.B   attack, #CARPET
        SUB.A   #CARPET, look           ; put the eye back where it was
        MOV.AB  #CARPET, attack+1       ; and the counter
        JMP.B   next

; Clear: the A field of pointer says what to write, its B field where. Every turn around the
; core ends with the bomb falling on the pointer itself, and as each bomb holds the two numbers
; for what comes after it, the first turn lays SPL and all later ones DAT.
clear   SPL.B   #0,     #0
        MOV.I   *pointer, >pointer
        JMP.B   clear+1

hop     DAT.F   #HOP,   #HOP
split   SPL.B   #bomb-pointer, #after-pointer
bomb    DAT.F   #bomb-pointer, #after-pointer
after   EQU     (bomb+1)
        END
