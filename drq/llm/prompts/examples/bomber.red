;name Bomber
; drops a DAT on every 8th cell; the step divides the core, so that it never hits its own loop
loop    ADD #8, aim
        MOV aim, @aim
        JMP loop
aim     DAT #0, #8
