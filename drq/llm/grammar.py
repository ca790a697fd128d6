"""A GBNF grammar in which every sentence is a warrior: what llama.cpp's server takes as ``grammar``.

GBNF is described in llama.cpp's ``grammars/README.md``. The words come from the instruction table and the bounds from
the rules, so that a model held to this grammar can only write what assembles: one fully spelled instruction a line,
operands relative to it, no labels (a grammar free of context can't tell whether a label was defined). The lines are a
block of code, because the mark that closes it is how a model ends a warrior.
"""

from __future__ import annotations

from collections.abc import Iterable

from redcode import Rules, Standard
from redcode.isa import INSTRUCTION_TABLE, Mode, Modifier, Opcode
from redcode.language.icws88 import modes, spelling

MAX_REPETITIONS = 1000
"""llama.cpp refuses a grammar that repeats a rule more often than about this."""


def redcode_grammar(rules: Rules) -> str:
    """Grammar of a block with 1 to ``rules.max_length`` instructions, one a line; its start rule is ``root``."""
    operation = _icws88() if rules.standard is Standard.ICWS88 else _icws94()
    digits = len(str(rules.core_size - 1))
    lines = {
        "root": rf'"```redcode\n" line{{1,{min(rules.max_length, MAX_REPETITIONS)}}} "```"',
        "line": r'operation "\n"',
        **operation,
        "number": f'"0" | "-"? [1-9] [0-9]{{0,{digits - 1}}}',
    }
    return "".join(f"{name} ::= {body}\n" for name, body in lines.items())


def _icws94() -> dict[str, str]:
    return {
        "operation": 'opcode "." modifier " " operand ", " operand',
        "opcode": _any_of(opcode.name for opcode in Opcode),
        "modifier": _any_of(modifier.name for modifier in Modifier),
        "operand": "mode number",
        "mode": _any_of(mode.symbol for mode in Mode),
    }


def _icws88() -> dict[str, str]:
    """A rule for all opcodes that allow the same modes, under the name of their first."""
    kinds: dict[tuple[frozenset[Mode], frozenset[Mode]], list[str]] = {}
    for row in INSTRUCTION_TABLE.values():
        if row.in_icws88:
            kinds.setdefault(modes(row.opcode), []).append(spelling(row.opcode))
    rules = {"operation": " | ".join(names[0].lower() for names in kinds.values())}
    for allowed, names in kinds.items():
        kind = names[0].lower()
        rules[kind] = f'{kind}-opcode " " {kind}-a number ", " {kind}-b number'
        rules[f"{kind}-opcode"] = _any_of(names)
        for operand, symbols in zip("ab", allowed, strict=True):
            rules[f"{kind}-{operand}"] = _any_of(mode.symbol for mode in sorted(symbols))
    return rules


def _any_of(words: Iterable[str]) -> str:
    return " | ".join(f'"{word}"' for word in words)
