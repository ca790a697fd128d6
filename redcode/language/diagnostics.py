"""The errors and warnings of one text, collected so that all are shown at once."""

from __future__ import annotations

from typing import NoReturn

from redcode.errors import AssemblyError, LimitError, SourceError
from redcode.language.lexer import Place

MAX_ERRORS = 50
"""The assembler stops after this number of errors: a reader needs no more."""
MAX_WARNINGS = 50


class Diagnostics:
    """Errors and warnings of the text called ``path``, each at most once per place."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._errors: dict[tuple[type[SourceError], str, str, Place], SourceError] = {}
        self._warnings: dict[tuple[int, str], None] = {}

    @property
    def warnings(self) -> tuple[str, ...]:
        """The warnings as ``line N: …``, in the order of the text."""
        return tuple(f"line {line}: {message}" for line, message in sorted(self._warnings))

    @property
    def has_errors(self) -> bool:
        """Whether there is an error so far."""
        return bool(self._errors)

    def error(self, kind: type[SourceError], expected: str, got: str, place: Place) -> None:
        """Add an error; raises AssemblyError at ``MAX_ERRORS``."""
        self._errors.setdefault((kind, expected, got, place), kind(expected, got, self.path, *place))
        if len(self._errors) == MAX_ERRORS:
            self.raise_errors()

    def abort(self, expected: str, got: str, place: Place) -> NoReturn:
        """Add the error that the text exceeds a limit, and raise AssemblyError."""
        self._errors[LimitError, expected, got, place] = LimitError(expected, got, self.path, *place)
        raise self._failure()

    def warn(self, line: int, message: str) -> None:
        """Add a warning about something that pMARS accepts; only the first ``MAX_WARNINGS`` are kept."""
        if len(self._warnings) < MAX_WARNINGS:
            self._warnings[line, message] = None

    def raise_errors(self) -> None:
        """Raise AssemblyError if there is any error."""
        if self._errors:
            raise self._failure()

    def _failure(self) -> AssemblyError:
        errors = sorted(self._errors.values(), key=lambda error: (error.line, error.column))
        return AssemblyError(errors, self.warnings)
