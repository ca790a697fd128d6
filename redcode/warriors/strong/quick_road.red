;redcode-94
;name Grand Tour
;author Digital Red Queen
;strategy Quick scan, silk and imps, the three in one: the first look strikes whoever starts slowly, the
;strategy silk outgrows the patient, and the spiral holds a tie when all paper burns.
;assert CORESIZE == 8000

        ORG     glance

GAP     EQU     252                     ; distance of neighbours that are looked at
PITCH   EQU     7
SPREAD  EQU     56
SHOTS   EQU     6
NEAR    EQU     2578
FAR     EQU     603
HIT     EQU     856
SIDE    EQU     499
THIRD   EQU     ((CORESIZE+1)/3)

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

start   SPL.B   tree
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

; A split runs the cell behind it before its target: eight leaves in the order that a spiral needs.
tree    SPL.B   high
        SPL.B   low2
        SPL.B   leaf1
        JMP.B   imp
leaf1   JMP.B   imp+THIRD
low2    SPL.B   leaf3
        JMP.B   imp+2*THIRD
leaf3   JMP.B   imp+1
high    SPL.B   high2
        SPL.B   leaf5
        JMP.B   imp+THIRD+1
leaf5   JMP.B   imp+2*THIRD+1
high2   SPL.B   leaf7
        JMP.B   imp+2
leaf7   JMP.B   imp+THIRD+2
imp     MOV.I   #5,     $THIRD
        END
