"""What the older standard, ICWS'88, allows in pMARS: fewer instructions and modes, and no modifiers."""

from __future__ import annotations

from typing import NamedTuple

from redcode.isa import INSTRUCTION_TABLE, Mode, Modifier, Opcode

MODES = (Mode.DIRECT, Mode.IMMEDIATE, Mode.B_INDIRECT, Mode.B_PREDECREMENT)
_ALL = frozenset(MODES)
_NOT_IMMEDIATE = _ALL - {Mode.IMMEDIATE}
_DATA = frozenset({Mode.IMMEDIATE, Mode.B_PREDECREMENT})


class Violation(NamedTuple):
    """The reason why an instruction is not part of ICWS'88."""

    expected: str
    got: str
    part: int
    """The wrong part: 0 is the name, 1 the modifier, 2 and 3 are the operands."""


def spelling(opcode: Opcode) -> str:
    """The name of ``opcode`` in ICWS'88: SEQ is CMP there."""
    return "CMP" if opcode is Opcode.SEQ else opcode.name


def modes(opcode: Opcode) -> tuple[frozenset[Mode], frozenset[Mode]]:
    """Allowed modes of A and of B."""
    match opcode:
        case Opcode.DAT:
            return _DATA, _DATA
        case Opcode.MOV | Opcode.ADD | Opcode.SUB | Opcode.SEQ:
            return _ALL, _NOT_IMMEDIATE
        case Opcode.SLT:
            return _ALL, _ALL
        case _:
            return _NOT_IMMEDIATE, _ALL


def violation(name: str, opcode: Opcode, modifier: Modifier | None, a_mode: Mode, b_mode: Mode) -> Violation | None:
    """What ICWS'88 forbids in an instruction with this spelling and, if given, this modifier; None if it is allowed."""
    if name.upper() == "SEQ" or not INSTRUCTION_TABLE[opcode].in_icws88:
        return Violation("an instruction of ICWS'88", repr(name), 0)
    if modifier is not None:
        return Violation("no modifier under ICWS'88", repr(f".{modifier.name}"), 1)
    a_modes, b_modes = modes(opcode)
    for part, operand, mode, allowed in ((2, "A", a_mode, a_modes), (3, "B", b_mode, b_modes)):
        if mode not in allowed:
            symbols = " ".join(each.symbol for each in Mode if each in allowed)
            return Violation(f"one of {symbols} in {operand} under ICWS'88", repr(mode.symbol), part)
    return None
