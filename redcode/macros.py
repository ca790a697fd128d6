"""The first pass: EQU, FOR and ROF, ``&``, labels and assertions. Lines of source become one statement an instruction.

It works on text as pMARS does: what a name stands for is pasted into the line, so that ``x*3`` is 7 after
``x EQU 1+2``. Labels are replaced by their distance where they are known; the second pass replaces those further down.
"""

from __future__ import annotations

import re
from enum import IntEnum
from typing import NoReturn

from redcode.diagnostics import Report
from redcode.errors import (
    AssertionFailedError,
    ConcatenationError,
    ExpressionError,
    LimitError,
    RecursiveEquError,
    SourceError,
    TooManyLabelsError,
    UnexpectedTokenError,
    UnopenedForError,
)
from redcode.expressions import evaluate
from redcode.isa import MNEMONICS
from redcode.lexer import LETTERS, MAX_LINE, PLAIN, WORD_START, Line, Token
from redcode.symbols import MAX_FOR, MAX_LABELS, MAX_NESTING, MAX_STEPS, Statement, Symbols

_OPERATIONS = {*MNEMONICS, "ORG", "END", "PIN"}
_KEYWORDS = {*_OPERATIONS, "FOR", "ROF", "EQU"}
_FOREIGN = re.compile(r"[^\w\s()+\-*/%!=<>&|]|[A-Za-z_]\w+\s*\(", re.ASCII)
"""What is no slip in an expression but another language: a strange character, or a call."""


class At(IntEnum):
    """Where in a line a walk over it stands, in the order of a line; at the end, what the line was."""

    FAILED = -2
    """An error is in the report."""
    IGNORED = -1
    """A label was defined already, so the line does not count (pMARS only warns)."""
    START = 0
    LABELS = 1
    OPERANDS = 2
    """After an opcode, where a label is a distance."""
    ABSOLUTE = 3
    """After ORG, END and PIN, where a label is an address."""
    STATEMENT = 4
    FOR = 5
    ROF = 6


FAILED, IGNORED, START, LABELS, OPERANDS, ABSOLUTE, STATEMENT, FOR, ROF = At


