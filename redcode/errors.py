"""Every error of normal use: one root, one class per cause, the position as attributes."""

from __future__ import annotations

from collections.abc import Sequence

_SHOWN = 100
"""Most characters of the source line on each side of an error."""


class RedcodeError(ValueError):
    """Root of all errors that a user's input can cause; every other error is a bug of this package."""


class RulesError(RedcodeError):
    """A rule is out of range, or two rules contradict each other."""


class BattleError(RedcodeError):
    """A battle is impossible: too many warriors, a warrior that is too long, start addresses that overlap."""


class SourceError(RedcodeError):
    """One mistake in a warrior's text, and its place.

    ``str()`` gives ``path:line:column: expected …, got …`` with the source line and a caret below it.
    """

    def __init__(
        self, expected: str, got: str, path: str = "<source>", line: int = 0, column: int = 0, text: str = ""
    ) -> None:
        super().__init__(expected, got, path, line, column, text)
        self.expected = expected
        self.got = got
        self.path = path
        self.line = line
        """Line of the text, from 1."""
        self.column = column
        """Column in that line, from 1."""
        self.text = text
        """The source line, without its comment."""

    @property
    def reason(self) -> str:
        """``expected …, got …`` without the place."""
        return f"expected {self.expected}, got {self.got}"

    @property
    def message(self) -> str:
        """``path:line:column: expected …, got …`` in one line."""
        return f"{self.path}:{self.line}:{self.column}: {self.reason}"

    def __str__(self) -> str:
        """The message, and the source line with control characters replaced."""
        if not self.text:
            return self.message
        left = max(0, self.column - 1 - _SHOWN)
        shown = "".join(c if c.isprintable() else " " for c in self.text[left : self.column + _SHOWN])
        return f"{self.message}\n    {shown}\n    {' ' * (self.column - 1 - left)}^"


class AssemblyError(RedcodeError):
    """A text does not assemble; ``errors`` holds its :class:`SourceError` values in the order of the text.

    ``warnings``, each ``line N: …``, often name the cause.
    """

    def __init__(self, errors: Sequence[SourceError], warnings: Sequence[str] = ()) -> None:
        super().__init__(tuple(errors), tuple(warnings))
        self.errors = tuple(errors)
        self.warnings = tuple(warnings)

    def __str__(self) -> str:
        """All errors, one below the other, then the warnings."""
        warnings = [f"{self.errors[0].path}: warning: {warning}" for warning in self.warnings]
        return "\n".join([*map(str, self.errors), *warnings])


class UnexpectedTokenError(SourceError):
    """A word, number or character stands where the language has no place for it."""


class MissingOperandError(SourceError):
    """An instruction lacks an operand that it needs."""


class ModifierError(SourceError):
    """What follows the dot is not a modifier."""


class ExpressionError(SourceError):
    """An expression is not well formed."""


class UndefinedSymbolError(ExpressionError):
    """A name is neither a label, nor an EQU, nor a predefined constant, nor a register."""


class DivisionByZeroError(ExpressionError):
    """An expression divides by zero."""


class AssertionFailedError(SourceError):
    """An ``;assert`` is false under these rules."""


class ICWS88Error(SourceError):
    """The text goes beyond the older standard that the rules ask for."""


class RecursiveEquError(SourceError):
    """An EQU names itself, directly or through others."""


class ConcatenationError(SourceError):
    """What follows ``&`` is not the counter of a FOR around it."""


class UnopenedForError(SourceError):
    """A ROF has no FOR."""


class TooManyLabelsError(SourceError):
    """More labels before one instruction than pMARS takes."""


class LengthError(SourceError):
    """A warrior has no instruction, or more than the rules allow."""


class LimitError(SourceError):
    """A bound against runaway texts: source size, line length, FOR count, nesting, or the work of expanding."""
