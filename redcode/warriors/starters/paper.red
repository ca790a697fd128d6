;redcode-94
;name Paper
;author Digital Red Queen
;strategy Replicator: eight processes copy eight cells in one turn of the queue, so that
;strategy there are soon more copies in the core than anyone can erase one by one.
;assert CORESIZE == 8000

        ORG     start

NEAR    EQU     2340                    ; where the first child goes, seen from one
FAR     EQU     3620                    ; where the second goes, seen from two
HOP     EQU     37                      ; eight of these move the first child's place each turn
HIT     EQU     1201                    ; where bombs begin to fall

; Three SPL 1 in a row make 2, 4, 8 processes that execute the same cells side by side.
start   SPL.B   $1
        SPL.B   $1
        SPL.B   $1

; SPL @0 starts a process where its own B field points: at the child's first cell. Then each
; of the eight executes the MOV once. } takes the source from the A field of one and adds 1,
; > does the same with the target in its B field. So the child is written cell by cell just
; ahead of its own processes, which already run through it.
one     SPL.B   @0,     $NEAR
        MOV.I   }one,   >one

; The A field of one is now 8. Eight times { counts it down again and the same cells are
; copied from last to first, to the place below which the B field of two counts down.
        MOV.I   {one,   <two
two     SPL.B   @0,     $FAR            ; this child is complete before it starts

        MOV.I   bomb,   >HIT            ; bombs through whatever pointer lies there
        ADD.AB  #HOP,   one             ; the next child shall go elsewhere
        JMP.B   one
bomb    DAT.F   <1,     <1
        END
