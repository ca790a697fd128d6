"""The built-in warriors, written and commented for this package to learn from and to fight against.

They lie in ``redcode/warriors``; each folder there is a group:

``starters``, ``held_out``                  classic styles as textbooks show them, for a core of 8000
``strong``, ``strong_held_out``             the styles that win today, for a core of 8000
``tiny``, ``tiny_held_out``                 at most 20 instructions for a core of 800
``nano``, ``nano_held_out``                 at most 5 instructions for a core of 80

The first of each two is to begin an evolution from, the second, of similar variety, to judge its results by. Nothing
that evolves should meet a held-out warrior before it is judged.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from redcode.errors import RedcodeError
from redcode.language.assembler import ROUNDS, assemble
from redcode.rules import ICWS94, NANO, TINY, Rules
from redcode.warrior import Warrior

GROUPS: dict[str, Rules] = {
    "starters": ICWS94,
    "held_out": ICWS94,
    "strong": ICWS94,
    "strong_held_out": ICWS94,
    "tiny": TINY,
    "tiny_held_out": TINY,
    "nano": NANO,
    "nano_held_out": NANO,
}
"""The groups of built-in warriors, and the rules that the warriors of each are written for."""


class LibraryError(RedcodeError):
    """There is no built-in warrior, or no group of them, by this name."""


def builtin_names(group: str | None = None) -> tuple[str, ...]:
    """Names of the built-in warriors in alphabetical order: of one group, or of all.

    Raises :class:`redcode.LibraryError` for a group that does not exist.
    """
    if group is not None and group not in GROUPS:
        raise LibraryError(f"expected a group, one of {', '.join(GROUPS)}, got {group!r}")
    return tuple(name for name, file in sorted(_files().items()) if group in (None, file[0]))


def builtin_source(name: str) -> str:
    """Redcode text of a built-in warrior; raises :class:`redcode.LibraryError` for an unknown name."""
    return _file(name)[1].read_text(encoding="ascii")


def builtin(name: str, rules: Rules | None = None, *, warriors: int = 1, rounds: int = ROUNDS) -> Warrior:
    """Assemble a built-in warrior, as :func:`redcode.assemble` does its text.

    Without ``rules`` they are those that its group is written for. dwarf, imp and mice are written without modifiers
    and ORG, for ICWS88 too. For other rules one may be too long or its ``;assert`` may fail:
    :class:`redcode.RedcodeError`, of which :class:`redcode.LibraryError` for an unknown name is one.
    """
    own = GROUPS[_file(name)[0]]
    return assemble(builtin_source(name), rules or own, warriors=warriors, rounds=rounds)


def _file(name: str) -> tuple[str, Traversable]:
    if name not in _files():
        raise LibraryError(f"expected a built-in warrior, one of {', '.join(builtin_names())}, got {name!r}")
    return _files()[name]


@cache
def _files() -> dict[str, tuple[str, Traversable]]:
    """For each name its group and its file."""
    folder = resources.files("redcode") / "warriors"
    return {
        file.name.removesuffix(".red"): (group, file)
        for group in GROUPS
        for file in (folder / group).iterdir()
        if file.name.endswith(".red")
    }
