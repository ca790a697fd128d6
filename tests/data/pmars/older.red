;redcode
;name Older
;author Digital Red Queen
;strategy A program of ICWS'88 that runs through the core.
;assert 1
start   cmp 0, 1
        mov 0, 1
        spl 0
        end start
