;redcode-94
;name Burning Net
;author Digital Red Queen
;strategy Incendiary bomber: each throw is a pair, SPL 0 and two cells below it MOV -2, <-2. A process
;strategy that falls on the pair lays SPL downwards through its own program, with its own cycles. When all
;strategy places have had their pair, a two-stage clear with three gates takes the ashes.
;assert CORESIZE == 8000

        ORG     fire

TIMES   EQU     306
STEP    EQU     (20*TIMES)              ; every 20th cell, all outside this program
COUNT   EQU     152
GATE    EQU     12

pointer DAT.F   #spark-pointer, #after-pointer
wall    DAT.F   $0,     $0              ; who walks up a carpet of SPL ends here, not in my program

fire    MOV.I   spark,  @aim            ; the B field of aim leads the sparks ...
        MOV.I   spread, *aim            ; ... the A field what makes them spread
        ADD.F   stride, aim
        DJN.B   fire,   #COUNT
sweep   SPL.B   #0,     <pointer-GATE   ; A of pointer says what to write, B where; SPL first, DAT ever after
        MOV.I   *pointer, >pointer
        JMP.B   sweep+1, >pointer-GATE-1 ; both free operands are gates against imps

aim     DAT.F   #pointer+16-aim, #pointer+18-aim
stride  DAT.F   #STEP,  #STEP
spread  MOV.I   $2,     <2              ; lays what lies two cells above it, a cell further down each time
spark   SPL.B   #ash-pointer, #after-pointer
ash     DAT.F   <2667,  #after-pointer
after   EQU     (ash+1)
        END
