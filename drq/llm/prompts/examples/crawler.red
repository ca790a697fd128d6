;name Crawler
; copies its one instruction a cell ahead and steps onto the copy, for ever
        MOV 0, 1
