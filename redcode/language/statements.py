"""Second pass: a statement, which may still name labels that are defined later, becomes an instruction."""

from __future__ import annotations

from re import Match
from typing import NamedTuple

from redcode.errors import (
    ExpressionError,
    ICWS88Error,
    LengthError,
    LimitError,
    MissingOperandError,
    ModifierError,
    RecursiveEquError,
    SourceError,
    UndefinedSymbolError,
    UnexpectedTokenError,
)
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
from redcode.language.diagnostics import Diagnostics
from redcode.language.expressions import evaluate
from redcode.language.icws88 import violation
from redcode.language.lexer import MAX_LINE, OPERATIONS, PLAIN, TOKEN, WORD_START, Line, Place
from redcode.language.symbols import MAX_NESTING, MAX_STEPS, Statement, Symbols
from redcode.rules import Rules, Standard

_TABLE: dict[str, OpcodeInfo] = {name: INSTRUCTION_TABLE[opcode] for name, opcode in MNEMONICS.items()}
_PSEUDO = OPERATIONS - _TABLE.keys()
_EXPRESSION = frozenset("()/+-%!=<>*") | {"&&", "||"}
_MODIFIERS = {modifier.name: modifier for modifier in Modifier}


def _plain(match: Match[str], core_size: int) -> Instruction:
    """The instruction in a match of ``PLAIN``."""
    name, modifier, a_symbol, a, b_symbol, b = match.groups()
    info = _TABLE[name.upper()]
    a_mode, b_mode = MODES_BY_SYMBOL[a_symbol or "$"], MODES_BY_SYMBOL[b_symbol or "$"]
    kind = _MODIFIERS[modifier.upper()] if modifier else info.default_modifier.choose(a_mode, b_mode)
    return Instruction(info.opcode, kind, a_mode, int(a) % core_size, b_mode, int(b) % core_size)


_Part = tuple[str, int]
"""A word, and the index in the statement of the token that it comes from."""


class _Operand(NamedTuple):
    mode: Mode
    parts: list[_Part]
    """The expression."""
    token: int = 0
    """Index in the statement of the first token; without an operand, that of the operation."""


