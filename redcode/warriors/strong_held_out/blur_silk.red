;redcode-94
;name Paint, then Paper
;author Digital Red Queen
;strategy Blur scanner that ends as silk: while the enemy stands still the brush finds him, and when the
;strategy eyes have been round, replicators take over the core instead of a clear.
;assert CORESIZE == 8000

        ORG     look

GAP     EQU     34
TIMES   EQU     270
HOP     EQU     (2*TIMES)
LOOKS   EQU     431
NEAR    EQU     3241
FAR     EQU     3747
HIT     EQU     4402
SIDE    EQU     480

brush   DAT.F   #0,     #300

move    ADD.F   hop,    look
        MOV.I   split,  >brush          ; paint a cell, seen something or not
look    SEQ.I   $after+30, $after+30+GAP
        MOV.AB  look,   brush           ; seen: the brush goes to just below the lower eye
        DJN.B   move,   #LOOKS

        SPL.B   $1                      ; 2, 3, 6 processes
        MOV.I   $-1,    $0
        SPL.B   $1
one     SPL.B   @0,     >NEAR           ; first child: started first, written after
        MOV.I   }one,   >one
        MOV.I   bomb,   >HIT
        MOV.I   {one,   <two            ; second child: complete before it starts
two     JMP.B   @0,     >FAR
bomb    DAT.F   <SIDE,  <SIDE+1
hop     DAT.F   #HOP,   #HOP
split   SPL.B   #0,     #0
after   EQU     (split+1)
        END
