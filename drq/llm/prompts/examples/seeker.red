;name Seeker
; looks at every 8th cell and bombs only those where somebody wrote
look    ADD.AB #8, $eye
        JMZ.F  $look, @eye
        MOV.I  $eye, @eye
        JMP.B  $look
eye     DAT.F  #0, #8
