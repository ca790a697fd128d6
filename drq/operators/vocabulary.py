"""How redcode is usually written: the odds with which the genetic operator draws instructions and numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

import numpy as np

from drq.operators.numbers import Numbers, modular
from redcode.isa import INSTRUCTION_TABLE, Instruction, Mode, Modifier, Opcode
from redcode.language import icws88
from redcode.rules import Rules, Standard

T = TypeVar("T")


class Odds(StrEnum):
    """Whose habits the draws follow."""

    PLAYERS = "players"
    """Those of people who write warriors."""
    UNIFORM = "uniform"
    """Nobody's: every opcode, mode, modifier and address of the core is as likely as any other."""


@dataclass(frozen=True)
class Habits:
    """The odds behind the draws."""

    opcodes: Mapping[Opcode, float]
    """Relative frequency."""
    modes: Mapping[Mode, float]
    any_modifier: float
    """Probability that a modifier is drawn evenly; the instruction's default one is taken otherwise."""
    reference: float
    """Probability that a number points into the warrior."""
    small: float
    """Probability that it is from -8 to 8; it is any address of the core otherwise."""


_OPCODES = {
    Opcode.MOV: 30.0,
    Opcode.SPL: 16.0,
    Opcode.ADD: 9.0,
    Opcode.JMP: 9.0,
    Opcode.DJN: 8.0,
    Opcode.DAT: 7.0,
    Opcode.SUB: 5.0,
    Opcode.JMZ: 3.0,
    Opcode.JMN: 3.0,
    Opcode.SEQ: 3.0,
    Opcode.SNE: 3.0,
    Opcode.SLT: 1.0,
    Opcode.MUL: 1.0,
    Opcode.DIV: 1.0,
    Opcode.MOD: 1.0,
    Opcode.NOP: 0.5,
    Opcode.LDP: 0.25,
    Opcode.STP: 0.25,
}
"""Relative frequency of the opcodes in new code: roughly how often players use them."""

_MODES = {
    Mode.DIRECT: 35.0,
    Mode.IMMEDIATE: 16.0,
    Mode.B_INDIRECT: 8.0,
    Mode.B_PREDECREMENT: 9.0,
    Mode.B_POSTINCREMENT: 10.0,
    Mode.A_INDIRECT: 6.0,
    Mode.A_PREDECREMENT: 7.0,
    Mode.A_POSTINCREMENT: 9.0,
}

HABITS = {
    Odds.PLAYERS: Habits(_OPCODES, _MODES, any_modifier=0.3, reference=0.5, small=0.25),
    Odds.UNIFORM: Habits(
        dict.fromkeys(_OPCODES, 1.0), dict.fromkeys(_MODES, 1.0), any_modifier=1.0, reference=0.0, small=0.0
    ),
}

_PARTS = ("opcode", "modifier", "a_mode", "b_mode", "a", "b")
_PART_ODDS = (0.14, 0.1, 0.13, 0.13, 0.25, 0.25)


class Vocabulary:
    """Draws from one generator under one set of rules."""

    def __init__(
        self,
        rng: np.random.Generator,
        rules: Rules,
        odds: Odds = Odds.PLAYERS,
        fragments: bool = True,
        numbers: Numbers = Numbers.NEAR,
    ) -> None:
        self.rng = rng
        self.rules = rules
        self.fragments = fragments
        """Whether the fragments of ``idioms`` are part of it."""
        self._habits = HABITS[odds]
        self._numbers = numbers
        old = rules.standard is Standard.ICWS88
        self._opcodes = {op: w for op, w in self._habits.opcodes.items() if not old or INSTRUCTION_TABLE[op].in_icws88}
        self._modes = {mode: w for mode, w in self._habits.modes.items() if not old or mode in icws88.MODES}
        self._any_modifier = not old

    def instruction(self, index: int, length: int) -> Instruction:
        """An instruction at ``index`` of a warrior of ``length``."""
        opcode, a_mode, b_mode = self._draw(self._opcodes), self._draw(self._modes), self._draw(self._modes)
        modifier = self._modifier(opcode, a_mode, b_mode)
        return Instruction(opcode, modifier, a_mode, self.number(index, length), b_mode, self.number(index, length))

    def number(self, index: int, length: int) -> int:
        """A field: a reference into the warrior, a small number, or any address of the core."""
        draw = self.rng.random()
        if draw < self._habits.reference:
            value = int(self.rng.integers(length)) - index
        elif draw < self._habits.reference + self._habits.small:
            value = int(self.rng.integers(-8, 9))
        else:
            value = int(self.rng.integers(self.rules.core_size))
        return value % self.rules.core_size

    def changed(self, code: Sequence[Instruction], index: int) -> Instruction:
        """The instruction at ``index`` of ``code`` with one part drawn anew; numbers may also step or be copied."""
        old = code[index]
        match str(self.rng.choice(_PARTS, p=_PART_ODDS)):
            case "opcode":
                changed = old._replace(opcode=self._draw(self._opcodes))
                return changed._replace(modifier=self._modifier(changed.opcode, old.a_mode, old.b_mode))
            case "modifier" if self._any_modifier:
                return old._replace(modifier=Modifier(int(self.rng.integers(len(Modifier)))))
            case "a_mode":
                changed = old._replace(a_mode=self._draw(self._modes))
            case "b_mode":
                changed = old._replace(b_mode=self._draw(self._modes))
            case "a":
                return old._replace(a=self._changed_number(code, index, old.a))
            case _:
                return old._replace(b=self._changed_number(code, index, old.b))
        if self._any_modifier:
            return changed
        return changed._replace(modifier=_default_modifier(changed.opcode, changed.a_mode, changed.b_mode))

    def _changed_number(self, code: Sequence[Instruction], index: int, value: int) -> int:
        """A neighbour of ``value``, a number found elsewhere in the code, or a new one; or what ``modular`` makes."""
        if self._numbers is Numbers.MODULAR and self.rng.random() < 0.5:
            return modular(value, self.rules.core_size, self.rng)
        draw = self.rng.random()
        if draw < 0.4:
            step = int(self.rng.geometric(0.5)) * (1 if self.rng.random() < 0.5 else -1)
            return (value + step) % self.rules.core_size
        if draw < 0.6:
            other = code[int(self.rng.integers(len(code)))]
            return other.a if self.rng.random() < 0.5 else other.b
        return self.number(index, len(code))

    def _modifier(self, opcode: Opcode, a_mode: Mode, b_mode: Mode) -> Modifier:
        """The default modifier or any."""
        if self._any_modifier and self.rng.random() < self._habits.any_modifier:
            return Modifier(int(self.rng.integers(len(Modifier))))
        return _default_modifier(opcode, a_mode, b_mode)

    def _draw(self, weights: dict[T, float]) -> T:
        total = np.cumsum(list(weights.values()))
        return list(weights)[int(np.searchsorted(total, self.rng.random() * total[-1], side="right"))]


def _default_modifier(opcode: Opcode, a_mode: Mode, b_mode: Mode) -> Modifier:
    return INSTRUCTION_TABLE[opcode].default_modifier.choose(a_mode, b_mode)
