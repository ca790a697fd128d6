;redcode-94
;name Stone and Stair
;author Digital Red Queen
;strategy Two warriors in one: a splitting bomber that attacks and an imp spiral that is hard
;strategy to kill. If the bomber is lost the imps usually hold a tie.
;assert CORESIZE == 8000

        ORG     start

STEP    EQU     (5*617)
THIRD   EQU     ((CORESIZE+1)/3)

; One process goes to the bomber, one stays and makes the imps. From here on every turn of
; the queue is shared: that is the price of doing two things.
start   SPL.B   hub

        SPL.B   $1                      ; 2, 4, 8 processes side by side
        SPL.B   $1
        SPL.B   $1
        SPL.B   $2                      ; of each two, one jumps and one moves the jump on
jump    JMP.B   imp
        ADD.A   #THIRD, jump
        DAT.F   #0,     #0

hub     SPL.B   #0,     #0
        MOV.I   bomb,   @bomb
        ADD.AB  #STEP,  bomb
        JMP.B   hub+1
bomb    DAT.F   #1,     #STEP

; Imps overwrite what lies above them, so the first one stands at the end of the program.
imp     MOV.I   #3,     $THIRD
        END
