;name Fountain
; SPL #0 starts process after process; all of them carpet the core backwards
        ORG    grow
grow    SPL.B  #0, $0
drop    MOV.I  $edge, <edge
        JMP.B  $drop
edge    DAT.F  #0, #-9
