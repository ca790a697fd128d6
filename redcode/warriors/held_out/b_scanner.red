;redcode-94
;name Keen Nose
;author Digital Red Queen
;strategy Scanner with a loop of two: JMZ.F goes on while the cell ahead is all zero, so it
;strategy looks at a cell every two cycles. What it finds it covers with SPL, and when it comes
;strategy home it ends with a two-stage clear.
;assert CORESIZE == 8000

        ORG     sniff

STEP    EQU     9                       ; no longer than this program: it cannot step over itself
CARPET  EQU     28                      ; cells to cover at each find
HOME    EQU     (after+CARPET-eye)      ; an eye less far away than this may look at me

pointer DAT.F   #split-pointer, #after-pointer
wall    DAT.F   $0,     $0              ; who walks up a carpet of SPL ends here, not in my program
eye     DAT.F   #0,     #-10

sniff   SUB.AB  #STEP,  eye             ; down the core
        JMZ.F   sniff,  @eye            ; both fields 0: go on

; From -10, which is CORESIZE-10, the eye's B field falls until it meets the end of this program.
        SLT.AB  #HOME,  eye
        JMP.B   sweep
        ADD.AB  #STEP,  eye             ; the find may reach up to here
stamp   MOV.I   split,  <eye            ; carpet downwards; the scan goes on where it ends
        DJN.B   stamp,  #CARPET
        MOV.AB  #CARPET, stamp+1
        JMP.B   sniff

; Two-stage clear: the A field of pointer says what to write, its B field where.
sweep   SPL.B   #0,     #0
        MOV.I   *pointer, >pointer
        JMP.B   sweep+1

split   SPL.B   #bomb-pointer, #after-pointer
bomb    DAT.F   #bomb-pointer, #after-pointer
after   EQU     (bomb+1)
        END
