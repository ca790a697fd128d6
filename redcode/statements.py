"""The second pass: a statement, in which labels further down may still be named, becomes an instruction."""

from __future__ import annotations

from redcode.diagnostics import Report
from redcode.errors import (
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
from redcode.isa import (
    INSTRUCTION_TABLE,
    MNEMONICS,
    MODES_BY_SYMBOL,
    Instruction,
    LoneOperand,
    Mode,
    Modifier,
    Opcode,
    OpcodeInfo,
)
from redcode.lexer import MAX_LINE, TOKEN, Line
from redcode.macros import MAX_NESTING, WORD_START, Statement, Symbols
from redcode.rules import Rules, Standard

_TABLE: dict[str, OpcodeInfo] = {name: INSTRUCTION_TABLE[opcode] for name, opcode in MNEMONICS.items()}
_EXPRESSION = frozenset("()/+-%!=<>*") | {"&&", "||"}
_MODIFIERS = {modifier.name: modifier for modifier in Modifier}
_ICWS88_MODES = frozenset({Mode.DIRECT, Mode.IMMEDIATE, Mode.B_INDIRECT, Mode.B_PREDECREMENT})
_NOT_IMMEDIATE = _ICWS88_MODES - {Mode.IMMEDIATE}
_DATA = frozenset({Mode.IMMEDIATE, Mode.B_PREDECREMENT})


def _icws88_modes(opcode: Opcode) -> tuple[frozenset[Mode], frozenset[Mode]]:
    """Modes that the older standard allows in A and in B."""
    if opcode is Opcode.DAT:
        return _DATA, _DATA
    if opcode in (Opcode.MOV, Opcode.ADD, Opcode.SUB, Opcode.SEQ):
        return _ICWS88_MODES, _NOT_IMMEDIATE
    if opcode is Opcode.SLT:
        return _ICWS88_MODES, _ICWS88_MODES
    return _NOT_IMMEDIATE, _ICWS88_MODES


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
        self._line = Line(0, "")
        self._address = 0

    def run(self, statements: list[Statement]) -> None:
        """Encode all statements; what is wrong with them goes to the report."""
        for text, self._line in statements:
            tokens = [word for word, _ in TOKEN.findall(text)]
            name = tokens[0].upper()
            info = _TABLE.get(name)
            try:
                if info is None:
                    self._pseudo(name, tokens)
                else:
                    self.code.append(self._instruction(info, tokens))
            except _StatementError:
                pass
            self._address += info is not None

    def _pseudo(self, name: str, tokens: list[str]) -> None:
        """ORG, END or PIN."""
        parts = self._replaced(tokens[1:], absolute=True)
        for part in parts:
            self._check_part(part)
        value = self._evaluate(parts) if parts else 0
        if name != "END" and self.rules.standard is Standard.ICWS88:
            raise self._error(ICWS88Error, "an instruction of ICWS'88", repr(name), name)
        if name == "PIN":
            self.pin = value
        elif name == "ORG":
            self.start = value % self.rules.core_size
        elif value and self.start:
            self.report.warn(self._line.number, "END's start is ignored, as ORG gives one")
        elif value:
            self.start = value % self.rules.core_size

    def _instruction(self, info: OpcodeInfo, tokens: list[str]) -> Instruction:
        words = tokens[1:]
        modifier = None
        if words and words[0] == ".":
            modifier = _MODIFIERS.get(words[1].upper()) if len(words) > 1 else None
            if modifier is None:
                got = repr(words[1]) if len(words) > 1 else "the end of the line"
                raise self._error(ModifierError, "a modifier (A, B, AB, BA, F, X or I)", got, words[-1])
            words = words[2:]
        parts = self._replaced(words, absolute=False)
        comma = parts.index(",") if "," in parts else len(parts)
        a_mode, a_parts = self._operand(parts[:comma], "A")
        if comma < len(parts):
            b_mode, b_parts = self._operand(parts[comma + 1 :], "B")
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
            self._check_icws88(info, tokens, modifier, a_mode, b_mode)
        a = self._evaluate(a_parts) % self.rules.core_size if a_parts else 0
        b = self._evaluate(b_parts) % self.rules.core_size if b_parts else 0
        if modifier is None:
            modifier = info.default_modifier.choose(a_mode, b_mode)
        return Instruction(info.opcode, modifier, a_mode, a, b_mode, b)

    def _operand(self, parts: list[str], which: str) -> tuple[Mode, list[str]]:
        """Mode and expression of one operand."""
        mode = Mode.DIRECT
        if not parts and which == "A":
            return mode, parts
        if parts and parts[0] in MODES_BY_SYMBOL:
            mode, parts = MODES_BY_SYMBOL[parts[0]], parts[1:]
        for part in parts:
            self._check_part(part)
        return mode, parts

    def _check_part(self, part: str) -> None:
        if part not in _EXPRESSION and not part.isalnum():
            raise self._error(UnexpectedTokenError, "an operand", repr(part), part)

    def _check_icws88(
        self, info: OpcodeInfo, tokens: list[str], modifier: Modifier | None, a_mode: Mode, b_mode: Mode
    ) -> None:
        if not info.in_icws88 or tokens[0].upper() == "SEQ":
            raise self._error(ICWS88Error, "an instruction of ICWS'88", repr(tokens[0]), tokens[0])
        if modifier is not None:
            raise self._error(ICWS88Error, "no modifier under ICWS'88", repr("." + modifier.name), ".")
        for mode, allowed, which in zip((a_mode, b_mode), _icws88_modes(info.opcode), "AB", strict=True):
            if mode not in allowed:
                modes = " ".join(allowed_mode.symbol for allowed_mode in Mode if allowed_mode in allowed)
                expected = f"one of {modes} in {which} of {tokens[0]} under ICWS'88"
                raise self._error(ICWS88Error, expected, repr(mode.symbol), mode.symbol)

    def _replaced(self, words: list[str], absolute: bool) -> list[str]:
        """Tokens in which every name is replaced by what it stands for."""
        parts: list[str] = []
        self._replace(words, absolute, parts, [])
        return parts

    def _replace(self, words: list[str], absolute: bool, parts: list[str], active: list[str]) -> None:
        self.symbols.steps -= len(words)
        if self.symbols.steps < 0 or len(active) > MAX_NESTING or len(parts) > MAX_LINE:
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

    def _evaluate(self, parts: list[str]) -> int:
        text = "".join([part + " " if part[0].isdigit() else part for part in parts])
        if len(text) > MAX_LINE:
            raise self._error(LimitError, f"an operand of at most {MAX_LINE} characters", str(len(text)), parts[0])
        try:
            value, overflow = evaluate(text, self.symbols.registers)
        except SourceError as error:
            raise self._error(type(error), error.expected, error.got, parts[0]) from None
        if overflow:
            self.report.warn(self._line.number, "arithmetic overflow")
        return value

    def _error(self, kind: type[SourceError], expected: str, got: str, word: str) -> _StatementError:
        line = self._line
        self.report.error(kind, expected, got, line.number, line.column_of(word), line.text)
        return _StatementError()
