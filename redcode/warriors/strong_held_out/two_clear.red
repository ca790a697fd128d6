;redcode-94
;name Double Door
;author Digital Red Queen
;strategy Quick scan, and for who hides from it a slower eye: when the first glance has found nothing, SUB
;strategy and JMZ.F go down the core, two cycles a cell. What either of them sees is where the clear
;strategy begins, so the enemy is erased first, not last.
;assert CORESIZE == 8000

        ORG     glance

GAP     EQU     147
MARGIN  EQU     81
GATE    EQU     59
STEP    EQU     74

pointer DAT.F   #split-pointer, #0
wall    DAT.F   $0,     $0              ; who walks up a carpet of SPL ends here, not in my program

glance  SNE.I   $glance+4*GAP,  $glance+5*GAP
        SEQ.I   $glance+6*GAP,  $glance+7*GAP
        MOV.AB  #glance+3*GAP-pointer, pointer
        SNE.I   $glance+8*GAP,  $glance+9*GAP
        SEQ.I   $glance+10*GAP, $glance+11*GAP
        MOV.AB  #glance+7*GAP-pointer, pointer
        SNE.I   $glance+12*GAP, $glance+13*GAP
        SEQ.I   $glance+14*GAP, $glance+15*GAP
        MOV.AB  #glance+11*GAP-pointer, pointer
        JMN.B   find,   pointer         ; seen something in the first dozen?
        SNE.I   $glance+16*GAP, $glance+17*GAP
        SEQ.I   $glance+18*GAP, $glance+19*GAP
        MOV.AB  #glance+15*GAP-pointer, pointer
        SNE.I   $glance+20*GAP, $glance+21*GAP
        SEQ.I   $glance+22*GAP, $glance+23*GAP
        MOV.AB  #glance+19*GAP-pointer, pointer
        SNE.I   $glance+24*GAP, $glance+25*GAP
        SEQ.I   $glance+26*GAP, $glance+27*GAP
        MOV.AB  #glance+23*GAP-pointer, pointer
        JMN.B   find,   pointer
        SNE.I   $glance+28*GAP, $glance+29*GAP
        SEQ.I   $glance+30*GAP, $glance+31*GAP
        MOV.AB  #glance+27*GAP-pointer, pointer
        SNE.I   $glance+32*GAP, $glance+33*GAP
        SEQ.I   $glance+34*GAP, $glance+35*GAP
        MOV.AB  #glance+31*GAP-pointer, pointer
        SNE.I   $glance+36*GAP, $glance+37*GAP
        SEQ.I   $glance+38*GAP, $glance+39*GAP
        MOV.AB  #glance+35*GAP-pointer, pointer
        JMN.B   find,   pointer
        MOV.AB  #-20,   pointer         ; seen nothing: the slower eye begins at home
sniff   SUB.AB  #STEP,  pointer
        JMZ.F   sniff,  @pointer        ; both fields 0: go on
        JMP.B   aim

find    ADD.AB  #GAP,   pointer         ; walk along the four cells of the group ...
        SNE.I   $wall,  @pointer        ; equal to an untouched cell?
        JMP.B   find                    ; then the next
aim     SUB.AB  #MARGIN, pointer        ; begin a little below
sweep   SPL.B   #0,     <pointer-GATE   ; A of pointer says what to write, B where; SPL first, DAT ever after
        MOV.I   *pointer, >pointer
        JMP.B   sweep+1, >pointer-GATE-1 ; both free operands are gates against imps
split   SPL.B   #bomb-pointer, #after-pointer
bomb    DAT.F   <2667,  #after-pointer
after   EQU     (bomb+1)
        END
