;name Dies
;author Digital Red Queen
;assert 1
dat 0, 0
