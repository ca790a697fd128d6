import pytest

from redcode import ICWS94, NANO, AssemblyError, assemble
from redcode.errors import (
    AssertionFailedError,
    ConcatenationError,
    LimitError,
    RecursiveEquError,
    TooManyLabelsError,
    UnexpectedTokenError,
    UnopenedForError,
)
from redcode.language.disassembler import disassemble


def code(source):
    """The code as text, without the operations' defaults in the way."""
    lines = disassemble(assemble(source)).splitlines()
    return [line for line in lines if line[0] != ";" and line.split()[0] not in ("ORG", "END")]


def error(source, rules=ICWS94):
    """The only error of a text."""
    with pytest.raises(AssemblyError) as caught:
        assemble(source, rules)
    (only,) = caught.value.errors
    return only


@pytest.mark.parametrize(
    ("source", "cells"),
    [
        ("x equ 1+2\nnop x*3", ["NOP.F $7, $0"]),
        ("nop x*3\nx equ 1+2", ["NOP.F $7, $0"]),
        ("x EQU y\ny EQU 4\nnop x", ["NOP.F $4, $0"]),
        ("a nop 0\nnop 3*x\nx equ a", ["NOP.F $0, $0", "NOP.F $-3, $0"]),
        ("x y equ 4\nnop x, y", ["NOP.F $4, $4"]),
        ("x\ny\nequ 4\nnop x, y", ["NOP.F $4, $4"]),
        ("ops equ <5, }6\nmov ops", ["MOV.I <5, }6"]),
        ("mov ops\nops equ <5, }6", ["MOV.I <5, }6"]),
        ("bomb equ dat #1, #2\nbomb\nlab bomb\njmp lab", ["DAT.F #1, #2", "DAT.F #1, #2", "JMP.B $-1, $0"]),
        ("m equ mov.i\nm 1, 2", ["MOV.I $1, $2"]),
        ("nothing equ\nmov nothing 1, nothing 2 nothing", ["MOV.I $1, $2"]),
        ("mode equ <\nmov mode 1, mode 2", ["MOV.I <1, <2"]),
        ("mov mode 1, mode 2\nmode equ <", ["MOV.I <1, <2"]),
        ("CORESIZE2 equ (CORESIZE/2)\nnop CORESIZE2-1", ["NOP.F $3999, $0"]),
        ("here equ CURLINE\nnop here\nnop here", ["NOP.F $0, $0", "NOP.F $1, $0"]),
        ("two equ nop 1\nequ nop 2\n two\n two", ["NOP.F $1, $0", "NOP.F $2, $0"] * 2),
        ("two equ nop a\n equ a nop a\n two", ["NOP.F $1, $0", "NOP.F $0, $0"]),
        ("loop equ for 2\nequ nop 1\nequ rof\nloop", ["NOP.F $1, $0"] * 2),
        ("none equ for 0\n equ junk\nequ rof\nnone none\nnop 2", ["NOP.F $2, $0"]),
        ("open equ nop 1\nequ for 0\nopen rof\nnop 2", ["NOP.F $1, $0", "NOP.F $2, $0"]),
        ("b equ a\nmov .b 1, 2\nmov.b 1, 2", ["MOV.A $1, $2", "MOV.B $1, $2"]),
        ("def equ y equ 5\ndef 1, 2\nnop y", ["NOP.F $5, $0"]),
        ("close equ rof\nfor 2\nnop 1\nclose\nnop 2", ["NOP.F $1, $0", "NOP.F $1, $0", "NOP.F $2, $0"]),
    ],
)
def test_equ(source, cells):
    assert code(source) == cells


def test_an_assertion_between_equs_ends_the_definition():
    assert code("x equ nop 1\n;assert 1\nnop 2\nx") == ["NOP.F $2, $0", "NOP.F $1, $0"]
    with pytest.raises(AssemblyError):
        assemble("x equ 1\n;assert 0\nnop x")


