;redcode-94
;name Thread
;author Digital Red Queen
;strategy Replicator in five cells: two processes start a child and write it, two cells in each turn, just
;strategy ahead of the child's own two. The other MOV carries off whatever it finds, downwards from a
;strategy place of its own.
;assert CORESIZE == 80

        ORG     start

start   SPL.B   $1,     $24             ; two processes
one     SPL.B   @0,     >-22            ; both start at the child, 22 cells below
copy    MOV.I   }one,   >one            ; A field: from where. B field: to where
        MOV.I   <start-2, <last         ; the B field of last is a pointer for one more row
last    JMP.B   copy,   {-36
        END
