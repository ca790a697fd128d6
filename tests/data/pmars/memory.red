;redcode-94
;name Memory
;author Digital Red Queen
;strategy Counts rounds in p-space and gives up in every third. After a lost round it runs through the core, else it waits.
;assert 1
        ldp.ab  #0, last
        ldp.ab  #1, count
        add.ab  #1, count
        mod.ab  #3, count
        stp.b   count, #1
        jmz.b   die, count
        jmz.b   run, last
        jmp     0
run     mov     0, 1
last    dat     0, 0
count   dat     0, 0
die     dat     0, 0