@pytest.mark.parametrize(
    ("source", "cells"),
    [
        ("for 3\nnop 0\nrof", ["NOP.F $0, $0"] * 3),
        ("for 0\nnop 0\nrof\nnop 1", ["NOP.F $1, $0"]),
        ("for -5\nnop 0\nrof\nnop 1", ["NOP.F $1, $0"]),
        ("i for 3\nnop i, i*10\nrof", ["NOP.F $1, $10", "NOP.F $2, $20", "NOP.F $3, $30"]),
        ("FOR 2\nnop 0\nROF this is a comment to pMARS", ["NOP.F $0, $0"] * 2),
        ("n equ 2\nfor n*n-2\nnop n\nrof", ["NOP.F $2, $0"] * 2),
        ("a=1\nnop 0", None),
        ("i for 2\nj for i\nnop i, j\nrof\nrof", ["NOP.F $1, $1", "NOP.F $2, $1", "NOP.F $2, $2"]),
        ("for 2\nfor 0\nnop 1\nfor 3\nrof\nlab rof\nnop 2\nrof", ["NOP.F $2, $0"] * 2),
        ("first i for 2\nnop first, i\nrof", ["NOP.F $0, $1", "NOP.F $-1, $2"]),
        ("i for 2\nl&i nop l&i, l01\nrof", ["NOP.F $0, $0", "NOP.F $0, $-1"]),
        ("i for 11\nl&i nop 0\nrof\njmp l11", ["NOP.F $0, $0"] * 11 + ["JMP.B $-1, $0"]),
        ("i for 2\nj for 2\nl&i&j nop l0201\nrof\nrof", [f"NOP.F ${distance}, $0" for distance in (2, 1, 0, -1)]),
        ("i for 2\nx&i equ i\nrof\nnop x01, 0", ["NOP.F $0, $0"]),
        ("nop 0\nfor MAXLENGTH-CURLINE\nnop 1\nrof", ["NOP.F $0, $0"] + ["NOP.F $1, $0"] * 99),
        ("i for 2\ni for 2\nnop i\nrof\nrof", None),
        ("i for 2\nend\nrof\n", None),
        ("nop 0\nx for 2\nend\nnop 1\nrof", ["NOP.F $0, $0"]),
        ("for (q=2)\nnop q=q+1\nrof", ["NOP.F $3, $0", "NOP.F $4, $0"]),
    ],
)
def test_for(source, cells):
    if cells is None:
        with pytest.raises(AssemblyError):
            assemble(source)
    else:
        assert code(source) == cells


def test_a_label_defined_twice_drops_the_line_with_a_warning():
    warrior = assemble("for 2\nlab nop 1\nrof\nnop lab")
    assert [cell.a for cell in warrior.code] == [1, 7999]
    assert warrior.warnings == ("line 2: label 'lab' is defined already, so this line is ignored",)


def test_numbers_side_by_side_are_one_with_a_warning():
    warrior = assemble("dat 1 2, 3")
    assert warrior.code[0].a == 12
    assert warrior.warnings == ("line 1: '1 2' is read as one number: is a comma missing?",)


@pytest.mark.parametrize(
    ("source", "warning"),
    [
        ("for 2\nnop 0", "line 1: FOR without a ROF: its lines are read once"),
        ("equ 5\nnop 0", "line 1: EQU without a label is ignored"),
        ("nop 0\na b", "line 2: labels without an instruction: a, b"),
        ("nop 9223372036854775807*2", "line 1: arithmetic overflow"),
        ("for 9223372036854775807+1\nrof\nnop 0", "line 1: arithmetic overflow"),
        (";assert 9223372036854775807*2\nnop 0", "line 1: arithmetic overflow"),
    ],
)
def test_what_pmars_only_warns_of(source, warning):
    assert assemble(source).warnings == (warning,)


@pytest.mark.parametrize("condition", ["1", "CORESIZE == 8000", "MAXLENGTH>=100 && !(CORESIZE%2)", "2 ; 0", "x == 3"])
def test_assertions_that_hold(condition):
    assert assemble(f"x equ 3\n; assert {condition}\nnop 0").warnings == ()


