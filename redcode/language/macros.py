"""First pass: EQU, FOR and ROF, ``&``, labels and assertions. Lines of source become one statement per instruction.

It works on text, as pMARS does: it puts the text of a name into the line, so ``x*3`` is 7 after ``x EQU 1+2``. A label
that is already defined becomes its distance; the second pass replaces the labels that are defined later.
"""

from __future__ import annotations

from itertools import count

from redcode.errors import (
    AssertionFailedError,
    ConcatenationError,
    ExpressionError,
    LimitError,
    RecursiveEquError,
    TooManyLabelsError,
    UnexpectedTokenError,
    UnopenedForError,
)
from redcode.isa import MNEMONICS
from redcode.language.cursor import At, Cursor
from redcode.language.diagnostics import Diagnostics
from redcode.language.expressions import evaluate, is_foreign
from redcode.language.lexer import DIGITS, LETTERS, MAX_LINE, OPERATIONS, PLAIN, WORD_START, Line, Token
from redcode.language.symbols import MAX_FOR, MAX_LABELS, STATEMENT_STEPS, Piece, Statement, Symbols

_KEYWORDS = OPERATIONS | {"FOR", "ROF", "EQU"}

FAILED, IGNORED, START, LABELS, OPERANDS, ABSOLUTE, STATEMENT, DIRECTIVE, ROF = At


