;redcode-94
;name Glance and Cutter
;author Digital Red Queen
;strategy Quick scan, then the silk that bombs most: three rows between two children. The first glance
;strategy wins against the slow, the rows against other papers.
;assert CORESIZE == 8000

        ORG     glance

BACK    EQU     3629
GAP     EQU     195                     ; distance of neighbours that are looked at
PITCH   EQU     9
SPREAD  EQU     90
SHOTS   EQU     7
NEAR    EQU     2908
FAR     EQU     813
HIT     EQU     2008
SIDE    EQU     4144

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

start   SPL.B   $1                      ; 2, 4, 8 processes for the eight cells below
        SPL.B   $1
        SPL.B   $1

one     SPL.B   @0,     >NEAR           ; first child: started first, written just ahead of its processes
        MOV.I   }one,   >one
        MOV.I   bomb,   >HIT            ; a row upwards
        MOV.I   bomb,   <BACK           ; a row downwards
        MOV.I   bomb,   }SIDE           ; a row through the A field of the cell there
        MOV.I   {one,   <two            ; second child, from its last cell to its first
two     JMP.B   @0,     >FAR            ; all go there: nothing stays behind
bomb    DAT.F   <2667,  <1
pitch   DAT.F   #PITCH, #PITCH
prey    DAT.F   $0,     $0
        END
