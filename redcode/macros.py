"""The first pass: EQU, FOR and ROF, ``&``, labels and assertions. Lines of source become one statement an instruction.

It works on text as pMARS does: what a name stands for is pasted into the line, so ``x EQU 1+2`` makes ``x*3`` 7.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple, NoReturn

from redcode.diagnostics import Report
from redcode.errors import (
    AssertionFailedError,
    ConcatenationError,
    ExpressionError,
    LimitError,
    RecursiveEquError,
    SourceError,
    TooManyLabelsError,
    UndefinedSymbolError,
    UnexpectedTokenError,
    UnopenedForError,
)
from redcode.expressions import Registers, evaluate
from redcode.isa import MNEMONICS
from redcode.lexer import MAX_LINE, Line, Token
from redcode.rules import Rules

VERSION = 94
"""What VERSION is to a warrior: pMARS 0.9.4."""
MAX_FOR = 65535
"""Times a FOR may repeat; pMARS counts in 16 bits."""
MAX_NESTING = 100
"""Depth to which EQU may name EQU, and FOR stand in FOR."""
MAX_STEPS = 200_000
"""Tokens that the passes may look at."""
MAX_LABELS = 7
"""Labels that pMARS takes before one instruction."""

# Where in a statement the walk stands, in the order in which it gets there; what a walk returns says what the line was.
FAILED, START, LABELS, OPERANDS, ABSOLUTE, DONE, ROF, FOR = range(-1, 7)

_OPERATIONS = {*MNEMONICS, "ORG", "END", "PIN"}
_KEYWORDS = {*_OPERATIONS, "FOR", "ROF", "EQU"}
_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
WORD_START = _LETTERS | {"_"}
_FOREIGN = re.compile(r"[^\w\s()+\-*/%!=<>&|]|[A-Za-z_]\w+\s*\(", re.ASCII)
"""What is no mistake in an expression but another language: a strange character, or a call."""


class Statement(NamedTuple):
    """The text of one instruction, ORG, END or PIN, and the line it comes from."""

    text: str
    line: Line


@dataclass
class Symbols:
    """What the names of one text stand for."""

    equs: dict[str, list[Line]]
    labels: dict[str, int] = field(default_factory=dict)
    """Addresses, counted from the warrior's first instruction."""
    counters: dict[str, int] = field(default_factory=dict)
    """The counters of the FORs around the current line."""
    registers: Registers = field(default_factory=dict)
    steps: int = MAX_STEPS


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


