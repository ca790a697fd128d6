"""A GBNF grammar in which every sentence is a warrior: what llama.cpp's server takes as ``grammar``.

GBNF is described in llama.cpp's ``grammars/README.md``. The words come from the instruction table and the bounds from
the rules, so that a model held to this grammar can only write what assembles: one fully spelled instruction a line,
operands relative to it, no labels (a grammar free of context can't tell whether a label was defined).
"""

from __future__ import annotations

from collections.abc import Iterable

from redcode import Rules, Standard
from redcode.isa import INSTRUCTION_TABLE, MODE_SYMBOLS, Mode, Modifier, Opcode

MAX_REPETITIONS = 1000
"""llama.cpp refuses a grammar that repeats a rule more often than about this."""


def redcode_grammar(rules: Rules) -> str:
    """Grammar of the warriors of 1 to ``rules.max_length`` instructions, one a line; its start rule is ``root``."""
    operation = _icws88() if rules.standard is Standard.ICWS88 else _icws94()
    digits = len(str(rules.core_size - 1))
    lines = {
        "root": f"line{{1,{min(rules.max_length, MAX_REPETITIONS)}}}",
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
        "mode": _any_of(MODE_SYMBOLS[mode] for mode in Mode),
    }


_TARGETED = (Opcode.JMP, Opcode.JMZ, Opcode.JMN, Opcode.DJN, Opcode.SPL)
_ICWS88_KINDS = {
    "data": ((Opcode.DAT,), "#<", "#<"),
    "jump": (_TARGETED, "$@<", "#$@<"),
    "work": (tuple(set(Opcode) - {Opcode.DAT, *_TARGETED}), "#$@<", "$@<"),
}
"""Opcodes by the modes that ICWS'88 allows in their A and B operands."""


def _icws88() -> dict[str, str]:
    rules = {"operation": " | ".join(_ICWS88_KINDS)}
    for kind, (opcodes, a_modes, b_modes) in _ICWS88_KINDS.items():
        rows = [INSTRUCTION_TABLE[opcode] for opcode in sorted(opcodes)]
        rules[kind] = f'{kind}-opcode " " {kind}-a number ", " {kind}-b number'
        rules[f"{kind}-opcode"] = _any_of(
            "CMP" if row.opcode is Opcode.SEQ else row.opcode.name for row in rows if row.in_icws88
        )
        rules[f"{kind}-a"] = _any_of(a_modes)
        rules[f"{kind}-b"] = _any_of(b_modes)
    return rules


def _any_of(words: Iterable[str]) -> str:
    return " | ".join(f'"{word}"' for word in words)
