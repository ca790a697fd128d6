"""Integer expressions over tokens, with C's precedence and its division that truncates toward zero."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence

from redcode.errors import RedcodeError


def _divide(x: int, y: int) -> int:
    quotient = abs(x) // abs(y)
    return quotient if (x < 0) == (y < 0) else -quotient


_BINARY: dict[str, tuple[int, Callable[[int, int], int]]] = {
    "||": (1, lambda x, y: int(bool(x) or bool(y))),
    "&&": (2, lambda x, y: int(bool(x) and bool(y))),
    "==": (3, lambda x, y: int(x == y)),
    "!=": (3, lambda x, y: int(x != y)),
    "<": (3, lambda x, y: int(x < y)),
    ">": (3, lambda x, y: int(x > y)),
    "<=": (3, lambda x, y: int(x <= y)),
    ">=": (3, lambda x, y: int(x >= y)),
    "+": (4, operator.add),
    "-": (4, operator.sub),
    "*": (5, operator.mul),
    "/": (5, _divide),
    "%": (5, lambda x, y: x - y * _divide(x, y)),
}


def evaluate(tokens: Sequence[str], symbols: dict[str, int]) -> int:
    """Value of a whole expression; raises RedcodeError where it is not one."""
    value, rest = _binary(list(tokens), symbols, 1)
    if rest:
        raise RedcodeError(f"expected an operator, got {rest[0]!r}")
    return value


def _binary(tokens: list[str], symbols: dict[str, int], least: int) -> tuple[int, list[str]]:
    value, tokens = _unary(tokens, symbols)
    while tokens and tokens[0] in _BINARY and _BINARY[tokens[0]][0] >= least:
        precedence, function = _BINARY[tokens[0]]
        right, rest = _binary(tokens[1:], symbols, precedence + 1)
        if tokens[0] in "/%" and right == 0:
            raise RedcodeError("division by zero")
        value, tokens = function(value, right), rest
    return value, tokens


def _unary(tokens: list[str], symbols: dict[str, int]) -> tuple[int, list[str]]:
    if not tokens:
        raise RedcodeError("expected a number, got the end of the expression")
    first, rest = tokens[0], tokens[1:]
    if first == "(":
        value, rest = _binary(rest, symbols, 1)
        if rest[:1] != [")"]:
            raise RedcodeError("expected ')'")
        return value, rest[1:]
    if first in ("-", "+", "!"):
        value, rest = _unary(rest, symbols)
        return (-value if first == "-" else int(not value) if first == "!" else value), rest
    if first.isdigit():
        return int(first), rest
    if first in symbols:
        return symbols[first], rest
    raise RedcodeError(f"expected a number or a defined label, got {first!r}")