class Expander:
    """The state of the first pass; ``statements`` and ``symbols`` are its result."""

    def __init__(self, lines: list[Line], symbols: Symbols, report: Report) -> None:
        self.symbols = symbols
        self.report = report
        self.statements: list[Statement] = []
        self.address = 0
        """Instructions so far, which is CURLINE."""
        self._lines = lines
        self._position = -1
        self._ended = False
        self._skipping = 0
        """FORs without a turn that are open."""
        self._pending: list[str] = []
        """Labels read that wait for the instruction, EQU or FOR they belong to."""
        self._active: list[list[Line]] = []
        """EQUs being expanded, the innermost last."""
        self._depth = 0
        self._line = Line(0, "")
        """The line of the source that is being read, and the token in it: where an error is reported."""
        self._token = 0

    def run(self) -> None:
        """Read all lines up to END."""
        while self._position + 1 < len(self._lines) and not self._ended:
            self._position += 1
            if self._visit(self._lines[self._position]) == ROF:
                self._error(UnopenedForError, "a FOR before this ROF", "none")
        if self._pending:
            self.report.warn(self._line.number, f"labels without an instruction: {', '.join(self._pending)}")

    def _visit(self, line: Line) -> int:
        self._line, self._token = line, 0
        if self._skipping:
            self._skip(line.tokens)
            return START
        if line.is_assert:
            self._assert(line)
            return START
        out: list[str] = []
        outcome = self._walk(line.tokens, START, out)
        if outcome == DONE:
            self._emit(out)
        return outcome

    def _emit(self, out: list[str]) -> None:
        text = "".join(out)
        if len(text) > MAX_LINE:
            self._abort(f"at most {MAX_LINE} characters in a line after EQU is expanded", str(len(text)))
        self.statements.append(Statement(text, self._line))

    def _skip(self, tokens: list[Token]) -> None:
        """Pass over a line inside a FOR without a turn, looking only for FOR and ROF."""
        self._spend(1)
        for word, _ in tokens:
            upper = word.upper()
            if upper == "ROF":
                self._skipping -= 1
            elif upper == "FOR":
                self._skipping += 1
            elif upper not in _KEYWORDS and word != "CURLINE" and word[0] in WORD_START:
                continue
            return

    def _walk(self, tokens: list[Token], at: int, out: list[str], first: int = 0) -> int:
        """Append to ``out`` what ``tokens`` stand for at this point of a statement; returns the point reached.

        ``first`` is the index in the line of the first token.
        """
        self._spend(1 + len(tokens))
        operation = ""
        i = 0
        while i < len(tokens):
            if not self._active:
                self._token = first + i
            word, blank = tokens[i]
            i += 1
            if word[0] not in WORD_START:
                if at <= LABELS:
                    return self._error(UnexpectedTokenError, "a label or an instruction", repr(word))
                out.append(word)
                continue
            upper = word.upper()
            if upper in _KEYWORDS:
                if at > LABELS:
                    return self._error(UnexpectedTokenError, "an operand", repr(word))
                if upper == "ROF":
                    return ROF
                if upper == "FOR":
                    return self._for(tokens[i:], first + i)
                if upper == "EQU":
                    return self._equ(i)
                operation = upper
                at = OPERANDS if upper in MNEMONICS else ABSOLUTE
                i = self._attached(tokens, i - 1, out)
            elif word == "CURLINE":
                if at <= LABELS:
                    return self._error(UnexpectedTokenError, "a label or an instruction", "the predefined 'CURLINE'")
                out.append(f"{self.address} " if blank else str(self.address))
            else:
                at, i = self._name(tokens, i - 1, at, out)
                if self._skipping:
                    self._skip(tokens[i:])
                    return START
                if at == FAILED:
                    return FAILED
        return self._finish(operation) if operation else at

    def _attached(self, tokens: list[Token], i: int, out: list[str]) -> int:
        """Copy an operation and all that follows it without a blank, as in ``mov.i#1``; returns the next index."""
        while i < len(tokens):
            word, blank = tokens[i]
            out.append(word)
            i += 1
            if blank:
                out.append(" ")
                break
        return i

    def _finish(self, operation: str) -> int:
        for label in self._pending:
            self.symbols.labels[label] = self.address
        self._pending.clear()
        if operation in MNEMONICS:
            self.address += 1
        elif operation == "END":
            self._ended = True
        return DONE

    def _name(self, tokens: list[Token], i: int, at: int, out: list[str]) -> tuple[int, int]:
        """Deal with the name at ``tokens[i]``; returns the point reached and the next index."""
        word, blank = tokens[i]
        i += 1
        while not blank and i + 1 < len(tokens) and tokens[i] == ("&", "") and tokens[i + 1][0][0] in _LETTERS:
            counter, blank = tokens[i + 1]
            if counter not in self.symbols.counters:
                return self._error(ConcatenationError, "the counter of a FOR around this line", repr(counter)), i
            word += f"{self.symbols.counters[counter]:02d}"
            i += 2
        equ = self.symbols.equs.get(word)
        if equ is not None:
            at = self._expand(word, equ, at, out)
            if blank:
                out.append(" ")
            return at, i
        address = self.symbols.labels.get(word)
        counter_value = self.symbols.counters.get(word)
        if at > LABELS:
            if counter_value is not None:
                word = f"{counter_value:02d}"
            elif address is not None:
                word = str(address if at == ABSOLUTE else address - self.address)
            out.append(word + " " if blank else word)
            return at, i
        if address is not None or counter_value is not None:
            self.report.warn(self._line.number, f"label {word!r} is defined already, so this line is ignored")
            return FAILED, i
        if len(self._pending) == MAX_LABELS:
            return self._error(TooManyLabelsError, f"at most {MAX_LABELS} labels", repr(word)), i
        self._pending.append(word)
        if not blank and i < len(tokens) and tokens[i][0] == ":":
            i += 1
        return LABELS, i

    def _expand(self, name: str, equ: list[Line], at: int, out: list[str]) -> int:
        if any(equ is active for active in self._active):
            return self._error(RecursiveEquError, "an EQU that does not name itself", repr(name))
        self._nest()
        cursor = self._lines, self._position, self._line, self._token
        self._active.append(equ)
        self._lines, self._position = equ, 0
        at = self._walk(equ[0].tokens, at, out)
        while self._position + 1 < len(equ) and not self._ended:
            if at == DONE and not self._skipping:
                self._emit(out)
            self._position += 1
            out.clear()
            if self._skipping:
                self._skip(equ[self._position].tokens)
                at = START
            else:
                at = self._walk(equ[self._position].tokens, START, out)
        self._depth -= 1
        self._active.pop()
        self._lines, self._position, self._line, self._token = cursor
        return at

    def _equ(self, index: int) -> int:
        """Define the labels before EQU as the rest of the line and of the EQUs without a label that follow."""
        here = self._lines[self._position]
        texts = [here.rest(index)]
        while self._position + 1 < len(self._lines):
            following = self._lines[self._position + 1]
            if following.is_assert or not following.tokens or following.tokens[0][0].upper() != "EQU":
                break
            self._position += 1
            texts.append(following.rest(1))
        if not self._pending:
            self.report.warn(self._line.number, "EQU without a label is ignored")
        for label in self._pending:
            self.symbols.equs[label] = texts
        self._pending.clear()
        return START

    def _for(self, count_tokens: list[Token], first: int) -> int:
        """Visit the lines up to ROF as often as the count says, with the last label before FOR as the counter."""
        counter = self._pending.pop() if self._pending else None
        for label in self._pending:
            self.symbols.labels[label] = self.address
        self._pending.clear()
        count = self._count(count_tokens, first)
        if count <= 0:
            self._skipping += 1
            return FOR
        self._nest()
        lines, start = self._lines, self._position
        for value in range(1, count + 1):
            if counter is not None:
                self.symbols.counters[counter] = value
            self._position = start
            while not self._ended:
                if self._position + 1 == len(lines):
                    self.report.warn(lines[start].number, "FOR without a ROF: its lines are read once")
                    self._ended = True
                    break
                self._position += 1
                if self._visit(lines[self._position]) == ROF:
                    break
            if self._ended:
                break
        self._depth -= 1
        if counter is not None:
            self.symbols.counters.pop(counter, None)
        return FOR

    def _count(self, tokens: list[Token], first: int) -> int:
        """The count of a FOR; 0 where it is wrong, so that one mistake gives one error."""
        text = self._text(tokens, first)
        if text is None:
            return 0
        try:
            count, overflow = evaluate(text, self.symbols.registers)
        except SourceError as error:
            self._error(type(error), error.expected, error.got)
            return 0
        if overflow:
            self.report.warn(self._line.number, "arithmetic overflow in a FOR")
        if count > MAX_FOR:
            self._error(LimitError, f"a count of at most {MAX_FOR}", str(count))
            return 0
        return count

    def _assert(self, line: Line) -> None:
        text = self._text(line.tokens, 0)
        if text is None:
            return
        try:
            value, overflow = evaluate(text, self.symbols.registers)
        except (ExpressionError, UndefinedSymbolError) as error:
            if _FOREIGN.search(line.text, line.offset):
                self._error(type(error), error.expected, error.got)
            else:
                self.report.warn(line.number, f"assertion ignored: expected {error.expected}, got {error.got}")
            return
        if overflow:
            self.report.warn(line.number, "arithmetic overflow in an assertion")
        if value == 0:
            self._error(AssertionFailedError, "the assertion to hold under these rules", repr(text.strip()))

    def _text(self, tokens: list[Token], first: int) -> str | None:
        """What ``tokens`` stand for; None where that gave an error."""
        out: list[str] = []
        if self._walk(tokens, OPERANDS, out, first) == FAILED:
            return None
        text = "".join(out)
        if len(text) > MAX_LINE:
            self._abort(f"at most {MAX_LINE} characters after EQU is expanded", str(len(text)))
        return text

    def _nest(self) -> None:
        self._depth += 1
        if self._depth > MAX_NESTING:
            self._abort(f"at most {MAX_NESTING} EQUs and FORs inside one another", "more")

    def _spend(self, steps: int) -> None:
        self.symbols.steps -= steps
        if self.symbols.steps < 0:
            self._abort(f"at most {MAX_STEPS} tokens after EQU and FOR are expanded", "more")

    def _error(self, kind: type[SourceError], expected: str, got: str) -> int:
        self.report.error(kind, expected, got, self._line.number, self._line.column(self._token), self._line.text)
        return FAILED

    def _abort(self, expected: str, got: str) -> NoReturn:
        self.report.abort(expected, got, self._line.number, self._line.column(self._token), self._line.text)
