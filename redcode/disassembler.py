"""A Warrior back to text."""

from __future__ import annotations

from redcode.rules import ICWS94, Rules
from redcode.warrior import Warrior


def disassemble(warrior: Warrior, rules: Rules = ICWS94) -> str:
    """Redcode that assembles, under the same rules, to an equal Warrior."""
    lines = [f";name {warrior.name}", f";author {warrior.author}", f"ORG {warrior.start}"]
    if warrior.pin is not None:
        lines.append(f"PIN {warrior.pin}")
    return "\n".join([*lines, *map(str, warrior.code), "END", ""])
