"""A Warrior back to text: redcode that assembles to the same Warrior, and pMARS's load file."""

from __future__ import annotations

import re
from collections.abc import Iterator

from redcode.errors import RedcodeError
from redcode.isa import INSTRUCTION_TABLE, Instruction, signed
from redcode.language.icws88 import spelling, violation
from redcode.language.lexer import MAX_LINE
from redcode.rules import ICWS94, Rules, Standard
from redcode.warrior import Warrior

MAX_STRATEGY_LINES = 100
_LINE_END = re.compile(r"[\r\n\0]|\\\Z")


def disassemble(warrior: Warrior, rules: Rules = ICWS94) -> str:
    """Redcode that assembles under the same rules to an equal Warrior with the same name, author and strategy.

    Names that are longer than a line are cut. Raises RedcodeError as :func:`code_text` does.
    """
    standard = "88" if rules.standard is Standard.ICWS88 else "94"
    head = [f"redcode-{standard}", f"name {_one_line(warrior.name)}", f"author {_one_line(warrior.author)}"]
    if warrior.strategy:
        head += [f"strategy {_one_line(line)}" for line in warrior.strategy.split("\n")[:MAX_STRATEGY_LINES]]
    return "".join(f";{line}\n" for line in head) + code_text(warrior, rules) + "\n"


def code_text(warrior: Warrior, rules: Rules = ICWS94) -> str:
    """Canonical redcode: only the code, every instruction in full, without names, labels and comments.

    Fields above half the core size are negative numbers. Raises RedcodeError if the rules are those of ICWS'88 and the
    warrior is not part of it.
    """
    if rules.standard is Standard.ICWS88:
        if warrior.pin is not None:
            raise RedcodeError("expected a warrior of ICWS'88, got one with a PIN")
        return "\n".join([*(_icws88_text(cell, rules) for cell in warrior.code), f"END {warrior.start}"])
    lines = [] if warrior.pin is None else [f"PIN {_pin(warrior.pin)}"]
    lines.append(f"ORG {warrior.start}")
    for index, cell in enumerate(warrior.code):
        lines.append(f"{_name(warrior, index)}.{cell.modifier.name} {_operands(cell, rules)}")
    return "\n".join([*lines, "END"])


def to_load_file(warrior: Warrior, rules: Rules = ICWS94) -> str:
    """The load file in the layout of ``pmars -A``; for ICWS'88 in that of ``pmars -A -8``."""
    lines = [f"       ORG     {warrior.start:6}", *(f"       {row}" for row in _rows(warrior, rules))]
    if rules.standard is Standard.ICWS88 and warrior.start < len(warrior):
        lines.append("       END      START")
    if warrior.pin is not None:
        lines.append(f"       PIN     {_pin(warrior.pin):>6}")
    return "\n".join([*lines, "       END", ""])


def listing(warrior: Warrior, rules: Rules = ICWS94) -> str:
    """The listing that pMARS prints before a fight; for ICWS'88 that of ``pmars -8``."""
    title = f'Program "{warrior.name}" (length {len(warrior)}) by "{warrior.author}"'
    rows = [f"{'START' if index == warrior.start else '':6} {row}" for index, row in enumerate(_rows(warrior, rules))]
    if warrior.start < len(warrior):
        if rules.standard is Standard.ICWS88:
            rows.append("       END      START")
        else:
            rows.insert(0, "       ORG      START")
    return "\n".join([title, "", *rows, "", ""])


def _pin(number: int) -> str:
    """The number as text; the lowest one as a difference, because it would overflow before its sign is read."""
    return str(number) if number > -(2**63) else f"{number + 1}-1"


def _rows(warrior: Warrior, rules: Rules) -> Iterator[str]:
    """Each instruction in pMARS's columns."""
    for index, cell in enumerate(warrior.code):
        if rules.standard is Standard.ICWS88:
            name = spelling(cell.opcode) + "   "
        else:
            name = f"{_name(warrior, index)}.{cell.modifier.name:2}"
        a, b = signed(cell.a, rules.core_size), signed(cell.b, rules.core_size)
        yield f"{name} {cell.a_mode.symbol}{a:6}, {cell.b_mode.symbol}{b:6}     "


def _icws88_text(cell: Instruction, rules: Rules) -> str:
    name = spelling(cell.opcode)
    default = INSTRUCTION_TABLE[cell.opcode].default_modifier.choose(cell.a_mode, cell.b_mode)
    written = None if cell.modifier is default else cell.modifier
    if wrong := violation(name, cell.opcode, written, cell.a_mode, cell.b_mode):
        raise RedcodeError(f"expected {wrong.expected}, got {wrong.got} in {str(cell)!r}")
    return f"{name} {_operands(cell, rules)}"


def _name(warrior: Warrior, index: int) -> str:
    return "CMP" if index in warrior.spelled_cmp else warrior.code[index].opcode.name


def _operands(cell: Instruction, rules: Rules) -> str:
    a, b = signed(cell.a, rules.core_size), signed(cell.b, rules.core_size)
    return f"{cell.a_mode.symbol}{a}, {cell.b_mode.symbol}{b}"


def _one_line(text: str) -> str:
    return _LINE_END.sub(" ", text[:MAX_LINE])
