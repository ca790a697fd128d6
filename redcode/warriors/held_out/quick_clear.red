;redcode-94
;name Glance and Sweep
;author Digital Red Queen
;strategy Quick scan whose find steers a core clear: the clear begins at the prey, so that the
;strategy enemy is the first thing erased, not the last.
;assert CORESIZE == 8000

        ORG     glance

GAP     EQU     400
MARGIN  EQU     35

pointer DAT.F   #split-pointer, #0
wall    DAT.F   $0,     $0              ; looks untouched, and stops who walks up a carpet of SPL

; A pair that differs puts its place into the pointer's B field at once.
glance  SEQ.I   $glance+600,  $glance+600+GAP
        MOV.AB  #glance+600-pointer, pointer
        SEQ.I   $glance+1400, $glance+1400+GAP
        MOV.AB  #glance+1400-pointer, pointer
        SEQ.I   $glance+2200, $glance+2200+GAP
        MOV.AB  #glance+2200-pointer, pointer
        SEQ.I   $glance+3000, $glance+3000+GAP
        MOV.AB  #glance+3000-pointer, pointer
        SEQ.I   $glance+3800, $glance+3800+GAP
        MOV.AB  #glance+3800-pointer, pointer
        SEQ.I   $glance+4600, $glance+4600+GAP
        MOV.AB  #glance+4600-pointer, pointer
        SEQ.I   $glance+5400, $glance+5400+GAP
        MOV.AB  #glance+5400-pointer, pointer
        SEQ.I   $glance+6200, $glance+6200+GAP
        MOV.AB  #glance+6200-pointer, pointer
        SEQ.I   $glance+7000, $glance+7000+GAP
        MOV.AB  #glance+7000-pointer, pointer
        JMZ.B   blind,  pointer
        SNE.I   wall,   @pointer        ; first cell empty: it was the second
        ADD.AB  #GAP,   pointer
        SUB.AB  #MARGIN, pointer
        JMP.B   sweep

; The A field of pointer says what to write, B where: first SPL, then DAT.
blind   MOV.AB  #after-pointer, pointer ; nothing seen: begin behind myself
sweep   SPL.B   #0,     #0
        MOV.I   *pointer, >pointer
        JMP.B   sweep+1
split   SPL.B   #bomb-pointer, #after-pointer
bomb    DAT.F   #bomb-pointer, #after-pointer
after   EQU     (bomb+1)
        END
