;redcode-94
;name Truffle Hunt
;author Digital Red Queen
;strategy Scanner with one fast eye: SUB and JMZ.F look at a cell every two cycles, from the top of the
;strategy core down. A find gets a short carpet of SPL downwards, so that the eye goes on where the carpet
;strategy ends. Home again, it clears the core with SPL, then with DAT.
;assert CORESIZE == 8000

        ORG     sniff

STEP    EQU     15
CARPET  EQU     27
HOME    EQU     (after+2*CARPET-eye)    ; an eye less far above may look at this program

pointer DAT.F   #split-pointer, #after-pointer
wall    DAT.F   $0,     $0              ; who walks up a carpet of SPL ends here, not in my program
eye     DAT.F   #0,     #-12

sniff   SUB.AB  #STEP,  eye
        JMZ.F   sniff,  @eye            ; both fields 0: go on
        SLT.AB  #HOME,  eye             ; come home? then clear
        JMP.B   sweep
        ADD.AB  #STEP,  eye             ; the find may reach up to here
tile    MOV.I   split,  <eye
        MOV.I   split,  <eye
        MOV.I   split,  <eye
        DJN.B   tile,   #CARPET
        MOV.AB  #CARPET, tile+3         ; the counter for the next find
        JMP.B   sniff

sweep   SPL.B   #0,     <pointer-12     ; A of pointer says what to write, B where; SPL first, DAT ever after
        MOV.I   *pointer, >pointer
        JMP.B   sweep+1, >pointer-13    ; both free operands are gates against imps
split   SPL.B   #bomb-pointer, #after-pointer
bomb    DAT.F   <2667,  #after-pointer
after   EQU     (bomb+1)
        END
