"""The position of the first pass: its line, the place in the line, and the errors there."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import NoReturn

from redcode.errors import SourceError
from redcode.language.diagnostics import Diagnostics
from redcode.language.lexer import Line
from redcode.language.symbols import MAX_NESTING, MAX_STEPS


class At(IntEnum):
    """How far a walk over a line has come, in the order of a line; at its end, the kind of line."""

    FAILED = -2
    """The line has an error, which is in the diagnostics."""
    IGNORED = -1
    """The line is ignored with a warning, because its label is already defined, as in pMARS."""
    START = 0
    LABELS = 1
    OPERANDS = 2
    """After an opcode: a label is a distance."""
    ABSOLUTE = 3
    """After ORG, END and PIN: a label is an address."""
    STATEMENT = 4
    DIRECTIVE = 5
    """After EQU or FOR."""
    ROF = 6


@dataclass
class Loop:
    """A FOR that still has turns to go."""

    counter: str
    count: int
    opening: Line
    lines: list[Line]
    position: int
    """Index of the FOR in ``lines``."""
    turn: int = 1


class Cursor:
    """A position in a list of lines: those of the source, or those of an EQU while it is expanded."""

    def __init__(self, lines: list[Line], diagnostics: Diagnostics) -> None:
        self.lines = lines
        self.position = -1
        self.line = Line(1, "")
        """The line for errors. While an EQU is expanded, it is the line that names the EQU."""
        self.token = 0
        """Index in that line of the token for errors."""
        self._diagnostics = diagnostics
        self._reported: set[tuple[type[SourceError], str, str, int, int]] = set()
        self._steps = MAX_STEPS
        self.loops: list[Loop] = []
        self._outer: list[tuple[list[Line], int, Line, int]] = []
        self._open: set[int] = set()
        """The identities of the EQUs that are being expanded."""

    def following(self) -> Line | None:
        """The line after the current one."""
        return self.lines[self.position + 1] if self.position + 1 < len(self.lines) else None

    def enter(self, lines: list[Line]) -> None:
        """Go to the first of the lines of an EQU."""
        self._nest()
        self._outer.append((self.lines, self.position, self.line, self.token))
        self._open.add(id(lines))
        self.lines, self.position = lines, 0

    def leave(self) -> None:
        """Go back to where :meth:`enter` was called."""
        self._open.remove(id(self.lines))
        self.lines, self.position, self.line, self.token = self._outer.pop()

    def _nest(self) -> None:
        """Abort if another EQU or FOR would exceed ``MAX_NESTING``."""
        if len(self._outer) + len(self.loops) == MAX_NESTING:
            self.abort(f"at most {MAX_NESTING} EQUs and FORs inside one another", "more")

    def begin_loop(self, counter: str, count: int) -> None:
        """Count the turns of the FOR in the current line."""
        self._nest()
        self.loops.append(Loop(counter, count, self.line, self.lines, self.position))

    @property
    def loop(self) -> Loop | None:
        """The innermost loop; None if its FOR is not in the current list of lines."""
        return self.loops[-1] if self.loops and self.loops[-1].lines is self.lines else None

    def spend(self, steps: int) -> None:
        """Count work, in tokens looked at; aborts at ``MAX_STEPS``."""
        self._steps -= steps
        if self._steps < 0:
            self.abort(f"at most {MAX_STEPS} steps to expand EQU and FOR", "more")

    def is_inside(self, lines: list[Line]) -> bool:
        """Whether this EQU is being expanded."""
        return id(lines) in self._open

    @property
    def in_source(self) -> bool:
        """Whether no EQU is being expanded."""
        return not self._outer

    def error(self, kind: type[SourceError], expected: str, got: str) -> At:
        """Report an error at the current token, only once if a FOR repeats it; returns FAILED."""
        error = kind, expected, got, self.line.number, self.token
        if error not in self._reported:
            self._reported.add(error)
            self._diagnostics.error(kind, expected, got, self.line.place(self.token))
        return At.FAILED

    def warn(self, message: str) -> None:
        """Report a warning for the current line."""
        self._diagnostics.warn(self.line.number, message)

    def abort(self, expected: str, got: str) -> NoReturn:
        """Stop at a limit."""
        self._diagnostics.abort(expected, got, self.line.place(self.token))
