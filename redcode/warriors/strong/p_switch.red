;redcode-94
;name Memory of Defeat
;author Digital Red Queen
;strategy P-switcher: p-space outlives the round. Its cell 0 says how the last one ended, 0 for a loss,
;strategy and after a loss it changes from silk to blur scanner or back. Who beats the one often loses to
;strategy the other.
;assert CORESIZE == 8000

        ORG     recall

WHO     EQU     7                       ; the p-space cell that remembers who plays: 0 for silk, 1 for blur
NEAR    EQU     2352
FAR     EQU     6338
HIT     EQU     3817
SIDE    EQU     300
GAP     EQU     9
HOP     EQU     (2*253)
LOOKS   EQU     1212

pointer DAT.F   #split-pointer, #after-pointer
wall    DAT.F   $0,     $0              ; who walks up a carpet of SPL ends here, not in my program
brush   DAT.F   #0,     #300

recall  LDP.AB  #WHO,   mood
        LDP.AB  #0,     outcome         ; before the first round it is CORESIZE-1
        JMN.B   play,   outcome         ; not 0: won or tied, go on as before
        SEQ.AB  #0,     mood            ; lost: 0 becomes 1, 1 becomes 0
        JMP.B   back
        MOV.AB  #1,     mood
        JMP.B   note
back    MOV.AB  #0,     mood
note    STP.B   mood,   #WHO
play    JMN.B   look,   mood

        SPL.B   $1                      ; silk: 2, 3, 6 processes
        MOV.I   $-1,    $0
        SPL.B   $1
one     SPL.B   @0,     >NEAR           ; first child: started first, written after
        MOV.I   }one,   >one
        MOV.I   rot,    >HIT
        MOV.I   {one,   <two            ; second child: complete before it starts
two     JMP.B   @0,     >FAR
rot     DAT.F   <SIDE,  <SIDE+1

move    ADD.F   hop,    look            ; blur scanner
        MOV.I   split,  >brush          ; paint a cell, seen something or not
look    SEQ.I   $after+30, $after+30+GAP
        MOV.AB  look,   brush           ; seen: the brush goes to the lower eye
        DJN.B   move,   #LOOKS
sweep   SPL.B   #0,     #0
        MOV.I   *pointer, >pointer
        JMP.B   sweep+1

mood    DAT.F   #0,     #0
outcome DAT.F   #0,     #0
hop     DAT.F   #HOP,   #HOP
split   SPL.B   #bomb-pointer, #after-pointer
bomb    DAT.F   #bomb-pointer, #after-pointer
after   EQU     (bomb+1)
        END
