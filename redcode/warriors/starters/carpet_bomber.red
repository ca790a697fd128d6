;redcode-94
;name Quicksand
;author Digital Red Queen
;strategy Throws pairs of bombs: SPL 0 and, behind it, a jump back to it. A process that steps
;strategy in makes ever more processes that do nothing, and the enemy's real work slows to a
;strategy crawl. Then a core clear with DATs kills at leisure.
;assert CORESIZE == 8000

        ORG     throw

; Eight throws go once round the core, and each round falls 8 cells behind the last: nothing
; comes home until all the core but this program is covered.
STEP    EQU     (CORESIZE/8+1)
THROWS  EQU     (8*119)

pointer DAT.F   #0,     #after-pointer

throw   MOV.I   sand,   >aim            ; > moves the aim on, ready for the second half
        MOV.I   back,   @aim
        ADD.AB  #STEP-1, aim
        DJN.B   throw,  #THROWS

; Everything is covered: now wipe upwards with DATs, turn after turn.
        SPL.B   #0,     #0
wipe    MOV.I   bomb,   >pointer
        JMP.B   wipe

sand    SPL.B   #0,     #0
back    JMP.B   $-1,    $0
aim     DAT.F   #0,     #after+10-aim
bomb    DAT.F   #0,     #after-pointer
after   EQU     (bomb+1)
        END
