;redcode-94
;name Cutter
;author Digital Red Queen
;strategy Silk against silk: between its two children it throws three rows of bombs, upwards, downwards,
;strategy and through an A field. Where papers are dense, most rows hit some, and the bombs' operands
;strategy spoil two cells more.
;assert CORESIZE == 8000

        ORG     start

NEAR    EQU     4307
FAR     EQU     733
HIT     EQU     2518
BACK    EQU     4519
SIDE    EQU     3294

start   SPL.B   $1                      ; 2, 4, 8 processes for the eight cells below
        SPL.B   $1
        SPL.B   $1

one     SPL.B   @0,     >NEAR           ; first child: started first, written just ahead of its processes
        MOV.I   }one,   >one
        MOV.I   bomb,   >HIT            ; a row upwards
        MOV.I   bomb,   <BACK           ; a row downwards
        MOV.I   bomb,   }SIDE           ; a row through the A field of the cell there
        MOV.I   {one,   <two            ; second child, from its last cell to its first
two     JMP.B   @0,     >FAR            ; all go there: nothing stays behind
bomb    DAT.F   <2667,  <1
        END
