;redcode-94
;name Glance and Tiles
;author Digital Red Queen
;strategy Quick scan, then a compare scanner: a double row of bombs for what is seen at the first glance,
;strategy and a carpet of SPL for everything found later. After one pass of the core a clear with gates.
;assert CORESIZE == 8000

        ORG     glance

GAP     EQU     171                     ; distance of neighbours that are looked at
PITCH   EQU     5
SPREAD  EQU     40
SHOTS   EQU     9
SPAN    EQU     12                      ; distance between the two eyes of the slow scan
TIMES   EQU     12
HOP     EQU     (2*TIMES)
CARPET  EQU     12
LOOKS   EQU     (7600/HOP)

pointer DAT.F   #split-pointer, #after-pointer
wall    DAT.F   $0,     $0              ; who walks up a carpet of SPL ends here, not in my program
brush   DAT.F   #0,     #0
scan    ADD.F   hop,    look
look    SNE.I   $after+30, $after+30+SPAN
count   DJN.B   scan,   #LOOKS
        JMZ.B   sweep,  count           ; all looks taken
        MOV.AB  look,   brush           ; begins two cells below the lower eye
tile    MOV.I   split,  >brush          ; the carpet, upwards
        MOV.I   split,  >brush
        DJN.B   tile,   #CARPET
        MOV.AB  #CARPET, tile+2
        JMP.B   count
sweep   SPL.B   #0,     <pointer-12     ; A of pointer says what to write, B where; SPL first, DAT ever after
        MOV.I   *pointer, >pointer
        JMP.B   sweep+1, >pointer-13    ; both free operands are gates against imps

; First two different: SNE skips to the note. Equal: SEQ compares the next two, and skips the note if
; they are equal too.
glance  SNE.I   $glance+4*GAP,  $glance+5*GAP
        SEQ.I   $glance+6*GAP,  $glance+7*GAP
        MOV.AB  #glance+3*GAP-prey, prey
        SNE.I   $glance+8*GAP,  $glance+9*GAP
        SEQ.I   $glance+10*GAP, $glance+11*GAP
        MOV.AB  #glance+7*GAP-prey, prey
        SNE.I   $glance+12*GAP, $glance+13*GAP
        SEQ.I   $glance+14*GAP, $glance+15*GAP
        MOV.AB  #glance+11*GAP-prey, prey
        JMN.B   find,   prey
        SNE.I   $glance+16*GAP, $glance+17*GAP
        SEQ.I   $glance+18*GAP, $glance+19*GAP
        MOV.AB  #glance+15*GAP-prey, prey
        SNE.I   $glance+20*GAP, $glance+21*GAP
        SEQ.I   $glance+22*GAP, $glance+23*GAP
        MOV.AB  #glance+19*GAP-prey, prey
        SNE.I   $glance+24*GAP, $glance+25*GAP
        SEQ.I   $glance+26*GAP, $glance+27*GAP
        MOV.AB  #glance+23*GAP-prey, prey
        JMZ.B   look,   prey

find    ADD.AB  #GAP,   prey            ; walk along the four cells of the group ...
        SNE.I   $wall,  @prey           ; equal to an untouched cell?
        JMP.B   find                    ; then the next
        MOV.BA  prey,   prey            ; two rows: A goes up from the find, B comes up from below
        SUB.B   #SPREAD, prey
throw   MOV.I   bomb,   *prey
        MOV.I   bomb,   @prey
        ADD.F   pitch,  prey
        DJN.B   throw,  #SHOTS
        JMP.B   look

pitch   DAT.F   #PITCH, #PITCH
prey    DAT.F   $0,     $0
hop     DAT.F   #HOP,   #HOP
split   SPL.B   #bomb-pointer, #after-pointer
bomb    DAT.F   <2667,  #after-pointer
after   EQU     (bomb+1)
        END
