;redcode-94
;name Pulp and Gravel
;author Digital Red Queen
;strategy A replicator to survive and a stone to kill. The stone runs first; the paper spreads
;strategy from another process, and bombs on every fifth cell do not hit all its copies at once.
;assert CORESIZE == 8000

        ORG     start

STEP    EQU     (5*787)
NEAR    EQU     2873
FAR     EQU     5419

start   SPL.B   hub                     ; one process for the stone
        SPL.B   $1                      ; the other becomes six: 2, 3 ...
        MOV.I   $-1,    $0              ; (one of the two turns this cell into SPL 1 before the other comes)
        SPL.B   $1                      ; ... 6 processes for the six cells below

one     SPL.B   @0,     $NEAR           ; first child, written as it runs
        MOV.I   }one,   >one
        MOV.I   {one,   <two            ; second child, from the last cell to the first
two     SPL.B   @0,     $FAR
        ADD.AB  #61,    one
        JMP.B   one,    <one

; The stone: SPL #0 feeds the loop, and the bomb's B field is the pointer.
hub     SPL.B   #0,     #0
        MOV.I   bomb,   @bomb
        ADD.AB  #STEP,  bomb
        JMP.B   hub+1
bomb    DAT.F   #1,     #STEP
        END
