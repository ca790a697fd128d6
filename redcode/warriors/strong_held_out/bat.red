;redcode-94
;name Bat
;author Digital Red Queen
;strategy Scanning vampire: it looks before it bites. Where two cells differ it lays a row of jumps into
;strategy its pit, in which prisoners multiply on SPL 0 until their owner has no cycles left.
;assert CORESIZE == 8000

        ORG     look
GAP     EQU     46
TIMES   EQU     38
HOP     EQU     (2*TIMES)
ROW     EQU     25
LOOKS   EQU     (7800/HOP)

pointer DAT.F   #split-pointer, #after-pointer
wall    DAT.F   $0,     $0              ; who walks up a carpet of SPL ends here, not in my program

scan    ADD.F   hop,    look
look    SNE.I   $after+30, $after+30+GAP
count   DJN.B   scan,   #LOOKS
        JMZ.B   sweep,  count           ; all looks taken
        MOV.AB  look,   fang
        SUB.AB  #fang-look, fang        ; the B field of fang is the place of the lower eye
        SUB.BA  fang,   fang            ; the A field what leads from there to the pit
bite    MOV.I   fang,   @fang
        ADD.F   stride, fang            ; B grows, A shrinks: the jump keeps its aim
        DJN.B   bite,   #ROW
        MOV.AB  #ROW,   bite+2
        MOV.A   #pit-fang, fang
        JMP.B   count
sweep   SPL.B   #0,     <pointer-12     ; A of pointer says what to write, B where; SPL first, DAT ever after
        MOV.I   *pointer, >pointer
        JMP.B   sweep+1, >pointer-13    ; both free operands are gates against imps
fang    JMP.B   $pit-fang, $0
stride  DAT.F   #-1,    #1
hop     DAT.F   #HOP,   #HOP
split   SPL.B   #bomb-pointer, #after-pointer
bomb    DAT.F   <2667,  #after-pointer
pit     SPL.B   #0,     #0              ; the clear begins with the prisoners
after   EQU     pit
        END
