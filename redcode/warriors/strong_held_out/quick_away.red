;redcode-94
;name Hit and Run
;author Digital Red Queen
;strategy Quick scan, then a booted silk: strike what is seen, copy six cells far off, and be gone. The
;strategy text that stays behind is long and lively to look at: scanners and quick scans waste their time
;strategy on it.
;assert CORESIZE == 8000

        ORG     glance

AWAY    EQU     4057                    ; where the copy ends, seen from load
GAP     EQU     163                     ; distance of neighbours that are looked at
PITCH   EQU     6
SPREAD  EQU     44
SHOTS   EQU     7
NEAR    EQU     7156
FAR     EQU     4348
HIT     EQU     7308
SIDE    EQU     2616

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

start   MOV.I   {load,  <load           ; six cells, from the last to the first
        MOV.I   {load,  <load
        MOV.I   {load,  <load
        MOV.I   {load,  <load
        MOV.I   {load,  <load
        MOV.I   {load,  <load
        SPL.B   $1                      ; 2, 3, 6 processes
        MOV.I   $-1,    $0
        SPL.B   $1
        JMP.B   @load                   ; its B field points at the first cell of the copy now
load    DAT.F   #last-load, #AWAY

one     SPL.B   @0,     >NEAR           ; first child: started first, written after
        MOV.I   }one,   >one
        MOV.I   bomb,   >HIT
        MOV.I   {one,   <two            ; second child, from the last cell to the first
two     JMP.B   @0,     >FAR
bomb    DAT.F   <SIDE,  <SIDE+1
last    EQU     (bomb+1)
pitch   DAT.F   #PITCH, #PITCH
prey    DAT.F   $0,     $0
        END
