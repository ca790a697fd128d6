"""The instruction set as one table: opcodes, modifiers, addressing modes, defaults, and the packed word.

All other code, and the description of the language for a model, read the instruction set here. Source: the ICWS'94
draft (Annotated Draft of the Proposed 1994 Core War Standard, version 3.3), with LDP, STP and NOP as in pMARS.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple


class Opcode(IntEnum):
    """What an instruction does. ``CMP`` is only another spelling of SEQ."""

    DAT = 0
    MOV = 1
    ADD = 2
    SUB = 3
    MUL = 4
    DIV = 5
    MOD = 6
    JMP = 7
    JMZ = 8
    JMN = 9
    DJN = 10
    SPL = 11
    SEQ = 12
    SNE = 13
    SLT = 14
    LDP = 15
    STP = 16
    NOP = 17


class Modifier(IntEnum):
    """The fields that an instruction uses. F is 0, so that an empty cell, ``DAT.F $0, $0``, is the word 0."""

    F = 0
    A = 1
    B = 2
    AB = 3
    BA = 4
    X = 5
    I = 6  # noqa: E741 - the standard's own name


class Mode(IntEnum):
    """How an operand finds its address. The kernel needs this order: B-indirect modes before A-indirect ones."""

    DIRECT = 0
    IMMEDIATE = 1
    B_INDIRECT = 2
    B_PREDECREMENT = 3
    B_POSTINCREMENT = 4
    A_INDIRECT = 5
    A_PREDECREMENT = 6
    A_POSTINCREMENT = 7

    @property
    def symbol(self) -> str:
        """The character that marks this mode in redcode."""
        return MODE_SYMBOLS[self]


MODE_SYMBOLS: dict[Mode, str] = dict(zip(Mode, "$#@<>*{}", strict=True))
MODES_BY_SYMBOL: dict[str, Mode] = {symbol: mode for mode, symbol in MODE_SYMBOLS.items()}

MODE_MEANINGS: dict[Mode, str] = {
    Mode.DIRECT: "the cell at this distance",
    Mode.IMMEDIATE: "the number itself: the operand is this instruction's own cell",
    Mode.B_INDIRECT: "through the B field of the cell at this distance",
    Mode.B_PREDECREMENT: "as @, after taking 1 from that B field",
    Mode.B_POSTINCREMENT: "as @, then 1 is added to that B field",
    Mode.A_INDIRECT: "through the A field of the cell at this distance",
    Mode.A_PREDECREMENT: "as *, after taking 1 from that A field",
    Mode.A_POSTINCREMENT: "as *, then 1 is added to that A field",
}

MODIFIER_MEANINGS: dict[Modifier, str] = {
    Modifier.A: "A field to A field",
    Modifier.B: "B field to B field",
    Modifier.AB: "A field to B field",
    Modifier.BA: "B field to A field",
    Modifier.F: "both fields, A to A and B to B",
    Modifier.X: "both fields crossed, A to B and B to A",
    Modifier.I: "the whole instruction",
}


class DefaultModifier(NamedTuple):
    """The modifier of an instruction that is written without one (ICWS'94 draft, appendix A)."""

    with_immediate_a: Modifier
    with_immediate_b: Modifier
    otherwise: Modifier

    def choose(self, a_mode: Mode, b_mode: Mode) -> Modifier:
        """The modifier for these modes; ``#`` in A comes before ``#`` in B."""
        if a_mode is Mode.IMMEDIATE:
            return self.with_immediate_a
        return self.with_immediate_b if b_mode is Mode.IMMEDIATE else self.otherwise


class LoneOperand(IntEnum):
    """What a single operand means."""

    IS_A = 0
    """It is the A operand; B is ``$0``."""
    IS_B = 1
    """It is the B operand; A is ``#0`` (DAT)."""
    REFUSED = 2


@dataclass(frozen=True, slots=True)
class OpcodeInfo:
    """One row of the instruction table."""

    opcode: Opcode
    meaning: str
    default_modifier: DefaultModifier
    lone_operand: LoneOperand
    in_icws88: bool


_L = LoneOperand
_ALWAYS_F, _ALWAYS_B = (DefaultModifier(modifier, modifier, modifier) for modifier in (Modifier.F, Modifier.B))
_AB_B_I, _AB_B_F, _AB_B_B = (
    DefaultModifier(Modifier.AB, Modifier.B, modifier) for modifier in (Modifier.I, Modifier.F, Modifier.B)
)
INSTRUCTION_TABLE: dict[Opcode, OpcodeInfo] = {
    row.opcode: row
    for row in (
        OpcodeInfo(Opcode.DAT, "data: a process that executes it dies", _ALWAYS_F, _L.IS_B, True),
        OpcodeInfo(Opcode.MOV, "copy A to B", _AB_B_I, _L.REFUSED, True),
        OpcodeInfo(Opcode.ADD, "add A to B", _AB_B_F, _L.REFUSED, True),
        OpcodeInfo(Opcode.SUB, "subtract A from B", _AB_B_F, _L.REFUSED, True),
        OpcodeInfo(Opcode.MUL, "multiply B by A", _AB_B_F, _L.REFUSED, False),
        OpcodeInfo(Opcode.DIV, "divide B by A; dividing by 0 kills the process", _AB_B_F, _L.REFUSED, False),
        OpcodeInfo(Opcode.MOD, "B becomes B modulo A; modulo 0 kills the process", _AB_B_F, _L.REFUSED, False),
        OpcodeInfo(Opcode.JMP, "go on at A", _ALWAYS_B, _L.IS_A, True),
        OpcodeInfo(Opcode.JMZ, "go on at A if B is 0", _ALWAYS_B, _L.REFUSED, True),
        OpcodeInfo(Opcode.JMN, "go on at A if B is not 0", _ALWAYS_B, _L.REFUSED, True),
        OpcodeInfo(Opcode.DJN, "take 1 from B, then go on at A if it is not 0", _ALWAYS_B, _L.REFUSED, True),
        OpcodeInfo(Opcode.SPL, "go on at the next cell and start a new process at A", _ALWAYS_B, _L.IS_A, True),
        OpcodeInfo(Opcode.SEQ, "skip the next cell if A equals B (also written CMP)", _AB_B_I, _L.REFUSED, True),
        OpcodeInfo(Opcode.SNE, "skip the next cell if A differs from B", _AB_B_I, _L.REFUSED, False),
        OpcodeInfo(Opcode.SLT, "skip the next cell if A is less than B", _AB_B_B, _L.REFUSED, True),
        OpcodeInfo(Opcode.LDP, "load p-space cell A into B", _AB_B_B, _L.REFUSED, False),
        OpcodeInfo(Opcode.STP, "store A in p-space cell B", _AB_B_B, _L.REFUSED, False),
        OpcodeInfo(Opcode.NOP, "do nothing", _ALWAYS_F, _L.IS_A, False),
    )
}

MNEMONICS: dict[str, Opcode] = {opcode.name: opcode for opcode in Opcode} | {"CMP": Opcode.SEQ}


class Instruction(NamedTuple):
    """One core cell.

    ``a`` and ``b`` are field values in ``[0, core_size)``: negative numbers of the source are already reduced.
    """

    opcode: Opcode
    modifier: Modifier
    a_mode: Mode
    a: int
    b_mode: Mode
    b: int

    def __str__(self) -> str:
        """Redcode text, for example ``MOV.I $0, $1``."""
        a_symbol, b_symbol = MODE_SYMBOLS[self.a_mode], MODE_SYMBOLS[self.b_mode]
        return f"{self.opcode.name}.{self.modifier.name} {a_symbol}{self.a}, {b_symbol}{self.b}"


EMPTY_CELL = Instruction(Opcode.DAT, Modifier.F, Mode.DIRECT, 0, Mode.DIRECT, 0)


def signed(field: int, core_size: int) -> int:
    """A field as a signed distance: above half the core size it is negative."""
    return field - core_size if field > core_size // 2 else field


# The packed word, from its low bits: B field (16), A field (16), B mode (3), A mode (3), modifier (3), opcode (5).
FIELD_BITS = 16
FIELD_MASK = (1 << FIELD_BITS) - 1
MAX_CORE_SIZE = FIELD_MASK
A_SHIFT = 16
B_MODE_SHIFT = 32
A_MODE_SHIFT = 35
MODIFIER_SHIFT = 38
OPCODE_SHIFT = 41


def pack(instruction: Instruction) -> int:
    """One instruction as a word of 46 bits, as the kernel stores it."""
    return (
        (instruction.opcode << OPCODE_SHIFT)
        | (instruction.modifier << MODIFIER_SHIFT)
        | (instruction.a_mode << A_MODE_SHIFT)
        | (instruction.b_mode << B_MODE_SHIFT)
        | (instruction.a << A_SHIFT)
        | instruction.b
    )


def unpack(word: int) -> Instruction:
    """Inverse of :func:`pack`."""
    return Instruction(
        Opcode(word >> OPCODE_SHIFT & 31),
        Modifier(word >> MODIFIER_SHIFT & 7),
        Mode(word >> A_MODE_SHIFT & 7),
        word >> A_SHIFT & FIELD_MASK,
        Mode(word >> B_MODE_SHIFT & 7),
        word & FIELD_MASK,
    )
