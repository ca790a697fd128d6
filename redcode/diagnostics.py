"""The errors and warnings of one text, gathered so that all of them can be shown at once."""

from __future__ import annotations

from typing import NoReturn

from redcode.errors import AssemblyError, LimitError, SourceError

MAX_ERRORS = 50
"""Errors after which assembling stops; more would not be read."""
MAX_WARNINGS = 50


class Report:
    """What was wrong with the text called ``path``. An error or warning repeated at the same place is kept once."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._errors: dict[tuple[type[SourceError], int, int], SourceError] = {}
        self._warnings: dict[tuple[int, str], None] = {}

    @property
    def warnings(self) -> tuple[str, ...]:
        """The warnings as ``line N: …``, in the order of the text."""
        return tuple(f"line {line}: {message}" for line, message in sorted(self._warnings))

    @property
    def has_errors(self) -> bool:
        """Whether there was an error so far."""
        return bool(self._errors)

    def error(
        self, kind: type[SourceError], expected: str, got: str, line: int = 0, column: int = 0, text: str = ""
    ) -> None:
        """Note an error; raises AssemblyError when there are ``MAX_ERRORS``."""
        error = kind(expected, got, self.path, line, column, text)
        self._errors.setdefault((kind, line, column), error)
        if len(self._errors) == MAX_ERRORS:
            self.raise_errors()

    def abort(self, expected: str, got: str, line: int = 0, column: int = 0, text: str = "") -> NoReturn:
        """Note that a bound was passed and stop there: raises AssemblyError."""
        self._errors[LimitError, line, column] = LimitError(expected, got, self.path, line, column, text)
        raise self._failure()

    def warn(self, line: int, message: str) -> None:
        """Note something odd that pMARS accepts; only the first ``MAX_WARNINGS`` are kept."""
        if len(self._warnings) < MAX_WARNINGS:
            self._warnings[line, message] = None

    def raise_errors(self) -> None:
        """Raise AssemblyError if there was any error."""
        if self._errors:
            raise self._failure()

    def _failure(self) -> AssemblyError:
        return AssemblyError(sorted(self._errors.values(), key=lambda error: (error.line, error.column)))
