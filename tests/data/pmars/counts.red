;redcode-94
;name Counts
;author Digital Red Queen
;strategy Is assembled only for matches of two or three warriors and 6 or more rounds.
;assert (WARRIORS == 2 || WARRIORS == 3) && ROUNDS > 5
jmp 0, #WARRIORS
dat #WARRIORS, #ROUNDS
