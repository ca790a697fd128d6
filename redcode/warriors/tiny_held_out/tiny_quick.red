;redcode-94
;name Blink and Silk
;author Digital Red Queen
;strategy Quick scan and silk in twenty cells: three instructions compare four places; whatever is seen
;strategy gets a row of bombs at once, while it is still setting up. Then four processes spread as silk.
;assert CORESIZE == 800

        ORG     glance

GAP     EQU     99
PITCH   EQU     8
BEFORE  EQU     20
SHOTS   EQU     5
NEAR    EQU     106
FAR     EQU     758
SIDE    EQU     198

glance  SNE.I   $glance+1*GAP,  $glance+2*GAP ; different: skip to the note. Equal: compare the next two
        SEQ.I   $glance+3*GAP,  $glance+4*GAP ; equal too: skip the note
        MOV.AB  #glance+0*GAP-prey, prey
        JMZ.B   start,  prey
find    ADD.AB  #GAP,   prey            ; walk along the four places to the one not empty
        SNE.I   $glance-9, @prey        ; equal to an untouched cell?
        JMP.B   find                    ; then the next
        SUB.AB  #BEFORE, prey
throw   MOV.I   bomb,   @prey
        ADD.AB  #PITCH, prey
        DJN.B   throw,  #SHOTS
start   SPL.B   $1                      ; 2, 4 processes; the first of them turns the third cell
        SPL.B   $1
        MOV.I   $-1,    $0
one     SPL.B   @0,     >NEAR           ; the child is started before it is written
        MOV.I   }one,   >one
        MOV.I   {one,   <two
two     JMP.B   @0,     >FAR            ; all go to the second child
bomb    DAT.F   <SIDE,  <SIDE+1
prey    DAT.F   $0,     $0
        END
