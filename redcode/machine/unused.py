"""The parts of an instruction that it does not use when it is executed.

``JMP 3, 7`` goes to the cell at distance 3, whatever its B operand and its modifier say. Two codes that differ in such
parts alone need not fight alike: any warrior may copy these parts, compare them, or count with them as data, and the
cells that an unused operand points to count as read. So this is an equality of code, not of battles: executed once from
one state of the machine, both leave the same state, as long as no pointer leads back to the instruction itself.
"""

from __future__ import annotations

from redcode.isa import INSTRUCTION_TABLE, Instruction, Mode, Modifier, Opcode
from redcode.machine.reference import (
    A_FIELD_MODES,
    FIELD_PAIRS,
    POSTINCREMENT_MODES,
    PREDECREMENT_MODES,
    pspace_fields,
)
from redcode.warrior import Warrior

_NEITHER = {Opcode.DAT, Opcode.NOP}
_A_ALONE = {Opcode.JMP, Opcode.SPL}
_GO_TO_A = {Opcode.JMP, Opcode.SPL, Opcode.JMZ, Opcode.JMN, Opcode.DJN}
"""What counts is where A points, and not what is there."""
_OVERWRITE_B = {Opcode.MOV, Opcode.LDP}
_WRITE_B = _OVERWRITE_B | {Opcode.ADD, Opcode.SUB, Opcode.MUL, Opcode.DIV, Opcode.MOD, Opcode.DJN}


def without_unused(instruction: Instruction) -> Instruction:
    """The instruction with its unused parts as plain as can be: numbers 0, modes direct, the default modifier.

    One that writes its result to its own cell stays as it is, because the next time it may use other parts.
    """
    opcode, modifier, a_mode, a, b_mode, b = instruction
    if _writes_own_cell(instruction):
        return instruction
    uses_a, uses_b = opcode not in _NEITHER, opcode not in _NEITHER | _A_ALONE
    a_read, b_read = _fields_read(opcode, modifier)
    own = _read_of_own_cell(a_mode, a, a_read, uses_a) | _read_of_own_cell(b_mode, b, b_read, uses_b)
    if not _is_address(a_mode, uses_a) and "a" not in own:
        a, a_mode = 0, a_mode if a_read else Mode.DIRECT
    if not _is_address(b_mode, uses_b) and "b" not in own:
        b, b_mode = 0, b_mode if uses_b else Mode.DIRECT
    if not uses_b:
        modifier = INSTRUCTION_TABLE[opcode].default_modifier.choose(a_mode, b_mode)
    return Instruction(opcode, modifier, a_mode, a, b_mode, b)


def used_code(warrior: Warrior) -> tuple[int, int | None, tuple[Instruction, ...]]:
    """Start, PIN, and code without unused parts: equal for warriors that differ in nothing else."""
    return warrior.start, warrior.pin, tuple(map(without_unused, warrior.code))


def _fields_read(opcode: Opcode, modifier: Modifier) -> tuple[set[str], set[str]]:
    """The fields of the cells at A and at B that the operation computes with."""
    pairs = (pspace_fields(modifier),) if opcode in (Opcode.LDP, Opcode.STP) else FIELD_PAIRS[modifier]
    of_a: set[str] = set() if opcode in _NEITHER | _GO_TO_A else {of for of, _ in pairs}
    return of_a, set() if opcode in _NEITHER | _A_ALONE | _OVERWRITE_B else {to for _, to in pairs}


def _writes_own_cell(instruction: Instruction) -> bool:
    """Whether its result goes to its own cell, if no pointer leads there."""
    own = instruction.b_mode is Mode.IMMEDIATE or (instruction.b_mode is Mode.DIRECT and instruction.b == 0)
    return own and instruction.opcode in _WRITE_B


def _steps(mode: Mode) -> bool:
    return mode in PREDECREMENT_MODES or mode in POSTINCREMENT_MODES


def _is_address(mode: Mode, used: bool) -> bool:
    """Whether the operand's number decides where something happens."""
    return mode is not Mode.IMMEDIATE and (used or _steps(mode))


def _read_of_own_cell(mode: Mode, number: int, read: set[str], used: bool) -> set[str]:
    """The fields of the instruction's own cell that an operand reads; ``read`` are those it reads where it points."""
    if mode is Mode.IMMEDIATE or (mode is Mode.DIRECT and number == 0):
        return read
    if mode is Mode.DIRECT or number != 0 or not _is_address(mode, used):
        return set()
    return {"a" if mode in A_FIELD_MODES else "b"}
