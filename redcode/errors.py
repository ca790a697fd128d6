"""Every error that normal use can raise: one root, one class a cause, the position kept as attributes."""

from __future__ import annotations


class RedcodeError(ValueError):
    """Root of all errors this package raises for a user's input; anything else that escapes is a bug."""


class RulesError(RedcodeError):
    """A rule is out of range, or two rules contradict each other."""


class BattleError(RedcodeError):
    """A battle cannot be set up: too many warriors, a warrior too long, start addresses that overlap."""
