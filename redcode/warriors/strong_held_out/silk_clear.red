;redcode-94
;name Loom and Broom
;author Digital Red Queen
;strategy Silk and a two-stage clear that share the cycles. The clear lays SPL over the core and stuns
;strategy what the silk only annoys; the silk outlives the clear's own carpet by numbers.
;assert CORESIZE == 8000

        ORG     start

NEAR    EQU     3623
FAR     EQU     6247
HIT     EQU     5314
SIDE    EQU     1773

pointer DAT.F   #split-pointer, #after-pointer
wall    DAT.F   $0,     $0              ; who walks up a carpet of SPL ends here, not in my program

start   SPL.B   sweep                   ; one process clears, the other becomes six
        SPL.B   $1
        MOV.I   $-1,    $0
        SPL.B   $1
one     SPL.B   @0,     >NEAR           ; first child: started first, written after
        MOV.I   }one,   >one
        MOV.I   spoil,  >HIT
        MOV.I   {one,   <two            ; second child, from the last cell to the first
two     JMP.B   @0,     >FAR
spoil   DAT.F   <SIDE,  <SIDE+1

sweep   SPL.B   #0,     <pointer-12     ; A of pointer says what to write, B where; SPL first, DAT ever after
        MOV.I   *pointer, >pointer
        JMP.B   sweep+1, >pointer-13    ; both free operands are gates against imps
split   SPL.B   #bomb-pointer, #after-pointer
bomb    DAT.F   <2667,  #after-pointer
after   EQU     (bomb+1)
        END
