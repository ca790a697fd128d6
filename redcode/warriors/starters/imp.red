;redcode-94
;name Imp
;author Digital Red Queen
;strategy The smallest warrior: one instruction that copies itself to the next cell.
;strategy It overwrites what it walks through, so it seldom loses and seldom wins.
;assert 1

; Between two direct operands MOV copies a whole instruction, as MOV.I. The A operand 0 is the
; imp's own cell and the B operand 1 is the next cell. After the copy the process moves on by
; one and finds the copy there, and so on around the core.

imp     MOV     $0,     $1
        END     imp