class Expander:
    """The state of the first pass; ``statements`` and the symbols are its result."""

    def __init__(self, lines: list[Line], symbols: Symbols, report: Report) -> None:
        self.symbols = symbols
        self.report = report
        self.statements: list[Statement] = []
        self.address = 0
        """Instructions so far, which is CURLINE."""
        self._lines = lines
        self._position = -1
        """Index of the current line in ``_lines``, which are the lines of an EQU while one is expanded."""
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

    def _visit(self, line: Line) -> At:
        self._line, self._token = line, 0
        if self._skipping:
            self._skip(line.tokens)
            return START
        if line.is_assert:
            self._assert(line)
            return START
        if PLAIN(line.text):
            self._spend(1)
            self._place_labels()
            self.address += 1
            self.statements.append(Statement(line.text, line))
            return STATEMENT
        out: list[str] = []
        outcome = self._walk(line.tokens, START, out)
        if outcome == STATEMENT:
            self._emit(out)
        return outcome

    def _emit(self, out: list[str]) -> None:
        self.statements.append(Statement(self._joined(out), self._line))

    def _joined(self, out: list[str]) -> str:
        text = "".join(out)
        if len(text) > MAX_LINE:
            self._abort(f"at most {MAX_LINE} characters in a line after EQU is expanded", str(len(text)))
        return text

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

    def _walk(self, tokens: list[Token], at: At, out: list[str], first: int = 0) -> At:
        """Append to ``out`` what ``tokens`` stand for at this place in a line; returns the place reached.

        ``first`` is the index in the line of the first token.
        """
        self._spend(1 + len(tokens))
        operation = ""
        i = 0
        while i < len(tokens):
            word = tokens[i][0]
            if not self._active:
                self._token = first + i
            if word[0] not in WORD_START:
                if at <= LABELS:
                    return self._error(UnexpectedTokenError, "a label or an instruction", repr(word))
                out.append(word)
                i += 1
            elif (upper := word.upper()) in _KEYWORDS:
                if at > LABELS:
                    return self._error(UnexpectedTokenError, "an operand", repr(word))
                if upper not in _OPERATIONS:
                    return self._directive(upper, tokens[i + 1 :], first + i + 1)
                operation = upper
                at = OPERANDS if upper in MNEMONICS else ABSOLUTE
                i = self._copy(tokens, i, out)
            else:
                at, i = self._name(tokens, i, at, out)
                if at == FAILED:
                    return FAILED
        return self._finish(operation) if operation and at != IGNORED else at

    def _copy(self, tokens: list[Token], i: int, out: list[str]) -> int:
        """Copy an operation and what follows it without a blank, as in ``mov.i#1``; returns the next index."""
        blank = ""
        while i < len(tokens) and not blank:
            word, blank = tokens[i]
            out.append(word + blank)
            i += 1
        return i

    def _finish(self, operation: str) -> At:
        self._place_labels()
        if operation in MNEMONICS:
            self.address += 1
        elif operation == "END":
            self._ended = True
        return STATEMENT

    def _place_labels(self) -> None:
        for label in self._pending:
            self.symbols.labels[label] = self.address
        self._pending.clear()

    def _name(self, tokens: list[Token], i: int, at: At, out: list[str]) -> tuple[At, int]:
        """Deal with the name at index ``i``; returns the place reached and the next index."""
        word, blank = tokens[i]
        i += 1
        while not blank and i + 1 < len(tokens) and tokens[i] == ("&", "") and tokens[i + 1][0][0] in LETTERS:
            counter, blank = tokens[i + 1]
            if counter not in self.symbols.counters:
                return self._error(ConcatenationError, "the counter of a FOR around this line", repr(counter)), i
            word += f"{self.symbols.counters[counter]:02d}"
            i += 2
        if (equ := self.symbols.equs.get(word)) is not None:
            at = self._expand(word, equ, at, out)
            out.append(blank)
            if self._skipping:
                self._skip(tokens[i:])
                return START, len(tokens)
        elif at > LABELS:
            out.append(self._value(word, at) + blank)
        else:
            at = self._label(word)
            if at == IGNORED:
                return IGNORED, len(tokens)
            if not blank and i < len(tokens) and tokens[i][0] == ":":
                i += 1
        return at, i

    def _value(self, word: str, at: At) -> str:
        """What a name other than an EQU stands for in an operand: itself, if only the second pass knows that."""
        if word == "CURLINE":
            return str(self.address)
        if word in self.symbols.counters:
            return f"{self.symbols.counters[word]:02d}"
        address = self.symbols.labels.get(word)
        if address is None:
            return word
        return str(address if at == ABSOLUTE else address - self.address)

    def _label(self, word: str) -> At:
        """Take a name at the start of a line as a label."""
        if word == "CURLINE":
            return self._error(UnexpectedTokenError, "a label or an instruction", "the predefined 'CURLINE'")
        if word in self.symbols.labels or word in self.symbols.counters:
            self.report.warn(self._line.number, f"label {word!r} is defined already, so this line is ignored")
            return IGNORED
        if len(self._pending) == MAX_LABELS:
            return self._error(TooManyLabelsError, f"at most {MAX_LABELS} labels", repr(word))
        self._pending.append(word)
        return LABELS

    def _expand(self, name: str, equ: list[Line], at: At, out: list[str]) -> At:
        """Walk over the texts of an EQU; each but the last is a line of its own."""
        if any(equ is active for active in self._active):
            return self._error(RecursiveEquError, "an EQU that does not name itself", repr(name))
        self._nest()
        cursor = self._lines, self._position, self._line, self._token
        self._active.append(equ)
        self._lines, self._position = equ, 0
        at = self._walk(equ[0].tokens, at, out)
        while self._position + 1 < len(equ) and not self._ended:
            if at == STATEMENT and not self._skipping:
                self._emit(out)
            self._position += 1
            out.clear()
            tokens = equ[self._position].tokens
            if self._skipping:
                self._skip(tokens)
                at = START
            else:
                at = self._walk(tokens, START, out)
        self._active.pop()
        self._lines, self._position, self._line, self._token = cursor
        self._depth -= 1
        return at

    def _directive(self, name: str, tokens: list[Token], first: int) -> At:
        """Deal with EQU, FOR or ROF, which ``tokens`` follow; ``first`` is the index in the line of the first."""
        if name == "EQU":
            self._define(len(self._lines[self._position].tokens) - len(tokens))
            return START
        if name == "FOR":
            self._for(tokens, first)
            return FOR
        return ROF

    def _define(self, index: int) -> None:
        """Define the pending labels as the line from ``index`` on and the EQUs without a label that follow it."""
        texts = [self._lines[self._position].rest(index)]
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

    def _for(self, tokens: list[Token], first: int) -> None:
        """Visit the lines up to ROF as often as ``tokens`` say, with the last label before FOR as the counter."""
        counter = self._pending.pop() if self._pending else ""
        self._place_labels()
        count = self._count(tokens, first)
        if count <= 0:
            self._skipping += 1
            return
        self._nest()
        start = self._position
        for value in range(1, count + 1):
            self.symbols.counters[counter] = value
            self._position = start
            while not self._ended:
                if self._position + 1 == len(self._lines):
                    self.report.warn(self._lines[start].number, "FOR without a ROF: its lines are read once")
                    self._ended = True
                    break
                self._position += 1
                if self._visit(self._lines[self._position]) == ROF:
                    break
            if self._ended:
                break
        self._depth -= 1
        self.symbols.counters.pop(counter, None)

    def _count(self, tokens: list[Token], first: int) -> int:
        """The count of a FOR; 0 where it is wrong, so that one mistake gives one error."""
        text = self._operand_text(tokens, first)
        if text is None:
            return 0
        try:
            count, overflow = evaluate(text, self.symbols.registers)
        except SourceError as error:
            self._error(type(error), error.expected, error.got)
            return 0
        if overflow:
            self.report.warn(self._line.number, "arithmetic overflow")
        if count > MAX_FOR:
            self._error(LimitError, f"a count of at most {MAX_FOR}", str(count))
            return 0
        return count

    def _assert(self, line: Line) -> None:
        """Evaluate an assertion; one that is no expression only gets a warning, as pMARS does."""
        text = self._operand_text(line.tokens, 0)
        if text is None:
            return
        try:
            value, overflow = evaluate(text, self.symbols.registers)
        except ExpressionError as error:
            if _FOREIGN.search(line.text, line.offset):
                self._error(type(error), error.expected, error.got)
            else:
                self.report.warn(line.number, f"assertion ignored: expected {error.expected}, got {error.got}")
            return
        if overflow:
            self.report.warn(line.number, "arithmetic overflow")
        if value == 0:
            self._error(AssertionFailedError, "the assertion to hold under these rules", repr(text.strip()))

    def _operand_text(self, tokens: list[Token], first: int) -> str | None:
        """What ``tokens`` stand for; None where that gave an error."""
        out: list[str] = []
        return None if self._walk(tokens, OPERANDS, out, first) == FAILED else self._joined(out)

    def _nest(self) -> None:
        self._depth += 1
        if self._depth > MAX_NESTING:
            self._abort(f"at most {MAX_NESTING} EQUs and FORs inside one another", "more")

    def _spend(self, steps: int) -> None:
        self.symbols.steps -= steps
        if self.symbols.steps < 0:
            self._abort(f"at most {MAX_STEPS} tokens after EQU and FOR are expanded", "more")

    def _error(self, kind: type[SourceError], expected: str, got: str) -> At:
        self.report.error(kind, expected, got, self._line.number, self._line.column(self._token), self._line.text)
        return FAILED

    def _abort(self, expected: str, got: str) -> NoReturn:
        self.report.abort(expected, got, self._line.number, self._line.column(self._token), self._line.text)
