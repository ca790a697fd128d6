"""What names stand for while a text is assembled, and the limits on the work that they cause."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import accumulate, islice
from typing import NamedTuple

from redcode.language.expressions import Registers
from redcode.language.lexer import TOKEN, Line, Place
from redcode.rules import Rules

VERSION = 94
"""The constant VERSION of a text: pMARS 0.9.4."""
MAX_FOR = 65535
"""Most turns of a FOR; pMARS counts in 16 bits."""
MAX_NESTING = 100
"""Most EQUs and FORs inside one another."""
MAX_STEPS = 400_000
"""Most work of each pass, in tokens read: half a second."""
STATEMENT_STEPS = 3
"""Additional steps of a statement, because it takes memory."""
MAX_LABELS = 7
"""Most labels before one instruction, as in pMARS."""


Piece = tuple[str, int]
"""A part of a statement's text, and the index in its line of the token that it comes from."""


class Statement(NamedTuple):
    """The text of one instruction, ORG, END or PIN after the first pass, and its line."""

    text: str
    line: Line
    pieces: tuple[Piece, ...] = ()
    """The parts of the text; empty if the text is the unchanged line."""

    def place(self, index: int) -> Place:
        """The place in the source of the token ``index`` of the text."""
        if not self.pieces:
            return self.line.place(index)
        matches = islice(TOKEN.finditer(self.text), index, None)
        position = next((match.start(1) for match in matches), 0)
        ends = accumulate(len(text) for text, _ in self.pieces)
        origins = (origin for end, (_, origin) in zip(ends, self.pieces, strict=True) if position < end)
        return self.line.place(next(origins, 0))


@dataclass
class Symbols:
    """The meaning of the names of one text."""

    equs: dict[str, list[Line]]
    """The lines of each EQU; an ordinary EQU has one."""
    labels: dict[str, int] = field(default_factory=dict)
    """Addresses, relative to the warrior's first instruction."""
    counters: dict[str, int] = field(default_factory=dict)
    """Counters of the FORs around the current line."""
    registers: Registers = field(default_factory=dict)


def predefined(rules: Rules, warriors: int, rounds: int) -> dict[str, list[Line]]:
    """The constants of every text, as EQUs."""
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
