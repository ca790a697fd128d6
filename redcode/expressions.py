"""Integer expressions as pMARS 0.9.4 evaluates them: C's operators on 64-bit integers, and 26 registers."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable

from redcode.errors import DivisionByZeroError, ExpressionError, UndefinedSymbolError

Registers = dict[str, int]
"""The values of the registers A to Z; one without a value is 0."""

_TOKEN = re.compile(r"[0-9]+|[A-Za-z_][A-Za-z0-9_]*|&&|\|\||[=!<>]=|\S", re.ASCII)
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
_PREFIX_PRECEDENCE = 6


def evaluate(text: str, registers: Registers) -> tuple[int, bool]:
    """Value of an expression in which names are replaced already, and whether it overflowed (and so wrapped around).

    ``x=…`` assigns everything to its right, up to the closing parenthesis, to the register ``x`` in ``registers``.
    Comparison and equality share one precedence; ``&&`` and ``||`` evaluate both sides.

    Raises ExpressionError, DivisionByZeroError or UndefinedSymbolError, without a position.
    """
    if text.isascii() and text.isdigit():
        return _number(text), False
    evaluation = _Evaluation(registers)
    tokens = _TOKEN.findall(text)
    after_value = False
    skip = False
    for token, following in zip(tokens, [*tokens[1:], ""], strict=True):
        if skip:
            skip = False
        elif after_value:
            after_value = evaluation.take_after_value(token)
        else:
            after_value, skip = evaluation.take_value(token, following)
    if not after_value:
        raise ExpressionError("a number or a name", "the end of the expression" if tokens else "nothing")
    return evaluation.finish(), evaluation.overflow


def _number(digits: str) -> int:
    return min(int(digits), _LARGEST)


class _Evaluation:
    """Two stacks: values, and operators that wait for their right side as (precedence, symbol)."""

    def __init__(self, registers: Registers) -> None:
        self.registers = registers
        self.values: list[int] = []
        self.operators: list[tuple[int, str]] = []
        self.overflow = False

    def take_value(self, token: str, following: str) -> tuple[bool, bool]:
        """Read a token where a value may start: whether a value is complete, and whether the next token is used up."""
        if token in _PREFIX:
            self.operators.append((_PREFIX_PRECEDENCE, token))
        elif token == "(":
            self.operators.append((-1, token))
        elif token[0].isascii() and token.isdigit():
            self.values.append(_number(token))
            return True, False
        elif len(token) == 1 and token.isascii() and token.isalpha():
            if following == "=":
                self.operators.append((0, token.upper()))
                return False, True
            self.values.append(self.registers.get(token.upper(), 0))
            return True, False
        elif token.isidentifier() and token != "_":
            raise UndefinedSymbolError("a defined name", repr(token))
        else:
            raise ExpressionError("a number or a name", repr(token))
        return False, False

    def take_after_value(self, token: str) -> bool:
        """Read a token after a complete value: whether a value is complete still."""
        if token in _BINARY:
            precedence = _BINARY[token][0]
            self._reduce(precedence)
            self.operators.append((precedence, token))
            return False
        if token != ")":
            raise ExpressionError("an operator", repr(token))
        self._reduce(0)
        if not self.operators:
            raise ExpressionError("an operator", "a ')' without its '('")
        self.operators.pop()
        return True

    def finish(self) -> int:
        """Value of the whole."""
        self._reduce(0)
        if self.operators:
            raise ExpressionError("')'", "the end of the expression")
        return self.values.pop()

    def _reduce(self, least: int) -> None:
        """Apply the waiting operators that bind at least as tightly as ``least``."""
        while self.operators and self.operators[-1][0] >= least:
            precedence, symbol = self.operators.pop()
            right = self.values.pop()
            if precedence == _PREFIX_PRECEDENCE:
                self.values.append(self._wrap(_PREFIX[symbol](right), quiet=True))
            elif precedence == 0:
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
