;redcode-94
;name Broom Cupboard
;author Digital Red Queen
;strategy Imps for endurance, a two-stage clear for the kill: three processes start a spiral from a tree
;strategy of splits, the rest wipe the core with SPL and then with DAT. Of two spirals the gates leave
;strategy only mine.
;assert CORESIZE == 800

        ORG     start

GATE    EQU     43
LEAP    EQU     12
SIDE    EQU     310
THIRD   EQU     ((CORESIZE+1)/3)

pointer DAT.F   #split-pointer, #after+LEAP-pointer
wall    DAT.F   $0,     $0              ; who walks up a carpet of SPL ends here
start   SPL.B   sweep                   ; the clear runs beside the imps
        SPL.B   last                    ; a split runs the cell behind it before its target
        SPL.B   imp+THIRD
        JMP.B   imp
last    JMP.B   imp+2*THIRD
sweep   SPL.B   #0,     <pointer-GATE   ; each bomb brings the next turn's numbers to pointer
        MOV.I   *pointer, >pointer
        JMP.B   sweep+1, >pointer-GATE-1
split   SPL.B   #bomb-pointer, #after-pointer
bomb    DAT.F   <SIDE,  #after-pointer
imp     MOV.I   #0,     $THIRD
after   EQU     (imp+1)
        END
