;redcode-94
;name Glance and Spread
;author Digital Red Queen
;strategy Quick scan, then paper: a few comparisons to strike a slow starter, and in any case a
;strategy replicator that is hard to get rid of.
;assert CORESIZE == 8000

        ORG     glance

GAP     EQU     365
PITCH   EQU     3
ROW     EQU     28
BEFORE  EQU     40
NEAR    EQU     3337
FAR     EQU     6151

glance  SEQ.I   $glance+730,  $glance+730+GAP
        MOV.AB  #glance+730-prey, prey
        SEQ.I   $glance+1460, $glance+1460+GAP
        MOV.AB  #glance+1460-prey, prey
        SEQ.I   $glance+2190, $glance+2190+GAP
        MOV.AB  #glance+2190-prey, prey
        JMN.B   strike, prey            ; not 0: something was seen
        SEQ.I   $glance+2920, $glance+2920+GAP
        MOV.AB  #glance+2920-prey, prey
        SEQ.I   $glance+3650, $glance+3650+GAP
        MOV.AB  #glance+3650-prey, prey
        SEQ.I   $glance+4380, $glance+4380+GAP
        MOV.AB  #glance+4380-prey, prey
        JMN.B   strike, prey
        SEQ.I   $glance+5110, $glance+5110+GAP
        MOV.AB  #glance+5110-prey, prey
        SEQ.I   $glance+5840, $glance+5840+GAP
        MOV.AB  #glance+5840-prey, prey
        SEQ.I   $glance+6570, $glance+6570+GAP
        MOV.AB  #glance+6570-prey, prey
        JMZ.B   start,  prey

strike  SNE.I   empty,  @prey           ; is the first of the two empty? then it was the other
        ADD.AB  #GAP,   prey
        SUB.AB  #BEFORE, prey
throw   MOV.I   bomb,   @prey
        ADD.AB  #PITCH, prey
        DJN.B   throw,  #ROW

start   SPL.B   $1                      ; 2, 4, 8 processes side by side
        SPL.B   $1
        SPL.B   $1
one     SPL.B   @0,     $NEAR           ; first child, written as it runs
        MOV.I   }one,   >one
        MOV.I   {one,   <two            ; second child, from the last cell to the first
two     SPL.B   @0,     $FAR
        MOV.I   bomb,   >two
        ADD.AB  #29,    one
        JMP.B   one,    <one
bomb    DAT.F   <1,     <2
empty   DAT.F   $0,     $0              ; as an untouched cell looks
prey    DAT.F   #0,     #0
        END