class Expander:
    """The state of the first pass; ``statements`` and the symbols are its result."""

    def __init__(self, lines: list[Line], symbols: Symbols, diagnostics: Diagnostics) -> None:
        self.symbols = symbols
        self.statements: list[Statement] = []
        self.address = 0
        """Number of instructions so far (CURLINE)."""
        self._cursor = Cursor(lines, diagnostics)
        self._ended = False
        self._skipping = 0
        """Number of FORs around this line with a count of 0 or less."""
        self._pending: list[str] = []
        """Labels before the instruction, EQU or FOR that they belong to."""
        self._label_token: int | None = None
        """Index in the line of the last label; None once a colon proves it is a label, not a misspelled opcode."""

    @property
    def last(self) -> Line:
        """The last line that was read."""
        return self._cursor.line

    def run(self) -> None:
        """Read all lines up to END."""
        while not self._ended and (line := self._cursor.following()):
            self._cursor.position += 1
            self._visit(line)
        self._check_loops()
        if self._pending:
            self._cursor.warn(f"labels without an instruction: {', '.join(self._pending)}")

    def _visit(self, line: Line) -> None:
        self._cursor.line, self._cursor.token = line, 0
        if self._skipping:
            self._skip(line.tokens)
        elif len(line.text) > MAX_LINE:
            self._cursor.error(LimitError, f"at most {MAX_LINE} characters in a line", str(len(line.text)))
        elif line.is_assert:
            self._assert(line)
        elif PLAIN(line.text):
            self._finish("MOV")
            self._emit(Statement(line.text, line))
        else:
            out: list[Piece] = []
            outcome = self._walk(line.tokens, START, out)
            if outcome == STATEMENT:
                self._emit(self._statement(out))
            elif outcome == ROF and not self._rof():
                self._cursor.error(UnopenedForError, "a FOR before this ROF", "none")
            elif outcome == FAILED:
                self._place_labels()  # so that lines that use these labels are no further errors

    def _emit(self, statement: Statement) -> None:
        self._cursor.spend(STATEMENT_STEPS)
        self.statements.append(statement)

    def _statement(self, out: list[Piece]) -> Statement:
        return Statement(self._joined(out), self._cursor.line, tuple(out))

    def _joined(self, out: list[Piece]) -> str:
        text = "".join([piece for piece, _ in out])
        if len(text) > MAX_LINE:
            self._cursor.abort(f"at most {MAX_LINE} characters in a line after EQU is expanded", str(len(text)))
        return text

    def _skip(self, tokens: list[Token]) -> At:
        """Skip a line inside a FOR with a count of 0 or less; only FOR and ROF count there."""
        self._cursor.spend(1 + len(tokens))
        for word, _ in tokens:
            upper = word.upper()
            if upper in ("FOR", "ROF"):
                self._skipping += 1 if upper == "FOR" else -1
            elif upper not in _KEYWORDS and word != "CURLINE" and word[0] in WORD_START:
                continue
            break
        return START

    def _walk(self, tokens: list[Token], at: At, out: list[Piece], first: int = 0) -> At:
        """Append the expanded ``tokens`` to ``out``, from this place in a line on; returns the place reached.

        ``first`` is the index in the line of the first token.
        """
        self._cursor.spend(1)
        in_source = self._cursor.in_source
        operation = ""
        i = 0
        while i < len(tokens):
            self._cursor.spend(1)
            word = tokens[i][0]
            if in_source:
                self._cursor.token = first + i
            if word[0] not in WORD_START:
                if at <= LABELS:
                    return self._misplaced(word, at)
                if i and word[0] in DIGITS and tokens[i - 1][0][0] in DIGITS:
                    self._cursor.warn(f"'{tokens[i - 1][0]} {word}' is read as one number: is a comma missing?")
                out.append((word, self._cursor.token))
                i += 1
            elif (upper := word.upper()) in _KEYWORDS:
                if at > LABELS:
                    return self._cursor.error(UnexpectedTokenError, "an operand", repr(word))
                if upper not in OPERATIONS:
                    return self._directive(upper, tokens[i + 1 :], first + i + 1)
                operation = upper
                at = OPERANDS if upper in MNEMONICS else ABSOLUTE
                i = self._copy(tokens, i, out)
            else:
                at, i = self._name(tokens, i, at, out)
                if at == FAILED:
                    return FAILED
        return self._finish(operation) if operation and at != IGNORED else at

    def _misplaced(self, word: str, at: At) -> At:
        """Report a word where a label or an operation is expected."""
        if at != LABELS or word == ":" or self._label_token is None:
            return self._cursor.error(UnexpectedTokenError, "a label or an instruction", repr(word))
        self._cursor.token = self._label_token
        return self._cursor.error(UnexpectedTokenError, "an instruction", repr(self._pending.pop()))

    def _copy(self, tokens: list[Token], i: int, out: list[Piece]) -> int:
        """Copy an operation and all tokens after it up to a blank, as in ``mov.i#1``; returns the next index."""
        end = next((j for j in range(i, len(tokens)) if tokens[j][1]), len(tokens) - 1) + 1
        origins = count(self._cursor.token, step=self._cursor.in_source)  # tokens of an EQU count as its name
        out += [(word + blank, origin) for (word, blank), origin in zip(tokens[i:end], origins, strict=False)]
        return end

    def _finish(self, operation: str) -> At:
        self._place_labels()
        if operation in MNEMONICS:
            self.address += 1
        elif operation == "END":
            self._ended = True
        return STATEMENT

    def _place_labels(self) -> None:
        self.symbols.labels.update(dict.fromkeys(self._pending, self.address))
        self._pending.clear()

    def _name(self, tokens: list[Token], i: int, at: At, out: list[Piece]) -> tuple[At, int]:
        """Replace the name at index ``i``, or take it as a label; returns the place reached and the next index."""
        word, blank = tokens[i]
        i += 1
        while not blank and i + 1 < len(tokens) and tokens[i] == ("&", "") and tokens[i + 1][0][0] in LETTERS:
            counter, blank = tokens[i + 1]
            if counter not in self.symbols.counters:
                return self._cursor.error(ConcatenationError, "the counter of a FOR around this line", repr(counter)), i
            word += f"{self.symbols.counters[counter]:02d}"
            i += 2
        if (equ := self.symbols.equs.get(word)) is not None:
            at = self._expand(word, equ, at, out)
            out.append((blank, self._cursor.token))
            if self._skipping:
                return self._skip(tokens[i:]), len(tokens)
        elif at > LABELS:
            out.append((self._value(word, at) + blank, self._cursor.token))
        else:
            at = self._label(word)
            if at == IGNORED:
                return IGNORED, len(tokens)
            if not blank and i < len(tokens) and tokens[i][0] == ":":
                self._label_token = None
                i += 1
        return at, i

    def _value(self, word: str, at: At) -> str:
        """The text of a name other than an EQU in an operand; the name itself if it is not defined yet."""
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
            return self._cursor.error(UnexpectedTokenError, "a label or an instruction", "the predefined 'CURLINE'")
        if word in self.symbols.labels or word in self.symbols.counters:
            self._cursor.warn(f"label {word!r} is defined already, so this line is ignored")
            return IGNORED
        if len(self._pending) == MAX_LABELS:
            return self._cursor.error(TooManyLabelsError, f"at most {MAX_LABELS} labels", repr(word))
        self._pending.append(word)
        self._label_token = self._cursor.token
        return LABELS

    def _expand(self, name: str, equ: list[Line], at: At, out: list[Piece]) -> At:
        """Walk over the lines of an EQU; each except the last ends a line of code."""
        if self._cursor.is_inside(equ):
            return self._cursor.error(RecursiveEquError, "an EQU that does not name itself", repr(name))
        self._cursor.enter(equ)
        at = self._walk(equ[0].tokens, at, out)
        while True:
            if at == ROF and self._rof():
                at = DIRECTIVE
            if self._ended or not (line := self._cursor.following()):
                break
            if at == STATEMENT and not self._skipping:
                self._emit(self._statement(out))
            self._cursor.position += 1
            out.clear()
            at = self._skip(line.tokens) if self._skipping else self._walk(line.tokens, START, out)
        self._check_loops()
        self._cursor.leave()
        return at

    def _directive(self, name: str, tokens: list[Token], first: int) -> At:
        """Execute EQU, FOR or ROF. ``tokens`` follow it; ``first`` is the index in the line of the first of them."""
        if name == "EQU":
            self._define(len(tokens))
        elif name == "FOR":
            self._for(tokens, first)
        return ROF if name == "ROF" else DIRECTIVE

    def _define(self, length: int) -> None:
        """Define the pending labels as the last ``length`` tokens of the line and the unlabelled EQUs below it."""
        first = self._cursor.lines[self._cursor.position]
        texts = [first.rest(len(first.tokens) - length)]
        while (
            (line := self._cursor.following())
            and not line.is_assert
            and line.tokens
            and line.tokens[0][0].upper() == "EQU"
        ):
            self._cursor.position += 1
            texts.append(line.rest(1))
        if not self._pending:
            self._cursor.warn("EQU without a label is ignored")
        self.symbols.equs.update(dict.fromkeys(self._pending, texts))
        self._pending.clear()

    def _for(self, tokens: list[Token], first: int) -> None:
        """Begin a loop. ``tokens`` are the count of turns, and the last label before FOR is the counter."""
        counter = self._pending.pop() if self._pending else ""
        self._place_labels()
        count = self._count(tokens, first)
        if count <= 0:
            self._skipping += 1
            return
        self._cursor.begin_loop(counter, count)
        self.symbols.counters[counter] = 1

    def _rof(self) -> bool:
        """Return to the FOR or leave the loop; False if the FOR is not in the current list of lines."""
        loop = self._cursor.loop
        if loop is None:
            return False
        is_empty = self._cursor.position == loop.position + 1 and not self._pending
        if loop.turn == loop.count or is_empty:  # more turns of an empty loop would change nothing
            self._cursor.loops.pop()
            self.symbols.counters.pop(loop.counter, None)
        else:
            loop.turn += 1
            self.symbols.counters[loop.counter] = loop.turn
            self._cursor.position = loop.position
        return True

    def _check_loops(self) -> None:
        """Warn and stop if the lines end inside a loop."""
        if (loop := self._cursor.loop) and not self._ended:
            self._cursor.line = loop.opening
            self._cursor.warn("FOR without a ROF: its lines are read once")
            self._ended = True

    def _count(self, tokens: list[Token], first: int) -> int:
        """The count of a FOR; 0 after an error, so that one mistake gives one error."""
        try:
            count = self._evaluate(tokens, first)
        except ExpressionError as error:
            self._cursor.error(type(error), error.expected, error.got)
            return 0
        if count > MAX_FOR:
            self._cursor.error(LimitError, f"a count of at most {MAX_FOR}", str(count))
            return 0
        return count

    def _assert(self, line: Line) -> None:
        """Evaluate an assertion. If it is not an expression, there is only a warning, as in pMARS."""
        try:
            value = self._evaluate(line.tokens, 0)
        except ExpressionError as error:
            if is_foreign(line.condition):
                self._cursor.error(type(error), error.expected, error.got)
            else:
                self._cursor.warn(f"assertion ignored: expected {error.expected}, got {error.got}")
            return
        if value == 0:
            self._cursor.error(AssertionFailedError, "a condition that holds under these rules", repr(line.condition))

    def _evaluate(self, tokens: list[Token], first: int) -> int:
        """Value of an expression; 1 if it contains an error that is already reported. Raises ExpressionError."""
        out: list[Piece] = []
        if self._walk(tokens, OPERANDS, out, first) == FAILED:
            return 1
        self._cursor.token = first
        value, overflow = evaluate(self._joined(out), self.symbols.registers)
        if overflow:
            self._cursor.warn("arithmetic overflow")
        return value
