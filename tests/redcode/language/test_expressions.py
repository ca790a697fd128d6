from collections.abc import Callable
from contextlib import suppress
from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from redcode.errors import DivisionByZeroError, ExpressionError, UndefinedSymbolError
from redcode.language.expressions import evaluate, is_foreign


def value(text, registers=None):
    return evaluate(text, {} if registers is None else registers)[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7/2", 3),
        ("-7/2", -3),
        ("7/-2", -3),
        ("-7%3", -1),
        ("7%-3", 1),
        ("2+3*4", 14),
        ("(2+3)*4", 20),
        ("10-4-3", 3),
        ("100/7/2", 7),
        ("3--2", 5),
        ("-!0", -1),
        ("!!7", 1),
        ("+-+5", -5),
        ("-2*-3", 6),
        ("1+2<4", 1),
        ("1<2==1", 1),
        ("3>=3", 1),
        ("3!=3", 0),
        ("0||2&&0", 0),
        ("5&&6", 1),
        (" 8000\t", 8000),
        ("80-3*10/2-1", 64),  # pMARS 0.9.2 says 66
        ("9223372036854775807", 2**63 - 1),
    ],
)
def test_c_semantics(text, expected):
    assert value(text) == expected


def test_a_register_takes_all_that_is_to_its_right_and_keeps_it():
    registers = {}
    assert value("1+a=3*2+1", registers) == 8
    assert value("(b=A+1)*2", registers) == 16
    assert registers == {"A": 7, "B": 8}
    assert value("z", registers) == 0


@pytest.mark.parametrize(
    ("text", "wraps_to"), [("9223372036854775807+1", -(2**63)), ("0-9223372036854775807-2", 2**63 - 1)]
)
def test_overflow_wraps_and_is_told(text, wraps_to):
    assert evaluate(text, {}) == (wraps_to, True)


@pytest.mark.parametrize(
    ("text", "number"), [("9223372036854775806+1", 2**63 - 1), ("-9223372036854775807-1", -(2**63))]
)
def test_the_largest_and_the_smallest_number_are_no_overflow(text, number):
    assert evaluate(text, {}) == (number, False)


def test_too_large_a_literal_is_the_largest_number():
    assert value("9" * 200) == 2**63 - 1


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", ExpressionError),
        ("1 2", ExpressionError),
        ("1+", ExpressionError),
        ("*1", ExpressionError),
        ("(1", ExpressionError),
        ("1)", ExpressionError),
        ("()", ExpressionError),
        ("1=2", ExpressionError),
        ("a=", ExpressionError),
        ("1&2", ExpressionError),
        ("1|2", ExpressionError),
        ("_", ExpressionError),
        ("²", ExpressionError),
        ("٣", ExpressionError),
        ("1/0", DivisionByZeroError),
        ("5%(2-2)", DivisionByZeroError),
        ("0&&1/0", DivisionByZeroError),
        ("ab+1", UndefinedSymbolError),
    ],
)
def test_what_is_no_expression(text, error):
    with pytest.raises(error) as caught:
        evaluate(text, {})
    assert type(caught.value) is error


@pytest.mark.parametrize(
    ("text", "expected", "got"),
    [
        ("", "a number or a name", "nothing"),
        ("1+", "a number or a name", "the end of the expression"),
        ("*1", "a number or a name", "'*'"),
        ("1 2", "an operator", "'2'"),
        ("1)", "an operator", "a ')' without its '('"),
        ("(1", "')'", "the end of the expression"),
    ],
)
def test_an_error_says_what_was_expected_and_what_was_there(text, expected, got):
    with pytest.raises(ExpressionError) as caught:
        evaluate(text, {})
    assert (caught.value.expected, caught.value.got) == (expected, got)


@pytest.mark.parametrize("text", ["exit()", "a.b", "'x'", "x[0]", "lambda: 0", "1.5", "os.system('x')", "f1 (1)"])
def test_another_language_is_told_from_a_slip(text):
    assert is_foreign(text)


@pytest.mark.parametrize(
    "text", ["", "CORESIZ==8000", "1 2", "CORESIZE==8000, 1", "1.", "{1", "é", "coresize = 8000 && (x)", "(1"]
)
def test_a_slip_is_not_another_language(text):
    assert not is_foreign(text)


Tree = int | tuple[str, "Tree", "Tree"] | tuple[str, "Tree"]

LEVELS: list[dict[str, Callable[[int, int], int]]] = [
    {"||": lambda x, y: int(bool(x or y))},
    {"&&": lambda x, y: int(bool(x and y))},
    {
        "==": lambda x, y: int(x == y),
        "!=": lambda x, y: int(x != y),
        "<": lambda x, y: int(x < y),
        ">": lambda x, y: int(x > y),
        "<=": lambda x, y: int(x <= y),
        ">=": lambda x, y: int(x >= y),
    },
    {"+": lambda x, y: x + y, "-": lambda x, y: x - y},
    {"*": lambda x, y: x * y, "/": lambda x, y: int(x / y), "%": lambda x, y: x - y * int(x / y)},
]
LEVEL_OF = {symbol: level for level, symbols in enumerate(LEVELS) for symbol in symbols}


def trees():
    binary = st.sampled_from(sorted(LEVEL_OF))
    return st.recursive(
        st.integers(0, 50),
        lambda inner: st.tuples(binary, inner, inner) | st.tuples(st.sampled_from("-!+"), inner),
        max_leaves=8,
    )


def compute(tree):
    match tree:
        case (symbol, left, right):
            return LEVELS[LEVEL_OF[symbol]][symbol](compute(left), compute(right))
        case (sign, inner):
            number = compute(inner)
            return {"-": -number, "+": number, "!": int(number == 0)}[sign]
    return tree


def write(tree, level=0):
    """Text of a tree with as few parentheses as its operators need."""
    match tree:
        case (symbol, left, right):
            own = LEVEL_OF[symbol]
            text = f"{write(left, own)} {symbol} {write(right, own + 1)}"
            return f"({text})" if own < level else text
        case (sign, inner):
            return sign + write(inner, len(LEVELS))
    return str(tree)


@pytest.mark.parametrize("one", LEVEL_OF)
@pytest.mark.parametrize("other", LEVEL_OF)
def test_any_two_operators_bind_as_in_c(one, other):
    for x, y, z in product((0, 1, 3), repeat=3):
        for tree in ((other, (one, x, y), z), (one, x, (other, y, z))):
            with suppress(ZeroDivisionError):
                expected = compute(tree)
                assert value(write(tree)) == expected


@given(trees())
def test_operators_bind_and_group_as_in_c(tree):
    try:
        expected = compute(tree)
    except ZeroDivisionError:
        with pytest.raises(DivisionByZeroError):
            evaluate(write(tree), {})
        return
    assume(abs(expected) < 2**53)
    assert value(write(tree)) == expected
