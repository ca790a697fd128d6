"""docs/syntax.md beside the tables it describes; each test's failure shows the table that the page should have."""

import inspect
import re
from pathlib import Path

import pytest

from redcode import ICWS94, assemble, errors
from redcode.isa import INSTRUCTION_TABLE, MODE_MEANINGS, MODIFIER_MEANINGS, LoneOperand, Mode, Modifier
from redcode.language.assembler import MAX_SOURCE, ROUNDS
from redcode.language.diagnostics import MAX_ERRORS
from redcode.language.lexer import MAX_LINE
from redcode.language.symbols import MAX_FOR, MAX_LABELS, MAX_NESTING, MAX_STEPS, predefined

PAGE = (Path(__file__).parents[3] / "docs" / "syntax.md").read_text(encoding="utf-8")
TABLES = dict(re.findall(r"<!-- (\w+) -->\n(.*?)<!-- end -->", PAGE, re.DOTALL))
ONE_OPERAND = {LoneOperand.IS_A: "A", LoneOperand.IS_B: "B", LoneOperand.REFUSED: "both"}
DIRECT, IMMEDIATE = Mode.DIRECT, Mode.IMMEDIATE


def rows(table):
    """The cells of a table of the page, below its head."""
    return [re.split(r" (?<!\\)\| ", line.strip("| ")) for line in TABLES[table].splitlines()[2:]]


def test_opcodes():
    assert rows("opcodes") == [
        [
            f"`{info.opcode.name}`",
            info.meaning,
            ", ".join(
                info.default_modifier.choose(*modes).name
                for modes in ((IMMEDIATE, DIRECT), (DIRECT, IMMEDIATE), (DIRECT, DIRECT))
            ),
            ONE_OPERAND[info.lone_operand],
            "yes" if info.in_icws88 else "no",
        ]
        for info in INSTRUCTION_TABLE.values()
    ]


def test_modifiers():
    assert rows("modifiers") == [[f"`.{modifier.name}`", MODIFIER_MEANINGS[modifier]] for modifier in Modifier]


def test_modes():
    assert rows("modes") == [[f"`{mode.symbol}`", MODE_MEANINGS[mode]] for mode in Mode]


def test_constants():
    constants = predefined(ICWS94, warriors=1, rounds=ROUNDS)
    assert rows("constants") == [[f"`{name}`", line.text] for name, (line,) in constants.items()]


def test_limits():
    limits = [MAX_SOURCE, MAX_LINE, MAX_LABELS, MAX_FOR, MAX_NESTING, MAX_STEPS, MAX_ERRORS]
    assert [int(limit) for _, limit in rows("limits")] == limits


def test_errors():
    kinds = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if kind.__module__ == errors.__name__]
    causes = [kind for kind in kinds if issubclass(kind, errors.SourceError) and kind is not errors.SourceError]
    causes.sort(key=lambda kind: inspect.getsourcelines(kind)[1])
    assert rows("errors") == [[f"`{kind.__name__}`", kind.__doc__] for kind in causes]


@pytest.mark.parametrize("example", re.findall(r"```redcode\n(.*?)```", PAGE, re.DOTALL))
def test_examples_assemble_without_a_warning(example):
    assert assemble(example).warnings == ()


def test_the_page_says_how_equ_pastes():
    assert "after `x EQU 1+2`, `x*3` is 7" in PAGE
    assert assemble("x EQU 1+2\nnop x*3").code[0].a == 7
