;redcode-94
;name Tiler
;author Digital Red Queen
;strategy Compare scanner with a fast carpet: where two cells differ, two tiles of SPL are laid every
;strategy three cycles, and the scan goes on. One pass of the core, then a two-stage clear with gates
;strategy kills what lies stunned under the tiles.
;assert CORESIZE == 8000

        ORG     look

GAP     EQU     12
TIMES   EQU     11
HOP     EQU     (2*TIMES)
CARPET  EQU     12
LOOKS   EQU     (7800/HOP)

pointer DAT.F   #split-pointer, #after-pointer
wall    DAT.F   $0,     $0              ; who walks up a carpet of SPL ends here, not in my program
brush   DAT.F   #0,     #0

scan    ADD.F   hop,    look            ; both eyes move on
look    SNE.I   $after+30, $after+30+GAP ; different: skip the count
count   DJN.B   scan,   #LOOKS
        JMZ.B   sweep,  count           ; all looks taken
        MOV.AB  look,   brush           ; begins two cells below the lower eye
tile    MOV.I   split,  >brush          ; the carpet, upwards
        MOV.I   split,  >brush
        DJN.B   tile,   #CARPET
        MOV.AB  #CARPET, tile+2         ; the counter for the next find
        JMP.B   count
sweep   SPL.B   #0,     <pointer-12     ; A of pointer says what to write, B where; SPL first, DAT ever after
        MOV.I   *pointer, >pointer
        JMP.B   sweep+1, >pointer-13    ; both free operands are gates against imps
hop     DAT.F   #HOP,   #HOP
split   SPL.B   #bomb-pointer, #after-pointer
bomb    DAT.F   <2667,  #after-pointer
after   EQU     (bomb+1)
        END
