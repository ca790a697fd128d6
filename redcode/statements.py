"""The second pass: a statement, in which labels further down may still be named, becomes an instruction."""

from __future__ import annotations

from contextlib import suppress
from re import Match

from redcode.diagnostics import Report
from redcode.errors import (
    ExpressionError,
    ICWS88Error,
    LimitError,
    MissingOperandError,
    ModifierError,
    RecursiveEquError,
    SourceError,
    UndefinedSymbolError,
    UnexpectedTokenError,
)
from redcode.expressions import evaluate
from redcode.icws88 import violation
from redcode.isa import (
    INSTRUCTION_TABLE,
    MNEMONICS,
    MODES_BY_SYMBOL,
    Instruction,
    LoneOperand,
    Mode,
    Modifier,
    OpcodeInfo,
)
from redcode.lexer import MAX_LINE, OPERATIONS, PLAIN, TOKEN, WORD_START, Line
from redcode.rules import Rules, Standard
from redcode.symbols import MAX_NESTING, MAX_STEPS, Statement, Symbols

_TABLE: dict[str, OpcodeInfo] = {name: INSTRUCTION_TABLE[opcode] for name, opcode in MNEMONICS.items()}
_PSEUDO = OPERATIONS - _TABLE.keys()
_EXPRESSION = frozenset("()/+-%!=<>*") | {"&&", "||"}
_MODIFIERS = {modifier.name: modifier for modifier in Modifier}


def _plain(match: Match[str], core_size: int) -> Instruction:
    """The instruction that ``PLAIN`` matched."""
    name, modifier, a_symbol, a, b_symbol, b = match.groups()
    info = _TABLE[name.upper()]
    a_mode, b_mode = MODES_BY_SYMBOL[a_symbol or "$"], MODES_BY_SYMBOL[b_symbol or "$"]
    kind = _MODIFIERS[modifier.upper()] if modifier else info.default_modifier.choose(a_mode, b_mode)
    return Instruction(info.opcode, kind, a_mode, int(a) % core_size, b_mode, int(b) % core_size)


class _StatementError(Exception):
    """Leaves one statement; the error is in the report already."""


