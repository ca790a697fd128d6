;redcode-94
;name Sandpaper
;author Digital Red Queen
;strategy Replicator against imps: every copy throws bombs whose fields decrement cells a third
;strategy of the core away, where the next imp of a spiral would stand.
;assert CORESIZE == 8000

        ORG     start

NEAR    EQU     4321
FAR     EQU     1117
HIT     EQU     2671
THIRD   EQU     ((CORESIZE+1)/3)

start   SPL.B   $1                      ; 2, 4, 8 processes side by side
        SPL.B   $1
        SPL.B   $1

one     SPL.B   @0,     $NEAR           ; first child, written as it runs
        MOV.I   }one,   >one
        MOV.I   {one,   <two            ; second child, from the last cell to the first
two     SPL.B   @0,     $FAR
        MOV.I   grit,   >two            ; one bomb each upon the child just born, which had its start
        MOV.I   grit,   }HIT            ; and one through a pointer far away
        JMP.B   one,    <one
grit    DAT.F   <THIRD, <2*THIRD
        END
