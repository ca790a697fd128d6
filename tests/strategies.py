"""Hypothesis strategies that several tests share: instructions, warriors, and source texts of every kind."""

from __future__ import annotations

from functools import partial

from hypothesis import strategies as st

from redcode.isa import INSTRUCTION_TABLE, Instruction, Mode, Modifier, Opcode
from redcode.language.icws88 import modes
from redcode.rules import ICWS94, Rules, Standard
from redcode.warrior import Warrior
from tests.programs import Program


@st.composite
def instructions(draw: st.DrawFn, rules: Rules = ICWS94) -> Instruction:
    """Any core cell of these rules; under ICWS'88, one that the older standard can write."""
    fields = st.one_of(st.integers(0, 9), st.integers(0, rules.core_size - 1))
    if rules.standard is Standard.ICWS94:
        mode = st.sampled_from(Mode)
        return Instruction(
            draw(st.sampled_from(Opcode)),
            draw(st.sampled_from(Modifier)),
            draw(mode),
            draw(fields),
            draw(mode),
            draw(fields),
        )
    info = INSTRUCTION_TABLE[draw(st.sampled_from([row.opcode for row in INSTRUCTION_TABLE.values() if row.in_icws88]))]
    a_modes, b_modes = modes(info.opcode)
    a_mode, b_mode = draw(st.sampled_from(sorted(a_modes))), draw(st.sampled_from(sorted(b_modes)))
    modifier = info.default_modifier.choose(a_mode, b_mode)
    return Instruction(info.opcode, modifier, a_mode, draw(fields), b_mode, draw(fields))


@st.composite
def warriors(draw: st.DrawFn, rules: Rules = ICWS94, max_length: int = 20) -> Warrior:
    """Any warrior that fits these rules; its name, author and strategy are any text."""
    code = draw(st.lists(instructions(rules), min_size=1, max_size=min(max_length, rules.max_length)))
    pins = st.none() if rules.standard is Standard.ICWS88 else st.none() | st.integers(-(2**63), 2**63 - 1)
    return Warrior(
        code=tuple(code),
        start=draw(st.integers(0, len(code) - 1)),
        pin=draw(pins),
        name=draw(st.text(max_size=20)),
        author=draw(st.text(max_size=20)),
        strategy=draw(st.text(max_size=40)),
    )


_WORDS = """
mov ADD jmp Spl dat djn nop seq slt org end pin equ for rof .ab .f .q a b lab lab: i &i l&i ;assert ;redcode ; CORESIZE
CURLINE 0 1 2 7999 9999999999 -1 # $ @ < > * { } , . & && || ( ) + - / % ! = == <= a=3 : \\ é ? " '
"""


def words() -> st.SearchStrategy[str]:
    """Words of the language in any order: texts that are seldom right, and wrong in more ways than random bytes."""
    blanks = st.sampled_from(["", " ", "\t", "\n", "\n"])
    return st.lists(st.tuples(st.sampled_from(_WORDS.split()), blanks), max_size=60).map(
        lambda pairs: "".join(word + blank for word, blank in pairs)
    )


def sources(icws88: bool = False) -> st.SearchStrategy[str]:
    """Whole programs with labels, EQU, FOR/ROF and ORG, most of which assemble.

    Every expression has one operator, or parentheses, so that the evaluator of pMARS 0.9.2 is right about them too.
    """
    return st.builds(partial(Program.write, icws88=icws88), st.randoms(use_true_random=False))
