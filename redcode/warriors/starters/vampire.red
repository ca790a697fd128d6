;redcode-94
;name Vampire
;author Digital Red Queen
;strategy Bites the core with jumps. Whoever executes one lands in the pit, where the captured
;strategy processes work against their own program. After the last bite a clear kills them too.
;assert CORESIZE == 8000

        ORG     bite

; Five bites go once round the core, and each round falls 5 cells behind the last: no bite
; comes home until all the core but this program is bitten.
STEP    EQU     (CORESIZE/5+1)
FIRST   EQU     (after+8-fang)
BITES   EQU     (5*310)

pointer DAT.F   #0,     #pit-pointer

; Where the fang lands, its A operand must still point at the pit. So when the distance to
; the victim in B grows by STEP, the distance to the pit in A must shrink by STEP.
bite    MOV.I   fang,   @fang
        ADD.F   stride, fang
        DJN.B   bite,   #BITES

; All bitten: wipe the core upwards. The pit lies at the end of the program: the wipe begins with it.
        SPL.B   #0,     #0
wipe    MOV.I   poison, >pointer
        JMP.B   wipe

stride  DAT.F   #-STEP, #STEP
fang    JMP.B   $pit-FIRST, $FIRST
poison  DAT.F   #0,     #pit-pointer    ; also resets the pointer at the end of a turn

; The pit: prisoners multiply, and in passing erase the core below the trail's end.
pit     SPL.B   #0,     #0
        MOV.I   trail,  <trail
        JMP.B   pit+1
trail   DAT.F   #0,     #-200
after   EQU     (trail+1)
        END
