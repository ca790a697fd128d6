"""The built-in warriors, written for this package to learn from and to fight against.

Each folder of ``redcode/warriors`` is a group:

``starters``, ``held_out``                  classic styles of the textbooks for a core of 8000
``strong``, ``strong_held_out``             the styles that win today for a core of 8000
``tiny``, ``tiny_held_out``                 at most 20 instructions for a core of 800
``nano``, ``nano_held_out``                 at most 5 instructions for a core of 80

The first group of each pair is for the start of an evolution. The second one, of similar variety, measures its results:
no warrior should meet a held-out warrior while it evolves.
"""

from __future__ import annotations

from difflib import get_close_matches
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
"""The groups of built-in warriors, and the rules of each group."""


class LibraryError(RedcodeError):
    """No built-in warrior, or no group of them, has this name."""


def builtin_names(group: str | None = None) -> tuple[str, ...]:
    """Names of the built-in warriors of one group, or of all, in alphabetical order.

    Raises :class:`redcode.LibraryError` if the group does not exist.
    """
    if group is not None and group not in GROUPS:
        raise LibraryError(f"expected a group, one of {', '.join(GROUPS)}, got {group!r}")
    return tuple(name for name, file in sorted(_files().items()) if group in (None, file[0]))


def name_hint(name: str) -> str:
    """The built-in warrior whose name is nearest to an unknown ``name``, if one is near, and the groups."""
    near = [f"did you mean {match!r}? " for match in get_close_matches(name, _files(), 1)]
    return f"{''.join(near)}the built-in groups are {', '.join(GROUPS)}"


def builtin_source(name: str) -> str:
    """Redcode text of a built-in warrior; raises :class:`redcode.LibraryError` for an unknown name."""
    return _file(name)[1].read_text(encoding="ascii")


def builtin(name: str, rules: Rules | None = None, *, warriors: int = 1, rounds: int = ROUNDS) -> Warrior:
    """Assemble a built-in warrior as :func:`redcode.assemble` assembles a text.

    ``rules`` defaults to those of its group. dwarf, imp and mice use neither modifiers nor ORG, so they also assemble
    under ICWS88. Raises :class:`redcode.LibraryError` if the name is unknown, and :class:`redcode.AssemblyError` if the
    warrior is too long for the rules or its ``;assert`` is false.
    """
    own = GROUPS[_file(name)[0]]
    return assemble(builtin_source(name), rules or own, warriors=warriors, rounds=rounds)


def _file(name: str) -> tuple[str, Traversable]:
    if name not in _files():
        raise LibraryError(f"expected the name of a built-in warrior, got {name!r}: {name_hint(name)}")
    return _files()[name]


@cache
def _files() -> dict[str, tuple[str, Traversable]]:
    """Group and file of each name."""
    folder = resources.files("redcode") / "warriors"
    return {
        file.name.removesuffix(".red"): (group, file)
        for group in GROUPS
        for file in (folder / group).iterdir()
        if file.name.endswith(".red")
    }
