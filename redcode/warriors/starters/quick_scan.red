;redcode-94
;name First Glance
;author Digital Red Queen
;strategy Quick scan: before anything else, one pass of comparisons over far apart cells.
;strategy If a pair differs it throws a row of bombs there at once, while the enemy is still
;strategy setting up. Then, found or not, it runs as a splitting bomber.
;assert CORESIZE == 8000

        ORG     glance

GAP     EQU     390                     ; distance of the two cells of a pair
PITCH   EQU     4                       ; a bomb every 4 cells
BEFORE  EQU     48                      ; begin this far before the cell that was seen
ROW     EQU     26                      ; number of bombs
STEP    EQU     (5*473)

; SEQ skips the next instruction when the cells are equal, as empty cells are. So a pair
; costs one cycle, and only one that differs writes its number into prey.
glance  SEQ.I   $glance+800,  $glance+800+GAP
        MOV.AB  #glance+800-prey, prey
        SEQ.I   $glance+1580, $glance+1580+GAP
        MOV.AB  #glance+1580-prey, prey
        SEQ.I   $glance+2360, $glance+2360+GAP
        MOV.AB  #glance+2360-prey, prey
        SEQ.I   $glance+3140, $glance+3140+GAP
        MOV.AB  #glance+3140-prey, prey
        JMN.B   strike, prey
        SEQ.I   $glance+3920, $glance+3920+GAP
        MOV.AB  #glance+3920-prey, prey
        SEQ.I   $glance+4700, $glance+4700+GAP
        MOV.AB  #glance+4700-prey, prey
        SEQ.I   $glance+5480, $glance+5480+GAP
        MOV.AB  #glance+5480-prey, prey
        SEQ.I   $glance+6260, $glance+6260+GAP
        MOV.AB  #glance+6260-prey, prey
        JMZ.B   hub,    prey

; Which of the two was it? SNE skips when they differ: when the first cell is not empty.
strike  SNE.I   empty,  @prey
        ADD.AB  #GAP,   prey
        SUB.AB  #BEFORE, prey
throw   MOV.I   bomb,   @prey
        ADD.AB  #PITCH, prey
        DJN.B   throw,  #ROW

; The long game: the same loop as the stone's.
hub     SPL.B   #0,     #0
        MOV.I   bomb,   @bomb
        ADD.AB  #STEP,  bomb
        JMP.B   hub+1
bomb    DAT.F   #1,     #STEP
empty   DAT.F   $0,     $0              ; as an untouched cell looks
prey    DAT.F   #0,     #0
        END
