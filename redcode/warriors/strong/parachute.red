;redcode-94
;name Parachute
;author Digital Red Queen
;strategy A bomber with an airbag: every turn it looks at a cell at its side. As long as that is empty all
;strategy is well. A carpet, a clear or a bomb nearby, or at last its own, says that home is lost: the
;strategy process jumps out and opens a replicator.
;assert CORESIZE == 8000

        ORG     fire

TIMES   EQU     784
STEP    EQU     (16*TIMES)
NEAR    EQU     3108
FAR     EQU     5373
HIT     EQU     7306
SIDE    EQU     5114

guard   DAT.F   $0,     $0              ; the cell that is watched: the last that my own bombs hit
        DAT.F   $0,     $0
fire    MOV.I   slow,   @aim            ; SPL bombs, 16 cells apart
        ADD.AB  #STEP,  aim
        JMZ.F   fire,   guard           ; still empty

        SPL.B   $1                      ; 2, 3, 6 processes
        MOV.I   $-1,    $0
        SPL.B   $1
one     SPL.B   @0,     >NEAR           ; first child: started first, written after
        MOV.I   }one,   >one
        MOV.I   bomb,   >HIT            ; six bombs in a row
        MOV.I   {one,   <two            ; second child: complete before it starts
two     JMP.B   @0,     >FAR            ; all six go there
bomb    DAT.F   <SIDE,  <SIDE+1
slow    SPL.B   #1,     #1
aim     DAT.F   #0,     #guard-aim+STEP
        END
