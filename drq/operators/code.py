"""Edits of assembled code that keep what its addresses mean.

An operand that points at an instruction of its own warrior is a reference, as a label would be: when instructions are
inserted, deleted or moved, references are recomputed, so that a loop stays a loop. All other numbers stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from redcode.isa import Instruction, Mode, signed
from redcode.warrior import Warrior

Line = tuple[int | None, Instruction]
"""An instruction and the index it had before the edit; None for one that is new."""


@dataclass(frozen=True)
class Code:
    """A warrior's code under edit: what fights, without name or comments."""

    instructions: tuple[Instruction, ...]
    start: int

    @classmethod
    def of(cls, warrior: Warrior) -> Code:
        """The code of ``warrior``."""
        return cls(warrior.code, warrior.start)

    def __len__(self) -> int:
        """Number of instructions."""
        return len(self.instructions)

    def rearranged(self, lines: Sequence[Line], core_size: int) -> Code:
        """The code that ``lines`` make: references follow the instruction they meant, wherever it first stands now.

        A reference to an instruction that is gone keeps its distance, and so do the numbers of new instructions.
        """
        moved: dict[int, int] = {}
        for index, (old, _) in enumerate(lines):
            if old is not None:
                moved.setdefault(old, index)

        def follow(mode: Mode, value: int, old: int, index: int) -> int:
            target = old + signed(value, core_size)
            if mode is Mode.IMMEDIATE or target not in moved:
                return value
            return (moved[target] - index) % core_size

        code = tuple(
            instruction
            if old is None
            else instruction._replace(
                a=follow(instruction.a_mode, instruction.a, old, index),
                b=follow(instruction.b_mode, instruction.b, old, index),
            )
            for index, (old, instruction) in enumerate(lines)
        )
        return Code(code, moved.get(self.start, min(self.start, len(code) - 1)))
