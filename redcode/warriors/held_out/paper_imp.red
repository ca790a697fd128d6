;redcode-94
;name Paper Boats
;author Digital Red Queen
;strategy Replicator whose copies push off imps. Who erases the copies must stop the imps too,
;strategy and an imp that walks into a program takes its processes along.
;assert CORESIZE == 8000

        ORG     start

NEAR    EQU     1871
FAR     EQU     4703

start   SPL.B   $1                      ; 2, 4, 8 processes side by side
        SPL.B   $1
        SPL.B   $1

one     SPL.B   @0,     $NEAR           ; first child, written as it runs
        MOV.I   }one,   >one
        MOV.I   {one,   <two            ; second child, from the last cell to the first
two     SPL.B   @0,     $FAR
        SPL.B   boat                    ; of each two processes one sails ...
        ADD.AB  #53,    one
        JMP.B   one,    <one            ; ... and the other goes on copying
boat    MOV.I   $0,     $1              ; the processes stand on the same imp and walk in step
        END
