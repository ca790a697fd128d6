;redcode-94
;name Small Loom and Broom
;author Digital Red Queen
;strategy Silk and a two-stage clear that share the cycles, for a core of 800. The clear stuns with SPL
;strategy what the silk only annoys; the silk outlives the clear by numbers.
;assert CORESIZE == 800

        ORG     start

NEAR    EQU     154
FAR     EQU     273
GATE    EQU     23
SIDE    EQU     536

pointer DAT.F   #split-pointer, #after-pointer
wall    DAT.F   $0,     $0              ; who walks up a carpet of SPL ends here
start   SPL.B   sweep                   ; one process clears, the other becomes four
        SPL.B   $1
        SPL.B   $1
one     SPL.B   @0,     >NEAR           ; they enter the child before it is written
        MOV.I   }one,   >one
        MOV.I   {one,   <two
two     JMP.B   @0,     >FAR            ; all go to the second child
sweep   SPL.B   #0,     <pointer-GATE   ; each bomb brings the next turn's numbers to pointer
        MOV.I   *pointer, >pointer
        JMP.B   sweep+1, >pointer-GATE-1
split   SPL.B   #bomb-pointer, #after-pointer
bomb    DAT.F   <SIDE,  #after-pointer
after   EQU     (bomb+1)
        END