class Encoder:
    """The state of the second pass; its result is ``code``, ``start``, ``pin`` and ``spelled_cmp``."""

    def __init__(self, rules: Rules, symbols: Symbols, diagnostics: Diagnostics) -> None:
        self.rules = rules
        self.symbols = symbols
        self.diagnostics = diagnostics
        self.code: list[Instruction] = []
        self.start = 0
        self.pin: int | None = None
        self.spelled_cmp: list[int] = []
        self._statement = Statement("", Line(1, ""))
        self._excess: Place | None = None
        """Place of the first instruction beyond the maximal length."""
        self._start_line = 0
        self._steps = MAX_STEPS

    def run(self, statements: list[Statement], last: Line) -> None:
        """Encode all statements and report their errors; ``last`` is the last line of the text."""
        for self._statement in statements:
            if self.rules.standard is Standard.ICWS94 and (plain := PLAIN(self._statement.text)):
                self._append(_plain(plain, self.rules.core_size), plain[1].upper())
            else:
                self._encode([(word, index) for index, (word, _) in enumerate(TOKEN.findall(self._statement.text))])
        length, has_errors = len(self.code), self.diagnostics.has_errors
        if self._excess or not (length or has_errors):
            expected = f"1 to {self.rules.max_length} instructions"
            self.diagnostics.error(LengthError, expected, str(length), self._excess or last.place(0))
        elif self.start >= length and not has_errors:
            self.diagnostics.warn(self._start_line, f"execution starts at {self.start}, outside the warrior")

    def _append(self, instruction: Instruction, name: str) -> None:
        if name == "CMP":
            self.spelled_cmp.append(len(self.code))
        if len(self.code) == self.rules.max_length:
            self._excess = self._statement.place(0)
        self.code.append(instruction)

    def _encode(self, words: list[_Part]) -> None:
        name = words[0][0].upper() if words else ""
        if name in _PSEUDO:
            self._pseudo(name, words)
        elif name in _TABLE:
            self._append(self._instruction(_TABLE[name], words), name)
        else:  # an EQU of several lines inside an operand leaves such a line
            self._error(UnexpectedTokenError, "an instruction", repr(words[0][0]) if words else "nothing", 0)

    def _pseudo(self, name: str, words: list[_Part]) -> None:
        """ORG, END or PIN."""
        value = self._value(self._replaced(words[1:], absolute=True))
        if name != "END" and self.rules.standard is Standard.ICWS88:
            self._error(ICWS88Error, "an instruction of ICWS'88", repr(words[0][0]), 0)
        if name == "PIN":
            self.pin = value
        elif name == "END" and value and self.start:
            self.diagnostics.warn(self._statement.line.number, "END's start is ignored, as ORG gives one")
        elif name == "ORG" or value:
            self.start = value % self.rules.core_size
            self._start_line = self._statement.line.number

    def _instruction(self, info: OpcodeInfo, words: list[_Part]) -> Instruction:
        """The instruction; after an error any instruction, so that the other statements are checked too."""
        name = words[0][0]
        modifier, words = self._modifier(words[1:])
        parts = self._replaced(words, absolute=False)
        comma = [*(word for word, _ in parts), ","].index(",")
        a, b = _operand(parts[:comma]), _operand(parts[comma + 1 :])
        complete = self._is_complete(name, info, a, parts[comma : comma + 1], b)
        if comma == len(parts) and info.lone_operand is LoneOperand.IS_B:
            a, b = _Operand(Mode.IMMEDIATE, []), a
        if complete and self.rules.standard is Standard.ICWS88:
            wrong = violation(name, info.opcode, modifier, a.mode, b.mode)
            if wrong is not None:
                self._error(ICWS88Error, wrong.expected, wrong.got, (0, 1, a.token, b.token)[wrong.part])
        a_value = self._value(a.parts) % self.rules.core_size
        b_value = self._value(b.parts) % self.rules.core_size
        if modifier is None:
            modifier = info.default_modifier.choose(a.mode, b.mode)
        return Instruction(info.opcode, modifier, a.mode, a_value, b.mode, b_value)

    def _modifier(self, words: list[_Part]) -> tuple[Modifier | None, list[_Part]]:
        """The modifier, or None, and the words after it."""
        if not words or words[0][0] != ".":
            return None, words
        modifier = _MODIFIERS.get(words[1][0].upper()) if len(words) > 1 else None
        if modifier is None:
            got = repr(words[1][0]) if len(words) > 1 else "the end of the line"
            self._error(ModifierError, "a modifier (A, B, AB, BA, F, X or I)", got, words[:2][-1][1])
        return modifier, words[2:]

    def _is_complete(self, name: str, info: OpcodeInfo, a: _Operand, comma: list[_Part], b: _Operand) -> bool:
        """Whether the instruction has its operands; a missing one is reported."""
        if comma and not (a.parts or a.token):
            self._error(UnexpectedTokenError, "an A operand", "','", comma[0][1])
        elif comma and not b.parts:
            self._error(MissingOperandError, "a B operand", "the end of the line", comma[0][1])
        elif not comma and not a.parts:
            self._error(MissingOperandError, f"an operand for {name}", "the end of the line", 0)
        elif not comma and info.lone_operand is LoneOperand.REFUSED:
            self._error(MissingOperandError, f"two operands for {name}", "one", 0)
        else:
            return True
        return False

    def _replaced(self, words: list[_Part], absolute: bool) -> list[_Part]:
        """The words, with every defined name replaced."""
        parts: list[_Part] = []
        self._replace(words, absolute, parts, [])
        return parts

    def _replace(self, words: list[_Part], absolute: bool, parts: list[_Part], active: list[str]) -> None:
        self._steps -= len(words)
        if self._steps < 0 or len(active) > MAX_NESTING or len(parts) > MAX_LINE:
            self.diagnostics.abort("a shorter expansion of EQU", "a longer one", self._statement.place(0))
        equs, labels = self.symbols.equs, self.symbols.labels
        for part in words:
            word, token = part
            if word[0] not in WORD_START:
                parts.append(part)
            elif word in equs and word not in active:
                self._replace([(text, token) for text, _ in equs[word][0].tokens], absolute, parts, [*active, word])
            elif word in labels and word not in equs:
                value = labels[word] if absolute else labels[word] - len(self.code)
                parts += [("-", token), (str(-value), token)] if value < 0 else [(str(value), token)]
            else:
                parts.append(part)  # a register, or a mistake that _is_readable reports

    def _value(self, parts: list[_Part]) -> int:
        """Value of an expression; 0 if it is empty or has an error."""
        if not parts or not self._is_readable(parts):
            return 0
        token = parts[0][1]
        text = "".join([part + " " if part[0].isdigit() else part for part, _ in parts])
        if len(text) > MAX_LINE:
            self._error(LimitError, f"an operand of at most {MAX_LINE} characters", str(len(text)), token)
            return 0
        try:
            value, overflow = evaluate(text, self.symbols.registers)
        except ExpressionError as error:
            self._error(type(error), error.expected, error.got, token)
            return 0
        if overflow:
            self.diagnostics.warn(self._statement.line.number, "arithmetic overflow")
        return value

    def _is_readable(self, parts: list[_Part]) -> bool:
        """Whether the words form an expression; undefined names and the first wrong word are reported."""
        readable = True
        for word, token in parts:
            if word in _EXPRESSION or word.isdigit():
                continue
            if word in self.symbols.equs:
                self._error(RecursiveEquError, "an EQU that does not name itself", repr(word), token)
            elif len(word) > 1 and word[0] in WORD_START:
                self._error(UndefinedSymbolError, "a defined name", repr(word), token)
            elif word.isalnum():
                continue
            else:
                self._error(UnexpectedTokenError, "an operand", repr(word), token)
                return False
            readable = False
        return readable

    def _error(self, kind: type[SourceError], expected: str, got: str, token: int) -> None:
        self.diagnostics.error(kind, expected, got, self._statement.place(token))


def _operand(parts: list[_Part]) -> _Operand:
    if parts and parts[0][0] in MODES_BY_SYMBOL:
        return _Operand(MODES_BY_SYMBOL[parts[0][0]], parts[1:], parts[0][1])
    return _Operand(Mode.DIRECT, parts, parts[0][1] if parts else 0)
