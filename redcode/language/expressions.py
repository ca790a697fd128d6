"""Integer expressions as pMARS 0.9.4 evaluates them: C's operators on 64-bit integers, and 26 registers."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from functools import lru_cache

from redcode.errors import DivisionByZeroError, ExpressionError, UndefinedSymbolError

Registers = dict[str, int]
"""The values of the registers A to Z; a register without a value is 0."""

Step = tuple[int, str, int]
"""A step of a compiled expression: how many values it takes from the stack, its symbol, the number that it pushes."""

_TOKEN = re.compile(r"[0-9]+|[A-Za-z_][A-Za-z0-9_]*|&&|\|\||[=!<>]=|\S", re.ASCII)
_FOREIGN = re.compile(r"[\"'`:\\\[\]]|\w\.\w|[A-Za-z_]\w+\s*\(", re.ASCII).search
_HALF = 2**63
"""Numbers go from -2^63 to 2^63 - 1."""


def _divide(x: int, y: int) -> int:
    """Quotient truncated toward zero, as in C."""
    quotient = abs(x) // abs(y)
    return quotient if (x < 0) == (y < 0) else -quotient


_BINARY: dict[str, tuple[int, Callable[[int, int], int]]] = {
    "||": (1, lambda x, y: int(x != 0 or y != 0)),
    "&&": (2, lambda x, y: int(x != 0 and y != 0)),
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
_PREFIX: dict[str, Callable[[int], int]] = {"-": operator.neg, "+": operator.pos, "!": lambda x: int(x == 0)}
_PARENTHESIS, _ASSIGNMENT, _SIGN = -1, 0, 6
"""Precedences in addition to those of ``_BINARY``."""
_REGISTER = re.compile(r"[A-Za-z]", re.ASCII).fullmatch
_NAME = re.compile(r"[A-Za-z_]\w+", re.ASCII).fullmatch


def evaluate(text: str, registers: Registers) -> tuple[int, bool]:
    """Value of an expression without names, and whether it overflowed (the value then wraps around).

    ``x=…`` assigns everything to its right, up to the closing parenthesis, to the register ``x`` in ``registers``.
    Comparison and equality have the same precedence; ``&&`` and ``||`` evaluate both sides.

    Raises ExpressionError, DivisionByZeroError or UndefinedSymbolError, without a position.
    """
    values: list[int] = []
    overflow = False
    for taken, symbol, number in _compiled(text):
        if taken == 0:
            values.append(registers.get(symbol, 0) if symbol else number)
            continue
        result = right = values.pop()
        if taken == 2:
            if right == 0 and symbol in "/%":
                raise DivisionByZeroError("a divisor other than 0", "0")
            result = _BINARY[symbol][1](values.pop(), right)
            overflow = overflow or not -_HALF <= result < _HALF
        elif symbol in _PREFIX:
            result = _PREFIX[symbol](right)
        else:
            registers[symbol] = right
        values.append((result + _HALF) % (2 * _HALF) - _HALF)
    return values.pop(), overflow


def is_foreign(text: str) -> bool:
    """Whether a text is code of another language: it quotes, indexes or calls."""
    return _FOREIGN(text) is not None


@lru_cache(512)
def _compiled(text: str) -> tuple[Step, ...]:
    """The expression in reverse Polish notation; raises ExpressionError or UndefinedSymbolError."""
    tokens = _TOKEN.findall(text)
    steps: list[Step] = []
    waiting: list[tuple[int, Step]] = []  # operators without their right side yet, each with its precedence

    def settle(least: int) -> None:
        """Move the waiting operators of precedence ``least`` or higher to the steps."""
        while waiting and waiting[-1][0] >= least:
            steps.append(waiting.pop()[1])

    complete = False  # whether a value has just been read, so that an operator or ')' may follow
    for position, token in enumerate(tokens):
        if complete:
            if token in _BINARY:
                precedence = _BINARY[token][0]
                settle(precedence)
                waiting.append((precedence, (2, token, 0)))
                complete = False
            elif token == "=" and _REGISTER(tokens[position - 1]):
                waiting.append((_ASSIGNMENT, (1, steps.pop()[1], 0)))
                complete = False
            elif token != ")":
                raise ExpressionError("an operator", repr(token))
            else:
                settle(_ASSIGNMENT)
                if not waiting:
                    raise ExpressionError("an operator", "a ')' without its '('")
                waiting.pop()
        elif token in _PREFIX:
            waiting.append((_SIGN, (1, token, 0)))
        elif token == "(":
            waiting.append((_PARENTHESIS, (0, token, 0)))
        else:
            steps.append(_value(token))
            complete = True
    if not complete:
        raise ExpressionError("a number or a name", "the end of the expression" if tokens else "nothing")
    settle(_ASSIGNMENT)
    if waiting:
        raise ExpressionError("')'", "the end of the expression")
    return tuple(steps)


def _value(token: str) -> Step:
    """The step that pushes a number or a register."""
    if token.isascii() and token.isdigit():
        return 0, "", min(int(token), _HALF - 1)
    if _REGISTER(token):
        return 0, token.upper(), 0
    if _NAME(token):
        raise UndefinedSymbolError("a defined name", repr(token))
    raise ExpressionError("a number or a name", repr(token))
