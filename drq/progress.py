"""How long work reports its progress."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""Takes the name of the work, how much of it is done, and how much there is in all."""


def quiet(what: str, done: int, of: int) -> None:
    """Report nothing."""
