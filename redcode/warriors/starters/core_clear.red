;redcode-94
;name Spring Clean
;author Digital Red Queen
;strategy Core clear: walks up the core and writes a DAT into every cell.
;strategy The pointer cell is also an imp gate, and the last bomb of a turn resets it.
;assert 1

        ORG     hub

; The clear writes to pointer + B and adds 1 to B each time. After almost a whole turn B is
; 0 and the bomb lands on the pointer itself. The bomb's own B field is the length of this
; program: it becomes the new pointer, and the next bomb falls just behind the program.
pointer DAT.F   #0,     #bomb+1-pointer
hub     SPL.B   #0,     #0              ; keep adding processes to the loop
wipe    MOV.I   bomb,   >pointer        ; > uses the pointer, then adds 1 to it
        JMP.B   wipe
bomb    DAT.F   #0,     #bomb+1-pointer

; While the loop runs, the pointer cell changes every other cycle. An imp that steps
; onto it is changed too, and stops: a gate.
        END
