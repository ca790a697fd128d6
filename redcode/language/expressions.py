"""Integer expressions as pMARS 0.9.4 evaluates them: C's operators on 64-bit integers, and 26 registers."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from functools import lru_cache

from redcode.errors import DivisionByZeroError, ExpressionError, UndefinedSymbolError

Registers = dict[str, int]
"""The values of the registers A to Z; one without a value is 0."""

_TOKEN = re.compile(r"[0-9]+|[A-Za-z_][A-Za-z0-9_]*|&&|\|\||[=!<>]=|\S", re.ASCII)
_FOREIGN = re.compile(r"[\"'`:\\\[\]]|\w\.\w|[A-Za-z_]\w+\s*\(", re.ASCII).search
_LARGEST = 2**63 - 1


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
"""Precedences beside those of ``_BINARY``."""
_REGISTER = re.compile(r"[A-Za-z]", re.ASCII).fullmatch
_HAS_NAME = re.compile(r"[A-Za-z]").search
_NAME = re.compile(r"[A-Za-z_]\w+", re.ASCII).fullmatch


def evaluate(text: str, registers: Registers) -> tuple[int, bool]:
    """Value of an expression in which names are replaced already, and whether it overflowed (and so wrapped around).

    ``x=…`` assigns everything to its right, up to the closing parenthesis, to the register ``x`` in ``registers``.
    Comparison and equality share one precedence; ``&&`` and ``||`` evaluate both sides.

    Raises ExpressionError, DivisionByZeroError or UndefinedSymbolError, without a position.
    """
    return _Evaluation(registers).run(_TOKEN.findall(text)) if _HAS_NAME(text) else _constant(text)


@lru_cache(4096)
def _constant(text: str) -> tuple[int, bool]:
    return _Evaluation({}).run(_TOKEN.findall(text))


def _number(digits: str) -> int:
    return min(int(digits), _LARGEST)


def is_foreign(text: str) -> bool:
    """Whether a text is no slip in an expression but another language: it quotes, indexes or calls."""
    return _FOREIGN(text) is not None


class _Evaluation:
    """Two stacks: values, and operators that wait for their right side as (precedence, symbol)."""

    def __init__(self, registers: Registers) -> None:
        self.registers = registers
        self.values: list[int] = []
        self.operators: list[tuple[int, str]] = []
        self.overflow = False

    def run(self, tokens: list[str]) -> tuple[int, bool]:
        """Value of the whole expression, and whether it overflowed."""
        complete = False  # a value has been read, so that an operator or ')' may follow
        position = 0
        while position < len(tokens):
            token = tokens[position]
            position += 1
            if complete:
                complete = self._read_operator(token)
            elif _REGISTER(token) and tokens[position : position + 1] == ["="]:
                self.operators.append((_ASSIGNMENT, token.upper()))
                position += 1
            else:
                complete = self._read_value(token)
        if not complete:
            raise ExpressionError("a number or a name", "the end of the expression" if tokens else "nothing")
        self._reduce(_ASSIGNMENT)
        if self.operators:
            raise ExpressionError("')'", "the end of the expression")
        return self.values.pop(), self.overflow

    def _read_value(self, token: str) -> bool:
        """Read a token where a value may start; returns whether it is a whole value."""
        if token in _PREFIX:
            self.operators.append((_SIGN, token))
        elif token == "(":
            self.operators.append((_PARENTHESIS, token))
        elif token.isascii() and token.isdigit():
            self.values.append(_number(token))
            return True
        elif _REGISTER(token):
            self.values.append(self.registers.get(token.upper(), 0))
            return True
        elif _NAME(token):
            raise UndefinedSymbolError("a defined name", repr(token))
        else:
            raise ExpressionError("a number or a name", repr(token))
        return False

    def _read_operator(self, token: str) -> bool:
        """Read a token after a value; returns whether the value stays whole."""
        if token in _BINARY:
            precedence = _BINARY[token][0]
            self._reduce(precedence)
            self.operators.append((precedence, token))
            return False
        if token != ")":
            raise ExpressionError("an operator", repr(token))
        self._reduce(_ASSIGNMENT)
        if not self.operators:
            raise ExpressionError("an operator", "a ')' without its '('")
        self.operators.pop()
        return True

    def _reduce(self, least: int) -> None:
        """Apply the waiting operators that bind at least as tightly as ``least``."""
        while self.operators and self.operators[-1][0] >= least:
            precedence, symbol = self.operators.pop()
            right = self.values.pop()
            if precedence == _SIGN:
                self.values.append(self._wrap(_PREFIX[symbol](right), quiet=True))
            elif precedence == _ASSIGNMENT:
                self.registers[symbol] = right
                self.values.append(right)
            elif right == 0 and symbol in "/%":
                raise DivisionByZeroError("a divisor other than 0", "0")
            else:
                self.values.append(self._wrap(_BINARY[symbol][1](self.values.pop(), right)))

    def _wrap(self, value: int, quiet: bool = False) -> int:
        if -_LARGEST - 1 <= value <= _LARGEST:
            return value
        self.overflow = self.overflow or not quiet
        return (value + _LARGEST + 1) % 2**64 - _LARGEST - 1
