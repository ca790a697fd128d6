"""What names stand for while a text is assembled, and the bounds on the work that they can cause."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import accumulate, islice
from typing import NamedTuple

from redcode.language.expressions import Registers
from redcode.language.lexer import TOKEN, Line, Place
from redcode.rules import Rules

VERSION = 94
"""What VERSION is to a warrior: pMARS 0.9.4."""
MAX_FOR = 65535
"""Turns of a FOR; pMARS counts in 16 bits."""
MAX_NESTING = 100
"""Depth to which EQU may name EQU, and FOR stand in FOR."""
MAX_STEPS = 400_000
"""Work of each pass, in tokens looked at: half a second."""
STATEMENT_STEPS = 3
"""Tokens that count for a statement, since statements take memory."""
MAX_LABELS = 7
"""Labels that pMARS takes before one instruction."""


Piece = tuple[str, int]
"""Some text of a statement, and the index of the token of its line that it comes from."""


class Statement(NamedTuple):
    """The text of one instruction, ORG, END or PIN after the first pass, and the line it comes from."""

    text: str
    line: Line
    pieces: tuple[Piece, ...] = ()
    """The parts that the text was pasted together from; empty where it is the line unchanged."""

    def place(self, index: int) -> Place:
        """Where in the source the token ``index`` of the text comes from."""
        if not self.pieces:
            return self.line.place(index)
        matches = islice(TOKEN.finditer(self.text), index, None)
        position = next((match.start(1) for match in matches), 0)
        ends = accumulate(len(text) for text, _ in self.pieces)
        origins = (origin for end, (_, origin) in zip(ends, self.pieces, strict=True) if position < end)
        return self.line.place(next(origins, 0))


@dataclass
class Symbols:
    """What the names of one text stand for."""

    equs: dict[str, list[Line]]
    """The texts of each EQU, one for an ordinary one."""
    labels: dict[str, int] = field(default_factory=dict)
    """Addresses, counted from the warrior's first instruction."""
    counters: dict[str, int] = field(default_factory=dict)
    """The counters of the FORs around the current line."""
    registers: Registers = field(default_factory=dict)


def predefined(rules: Rules, warriors: int, rounds: int) -> dict[str, list[Line]]:
    """The constants that every text may use, as EQUs."""
    constants = {
        "CORESIZE": rules.core_size,
        "MAXPROCESSES": rules.max_processes,
        "MAXCYCLES": rules.max_cycles,
        "MAXLENGTH": rules.max_length,
        "MINDISTANCE": rules.min_distance,
        "PSPACESIZE": rules.pspace_cells,
        "VERSION": VERSION,
        "WARRIORS": warriors,
        "ROUNDS": rounds,
    }
    return {name: [Line(0, str(value))] for name, value in constants.items()}
