import pytest
from hypothesis import given
from hypothesis import strategies as st

from redcode import ICWS88, ICWS94, AssemblyError, assemble
from redcode.errors import (
    DivisionByZeroError,
    ExpressionError,
    ICWS88Error,
    LimitError,
    MissingOperandError,
    ModifierError,
    UndefinedSymbolError,
    UnexpectedTokenError,
)
from tests.strategies import instructions


def error(source, rules=ICWS94):
    with pytest.raises(AssemblyError) as caught:
        assemble(source, rules)
    (only,) = caught.value.errors
    return only


@pytest.mark.parametrize(
    ("source", "kind", "column", "got"),
    [
        ("mov.q 0, 1", ModifierError, 5, "'q'"),
        ("mov.i", MissingOperandError, 1, "the end of the line"),
        ("mov", MissingOperandError, 1, "the end of the line"),
        ("mov 1", MissingOperandError, 1, "one"),
        ("mov #", MissingOperandError, 1, "the end of the line"),
        ("mov 1,", MissingOperandError, 6, "the end of the line"),
        ("mov 1, #", MissingOperandError, 6, "the end of the line"),
        ("mov , 1", UnexpectedTokenError, 5, "','"),
        ("mov 1, 2, 3", UnexpectedTokenError, 9, "','"),
        ("mov 1, #1 #2", UnexpectedTokenError, 11, "'#'"),
        ("mov $$1, 2", UnexpectedTokenError, 6, "'$'"),
        ("mov 1, ?", UnexpectedTokenError, 8, "'?'"),
        ("mov 'a', 1", UnexpectedTokenError, 5, '"\'"'),
        ("mov 1, nowhere+2", UndefinedSymbolError, 8, "'nowhere'"),
        ("mov mov, 1", UnexpectedTokenError, 5, "'mov'"),
        ("5 mov 0, 1", UnexpectedTokenError, 1, "'5'"),
        ("lab : mov 0, 1", UnexpectedTokenError, 5, "':'"),
        ("mov (1, 2", ExpressionError, 5, "the end of the expression"),
        ("mov 1, 2*", ExpressionError, 8, "the end of the expression"),
        ("mov é, 2", ExpressionError, 5, "'é'"),
        ("mov 5/(1-1), 2", DivisionByZeroError, 5, "0"),
        ("org nowhere\nnop 0", UndefinedSymbolError, 5, "'nowhere'"),
        ("org 1/0\nnop 0", DivisionByZeroError, 5, "0"),
        ("CURLINE mov 0, 1", UnexpectedTokenError, 1, "the predefined 'CURLINE'"),
        ("mov x, 1\nx equ " + "1+" * 120 + "1", LimitError, 5, "362"),
        ("mov x+x, 1\nx equ " + "1+" * 120 + "1", LimitError, 5, "725"),
    ],
)
def test_errors_of_the_second_pass(source, kind, column, got):
    found = error(source if "\n" in source or "mov 0" not in source else source + "\nnop 0")
    assert type(found) is kind
    assert (found.line, found.column, found.got) == (1, column, got)


def test_an_equ_of_two_lines_in_an_operand_is_an_error():
    assert error("m equ 5\n equ 6\nmov 1, m").line in (2, 3)


@pytest.mark.parametrize(
    ("source", "mode", "operand", "column"),
    [
        ("dat 5", "$", "B", 5),
        ("dat #1, $1", "$", "B", 9),
        ("dat @1, #1", "@", "A", 5),
        ("mov #1, #2", "#", "B", 9),
        ("add 1, #2", "#", "B", 8),
        ("sub <1, #2", "#", "B", 9),
        ("cmp @1, #2", "#", "B", 9),
        ("jmp #1", "#", "A", 5),
        ("jmz #1, 1", "#", "A", 5),
        ("jmn #1, 1", "#", "A", 5),
        ("djn #1, 1", "#", "A", 5),
        ("spl #1", "#", "A", 5),
        ("mov >1, 2", ">", "A", 5),
        ("mov 1, {2", "{", "B", 8),
    ],
)
def test_modes_that_the_older_standard_refuses(source, mode, operand, column):
    found = error(source, ICWS88)
    assert isinstance(found, ICWS88Error)
    assert found.expected.endswith(f" in {operand} under ICWS'88")
    assert (found.got, found.column) == (repr(mode), column)
    assert assemble(source, ICWS94)


@pytest.mark.parametrize(
    "source",
    [
        "mul 1, 2",
        "div 1, 2",
        "mod 1, 2",
        "seq 1, 2",
        "sne 1, 2",
        "nop 1, 2",
        "ldp 1, 2",
        "stp 1, 2",
        "mov.i 1, 2",
        "org 0\nmov 1, 2",
        "pin 0\nmov 1, 2",
    ],
)
def test_instructions_that_the_older_standard_lacks(source):
    assert isinstance(error(source, ICWS88), ICWS88Error)
    assert assemble(source, ICWS94)


@pytest.mark.parametrize(
    "source",
    ["dat #1", "dat <1, #2", "mov #1, <2", "slt #1, #2", "cmp 1, @2", "jmp <1, #2", "djn @1, #2", "spl 1\nend 0"],
)
def test_what_the_older_standard_takes(source):
    assert assemble(source, ICWS88) == assemble(source, ICWS94)


def test_a_missing_operand_is_no_wrong_mode_as_well():
    assert isinstance(error("jmp #", ICWS88), MissingOperandError)


def test_cmp_is_seq_and_remembered():
    warrior = assemble("seq 1, 2\ncmp 1, 2\nCMP.I $1, $2")
    assert len(set(warrior.code)) == 1
    assert warrior.spelled_cmp == {1, 2}


@given(instructions(), st.sampled_from(["", " ", "\t "]))
def test_plain_numbers_and_expressions_give_the_same(cell, blank):
    head = f"{blank}{cell.opcode.name}{blank}.{cell.modifier.name.lower()} "
    plain = f"{head}{cell.a_mode.symbol}{blank}{cell.a}{blank},{cell.b_mode.symbol}{cell.b}{blank}"
    worked_out = f"{head}{cell.a_mode.symbol}({cell.a}),{cell.b_mode.symbol}({cell.b})"
    assert assemble(plain).code == assemble(worked_out).code == (cell,)