class Encoder:
    """The state of the second pass; ``code``, ``start`` and ``pin`` are its result."""

    def __init__(self, rules: Rules, symbols: Symbols, report: Report) -> None:
        self.rules = rules
        self.symbols = symbols
        self.report = report
        self.code: list[Instruction] = []
        self.start = 0
        self.pin: int | None = None
        self.spelled_cmp: list[int] = []
        self._line = Line(0, "")
        self._address = 0
        self._start_line = 0
        self._steps = MAX_STEPS

    def run(self, statements: list[Statement]) -> None:
        """Encode all statements; what is wrong with them goes to the report."""
        for text, self._line in statements:
            if self.rules.standard is Standard.ICWS94 and (plain := PLAIN(text)):
                self._append(_plain(plain, self.rules.core_size), plain[1].upper())
                self._address += 1
                continue
            with suppress(_StatementError):
                self._statement([word for word, _ in TOKEN.findall(text)])
        if self.start >= len(self.code) > 0:
            self.report.warn(self._start_line, f"execution starts at {self.start}, outside the warrior")

    def _append(self, instruction: Instruction, name: str) -> None:
        if name == "CMP":
            self.spelled_cmp.append(len(self.code))
        self.code.append(instruction)

    def _statement(self, tokens: list[str]) -> None:
        name = tokens[0].upper() if tokens else ""
        if name in _PSEUDO:
            self._pseudo(name, tokens)
        elif name in _TABLE:
            try:
                self._append(self._instruction(_TABLE[name], tokens), name)
            finally:
                self._address += 1
        else:  # an EQU of several lines pasted into an operand leaves such a line
            got = repr(tokens[0]) if tokens else "nothing"
            raise self._error(UnexpectedTokenError, "an instruction", got, tokens[0] if tokens else "")

    def _pseudo(self, name: str, tokens: list[str]) -> None:
        """ORG, END or PIN."""
        parts = self._replaced(tokens[1:], absolute=True)
        self._check(parts, 1)
        value = self._evaluate(parts, 1)
        if name != "END" and self.rules.standard is Standard.ICWS88:
            raise self._error(ICWS88Error, "an instruction of ICWS'88", repr(name), name)
        if name == "PIN":
            self.pin = value
        elif name == "END" and value and self.start:
            self.report.warn(self._line.number, "END's start is ignored, as ORG gives one")
        elif name == "ORG" or value:
            self.start = value % self.rules.core_size
            self._start_line = self._line.number

    def _instruction(self, info: OpcodeInfo, tokens: list[str]) -> Instruction:
        words = tokens[1:]
        modifier = None
        if words and words[0] == ".":
            modifier = _MODIFIERS.get(words[1].upper()) if len(words) > 1 else None
            if modifier is None:
                word = words[1] if len(words) > 1 else "."
                got = repr(word) if len(words) > 1 else "the end of the line"
                raise self._error(ModifierError, "a modifier (A, B, AB, BA, F, X or I)", got, word)
            words = words[2:]
        parts = self._replaced(words, absolute=False)
        comma = parts.index(",") if "," in parts else len(parts)
        if comma == 0 and parts:
            raise self._error(UnexpectedTokenError, "an A operand", "','", ",")
        a_mode, a_parts = self._operand(parts[:comma], 1)
        if comma < len(parts):
            b_mode, b_parts = self._operand(parts[comma + 1 :], 2)
            if not b_parts:
                raise self._error(MissingOperandError, "a B operand", "the end of the line", ",")
        elif not a_parts:
            raise self._error(MissingOperandError, f"an operand for {tokens[0]}", "the end of the line", tokens[0])
        elif info.lone_operand is LoneOperand.IS_A:
            b_mode, b_parts = Mode.DIRECT, []
        elif info.lone_operand is LoneOperand.IS_B:
            a_mode, a_parts, b_mode, b_parts = Mode.IMMEDIATE, [], a_mode, a_parts
        else:
            raise self._error(MissingOperandError, f"two operands for {tokens[0]}", "one", tokens[0])
        if self.rules.standard is Standard.ICWS88:
            wrong = violation(tokens[0], info.opcode, modifier, a_mode, b_mode)
            if wrong is not None:
                raise self._error(ICWS88Error, *wrong)
        a = self._evaluate(a_parts, 1) % self.rules.core_size
        b = self._evaluate(b_parts, 2 if comma < len(parts) else 1) % self.rules.core_size
        if modifier is None:
            modifier = info.default_modifier.choose(a_mode, b_mode)
        return Instruction(info.opcode, modifier, a_mode, a, b_mode, b)

    def _operand(self, parts: list[str], operand: int) -> tuple[Mode, list[str]]:
        """Mode and expression of the first or second operand."""
        mode = Mode.DIRECT
        if parts and parts[0] in MODES_BY_SYMBOL:
            mode, parts = MODES_BY_SYMBOL[parts[0]], parts[1:]
        self._check(parts, operand)
        return mode, parts

    def _check(self, parts: list[str], operand: int) -> None:
        for part in parts:
            if part not in _EXPRESSION and not part.isalnum():
                raise self._error(UnexpectedTokenError, "an operand", repr(part), part, operand)

    def _replaced(self, words: list[str], absolute: bool) -> list[str]:
        """Tokens in which every name is replaced by what it stands for."""
        parts: list[str] = []
        self._replace(words, absolute, parts, [])
        return parts

    def _replace(self, words: list[str], absolute: bool, parts: list[str], active: list[str]) -> None:
        self._steps -= len(words)
        if self._steps < 0 or len(active) > MAX_NESTING or len(parts) > MAX_LINE:
            self.report.abort("a shorter expansion of EQU", "a longer one", self._line.number, 1, self._line.text)
        for word in words:
            if word[0] not in WORD_START:
                parts.append(word)
                continue
            equ = self.symbols.equs.get(word)
            if equ is not None:
                if word in active:
                    raise self._error(RecursiveEquError, "an EQU that does not name itself", repr(word), word)
                self._replace([text for text, _ in equ[0].tokens], absolute, parts, [*active, word])
                continue
            address = self.symbols.labels.get(word)
            if address is not None:
                value = address if absolute else address - self._address
                parts.extend(["-", str(-value)] if value < 0 else [str(value)])
            elif len(word) == 1:
                parts.append(word)
            else:
                raise self._error(UndefinedSymbolError, "a defined name", repr(word), word)

    def _evaluate(self, parts: list[str], operand: int) -> int:
        """Value of an expression, 0 for an empty one."""
        if not parts:
            return 0
        text = "".join([part + " " if part[0].isdigit() else part for part in parts])
        if len(text) > MAX_LINE:
            expected = f"an operand of at most {MAX_LINE} characters"
            raise self._error(LimitError, expected, str(len(text)), operand=operand)
        try:
            value, overflow = evaluate(text, self.symbols.registers)
        except ExpressionError as error:
            raise self._error(type(error), error.expected, error.got, operand=operand) from None
        if overflow:
            self.report.warn(self._line.number, "arithmetic overflow")
        return value

    def _error(
        self, kind: type[SourceError], expected: str, got: str, word: str = "", operand: int = 0
    ) -> _StatementError:
        line = self._line
        self.report.error(kind, expected, got, line.number, line.column_of(word, operand), line.text)
        return _StatementError()