@pytest.mark.parametrize("condition", ["0", "CORESIZE==8192", "x - 3", "MAXLENGTH < 100"])
def test_an_assertion_that_fails_is_an_error(condition):
    found = error(f"x equ 3\nnop 0\n ;assert {condition} ; why")
    assert isinstance(found, AssertionFailedError)
    assert (found.line, found.column, found.got) == (3, 10, repr(condition))


@pytest.mark.parametrize("condition", ["", "later == 1", "coresize == 8000", "1 +", "CORESIZE = 8000"])
def test_an_assertion_that_is_no_expression_is_ignored_with_a_warning(condition):
    (warning,) = assemble(f";assert {condition}\nlater equ 1\nnop 0").warnings
    assert warning.startswith("line 1: assertion ignored: expected ")


def test_an_assertion_in_a_for_is_read_each_time():
    assert error("i for 3\n;assert i < 3\nnop 0\nrof").line == 2
    assert assemble("for 0\n;assert 0\nrof\nnop 0")


def test_an_assertion_sees_distances_of_labels():
    assert assemble("a nop 0\nnop 0\n;assert a == 0-2\n").warnings == ()


@pytest.mark.parametrize(
    ("source", "kind", "place"),
    [
        ("x equ x+1\nnop x", RecursiveEquError, (2, 5)),
        ("nop x\nx equ y\ny equ x", RecursiveEquError, (1, 5)),
        ("x equ y\ny equ x\nnop 1, y", RecursiveEquError, (3, 8)),
        ("nop 0\nrof", UnopenedForError, (2, 1)),
        ("a b c d e f g h nop 0", TooManyLabelsError, (1, 15)),
        ("nop l&i", ConcatenationError, (1, 5)),
        ("for mov\nrof\nnop 0", UnexpectedTokenError, (1, 5)),
        (";assert nop\nnop 0", UnexpectedTokenError, (1, 9)),
        ("for 65536\nnop nowhere\nrof\nnop 0", LimitError, (1, 5)),
        ("for 60000\nfor 60000\nrof\nrof\nnop 0", LimitError, (3, 1)),
        ("nop " + "1+" * 150 + "1", LimitError, (1, 1)),
        ("x equ " + "1+" * 100 + "1\nnop x+x", LimitError, (2, 7)),
    ],
)
def test_errors_of_the_first_pass(source, kind, place):
    found = error(source)
    assert type(found) is kind
    assert (found.line, found.column) == place


def test_equ_may_not_grow_without_bound():
    doubling = "\n".join(["a0 equ", *(f"a{i} equ a{i - 1} a{i - 1}" for i in range(1, 60))])
    assert isinstance(error(f"{doubling}\n nop a59"), LimitError)
    assert isinstance(error(f" nop a59\n{doubling}"), LimitError)


@pytest.mark.parametrize("depth", [90, 110])
def test_depth_is_bounded(depth):
    chain = "\n".join(["a0 equ 1", *(f"a{i} equ a{i - 1}" for i in range(1, depth)), f"nop a{depth - 1}"])
    loops = "for 1\n" * depth + "nop 1\n" + "rof\n" * depth
    for source in (chain, loops):
        if depth < 100:
            assert code(source) == ["NOP.F $1, $0"]
        else:
            assert isinstance(error(source), LimitError)


def test_too_many_instructions_of_a_for():
    assert error("for 5000\nnop 0\nrof", NANO).got == "5000"


def test_loops_that_do_little_may_turn_often():
    loops = """
 for CORESIZE+!(f=1)*(h=3)
 for !t=t+(f=f*((h=(h+4961)%CORESIZE)>=9||h==5))
 rof
 rof
 time equ t
"""
    assert code(loops + " mov #time, 0") == ["MOV.AB #2076, $0"]
    assert len(assemble("for 65535\n rof\n" * 200 + "mov 0, 1")) == 1
    assert len(assemble("for 20000\n for 0\n nop 0\n rof\n rof\n mov 0, 1")) == 1
