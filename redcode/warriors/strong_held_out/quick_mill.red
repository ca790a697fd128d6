;redcode-94
;name Dawn Patrol
;author Digital Red Queen
;strategy Quick scan, silk and a splitting bomber: the first glance strikes the slow, the silk stays
;strategy alive, and the bomber, one process fed by SPL, shoots until the end.
;assert CORESIZE == 8000

        ORG     glance

GAP     EQU     181                     ; distance of neighbours that are looked at
PITCH   EQU     4
SPREAD  EQU     90
SHOTS   EQU     10
NEAR    EQU     3159
FAR     EQU     1853
HIT     EQU     4689
SIDE    EQU     2818
TIMES   EQU     90
STEP    EQU     (5*TIMES)               ; a multiple of the bomber's length: it never hits itself

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

start   SPL.B   hub                     ; one process for the bomber
        SPL.B   $1                      ; 2, 3, 6 processes for the six cells below
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

hub     SPL.B   #0,     <hub-20         ; SPL feeds the loop; its free operand is a gate
        MOV.I   shot,   @shot
        ADD.AB  #STEP,  shot            ; the B field of shot is the pointer
        JMP.B   hub+1
shot    DAT.F   #1,     #STEP
        END
