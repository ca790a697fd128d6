"""The built-in warriors: classic styles, written and commented for this package to learn from and to fight against.

They lie in ``redcode/warriors`` in two groups of similar variety: ``starters`` to begin an evolution from, ``held_out``
to judge its results by. Nothing that evolves should meet a held-out warrior before it is judged.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Literal, get_args

from redcode.errors import RedcodeError
from redcode.language.assembler import assemble
from redcode.rules import ICWS94, Rules
from redcode.warrior import Warrior

Group = Literal["starters", "held_out"]


class LibraryError(RedcodeError):
    """There is no built-in warrior, or no group of them, by this name."""


def builtin_names(group: Group | None = None) -> tuple[str, ...]:
    """Names of the built-in warriors in alphabetical order: of one group, or of both.

    Raises :class:`redcode.LibraryError` for a group that does not exist.
    """
    if group is not None and group not in get_args(Group):
        raise LibraryError(f"expected a group, one of {', '.join(get_args(Group))}, got {group!r}")
    return tuple(name for name, file in sorted(_files().items()) if group in (None, file[0]))


def builtin_source(name: str) -> str:
    """Redcode text of a built-in warrior; raises :class:`redcode.LibraryError` for an unknown name."""
    if name not in _files():
        raise LibraryError(f"expected a built-in warrior, one of {', '.join(builtin_names())}, got {name!r}")
    return _files()[name][1].read_text(encoding="ascii")


def builtin(name: str, rules: Rules = ICWS94, *, warriors: int = 1, rounds: int = 1) -> Warrior:
    """Assemble a built-in warrior, as :func:`redcode.assemble` does its text.

    All fit ICWS94; dwarf, imp and mice are written without modifiers and ORG, for ICWS88 too. For other rules one may
    be too long or its ``;assert`` may fail: :class:`redcode.RedcodeError`, of which :class:`redcode.LibraryError` for
    an unknown name is one.
    """
    return assemble(builtin_source(name), rules, warriors=warriors, rounds=rounds)


@cache
def _files() -> dict[str, tuple[str, Traversable]]:
    """For each name its group and its file."""
    folder = resources.files("redcode") / "warriors"
    return {
        file.name.removesuffix(".red"): (group, file)
        for group in get_args(Group)
        for file in (folder / group).iterdir()
        if file.name.endswith(".red")
    }
