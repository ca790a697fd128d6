;redcode-94
;name Milking Stool
;author Digital Red Queen
;strategy Imp spiral of three legs for a core of 80, with two processes on each leg: three times 27 is one
;strategy turn and one cell. Each leg writes the cell where the next will stand, so that a single bomb
;strategy breaks one leg and not all.
;assert CORESIZE == 80

        ORG     start

start   SPL.B   $1,     >start-37       ; two of everything
        SPL.B   last,   #-9             ; a split runs the cell behind it before its target ...
        SPL.B   imp+27, <20
imp     MOV.I   #6,     $27             ; ... so the legs start in this order: imp, imp+27, imp+54
last    JMP.B   imp+54, {6
        END
