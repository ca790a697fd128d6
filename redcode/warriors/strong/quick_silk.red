;redcode-94
;name Glance and Silk
;author Digital Red Queen
;strategy Quick scan, then silk. SNE and SEQ are paired so that two cycles compare four cells and one line
;strategy notes the find. Four cells of a group lie GAP apart: a loop walks along them to the one that is
;strategy not empty, and a double row of bombs falls there before the enemy has left home.
;assert CORESIZE == 8000

        ORG     glance

GAP     EQU     175                     ; distance of neighbours that are looked at
PITCH   EQU     8
SPREAD  EQU     48
SHOTS   EQU     9
NEAR    EQU     3410
FAR     EQU     4217
HIT     EQU     2087
SIDE    EQU     6115

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
        JMN.B   find,   prey
        SNE.I   $glance+28*GAP, $glance+29*GAP
        SEQ.I   $glance+30*GAP, $glance+31*GAP
        MOV.AB  #glance+27*GAP-prey, prey
        SNE.I   $glance+32*GAP, $glance+33*GAP
        SEQ.I   $glance+34*GAP, $glance+35*GAP
        MOV.AB  #glance+31*GAP-prey, prey
        SNE.I   $glance+36*GAP, $glance+37*GAP
        SEQ.I   $glance+38*GAP, $glance+39*GAP
        MOV.AB  #glance+35*GAP-prey, prey
        JMZ.B   start,  prey

find    ADD.AB  #GAP,   prey
        SNE.I   $glance-9, @prey        ; equal to an untouched cell?
        JMP.B   find                    ; then the next
        MOV.BA  prey,   prey            ; two rows: A goes up from the find, B comes up from below
        SUB.B   #SPREAD, prey
throw   MOV.I   bomb,   *prey
        MOV.I   bomb,   @prey
        ADD.F   pitch,  prey
        DJN.B   throw,  #SHOTS

start   SPL.B   $1                      ; 2, 3, 6 processes for the six cells below
        MOV.I   $-1,    $0
        SPL.B   $1
one     SPL.B   @0,     >NEAR           ; first child: started first, written after
        MOV.I   }one,   >one
        MOV.I   bomb,   >HIT
        MOV.I   {one,   <two            ; second child: complete before it starts
two     JMP.B   @0,     >FAR
bomb    DAT.F   <SIDE,  <SIDE+1
pitch   DAT.F   #PITCH, #PITCH
prey    DAT.F   $0,     $0
        END
