;redcode-94
;name Will-o'-the-Wisp
;author Digital Red Queen
;strategy Trap: scatters decoys before it does anything else. Scanners stop at each to attack it,
;strategy and while they waste their time a two-stage clear closes in.
;assert CORESIZE == 8000

        ORG     scatter

STEP    EQU     (CORESIZE/12+5)
LIGHTS  EQU     60

pointer DAT.F   #split-pointer, #after-pointer
wall    DAT.F   $0,     $0              ; who walks up a carpet of SPL ends here, not in my program

; A decoy need not do anything: it is enough that it is not empty. Scanners that compare two cells
; see a difference. Each decoy is also a DAT: it is a bomb if it falls on something.
scatter MOV.I   light,  @light
        ADD.AB  #STEP,  light
        DJN.B   scatter, #LIGHTS

; The A field of pointer says what to write and the B field where. The bomb that ends a turn falls
; on pointer and brings the numbers for the next: SPL first, DAT ever after.
sweep   SPL.B   #0,     #0
        MOV.I   *pointer, >pointer
        JMP.B   sweep+1

light   DAT.F   #1,     #after+30-light
split   SPL.B   #bomb-pointer, #after-pointer
bomb    DAT.F   #bomb-pointer, #after-pointer
after   EQU     (bomb+1)
        END
