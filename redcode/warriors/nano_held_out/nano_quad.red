;redcode-94
;name Four Hands
;author Digital Red Queen
;strategy Two SPL 1 make four processes and no more, so the two rows of copies keep their pace to the end.
;strategy One row carries empty cells downwards, the other a counter upwards: both kill, for an empty cell
;strategy is a DAT.
;assert CORESIZE == 80

        ORG     start

count   EQU     (start+6)               ; a cell of the empty core

start   SPL.B   $1,     <-7             ; 2, 4 processes; B leads the row that goes down
again   SPL.B   $1,     }count-again    ; B says where the counter is
down    MOV.I   }count, <start          ; what follows the counter, cell by cell
        MOV.I   @again, }count+2        ; the counter itself, through the next A field but one
        JMP.B   down,   >down-31
        END
