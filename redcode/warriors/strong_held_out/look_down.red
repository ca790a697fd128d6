;redcode-94
;name Plumb Line
;author Digital Red Queen
;strategy One-shot scanner that works downwards: eyes and clear go the way that imps come from, and the
;strategy clear meets a spiral head-on. It is one-shot because a second look costs more than it brings:
;strategy what was seen first is nearly always the enemy.
;assert CORESIZE == 8000

        ORG     look

GAP     EQU     22
HALF    EQU     16
HOP     EQU     (2*HALF)
MARGIN  EQU     12
LOOKS   EQU     (7700/HOP)

look    SNE.I   $start-60, $start-60-GAP ; the two eyes; different: skip the count
        DJN.B   move,   #LOOKS
        ADD.A   #look-pointer+MARGIN, look ; seen: the eye, counted from pointer, and a margin above it
        MOV.AB  look,   pointer
start   EQU     look
shoot   SPL.B   #0,     <look-20        ; clear downwards: A of pointer says what to write, B where
        MOV.I   *pointer, <pointer      ; < takes 1 from the pointer, then uses it
        JMP.B   shoot+1, <look-21       ; both free operands are gates
move    SUB.F   hop,    look            ; equal: both eyes move down
        JMP.B   look
hop     DAT.F   #HOP,   #HOP
bomb    DAT.F   <2667,  #look-1-pointer
split   SPL.B   #bomb-pointer, #look-1-pointer
wall    DAT.F   $0,     $0              ; who walks up a carpet of SPL ends here, not in my program
pointer DAT.F   #split-pointer, #look-1-pointer
        END
