"""The built-in warriors that no evolution meets."""

from __future__ import annotations

from collections.abc import Sequence

from redcode import RedcodeError, Rules, Warrior, builtin, builtin_names
from redcode.language.library import GROUPS

_GROUPS = {8000: "held_out", 800: "tiny_held_out", 0: "nano_held_out"}
"""By the smallest core that the warriors of the group are made for."""


def held_out_group(rules: Rules) -> str:
    """The group of held-out warriors that are made for a core of this size."""
    return next(group for size, group in _GROUPS.items() if rules.core_size >= size)


def held_out_groups(rules: Rules) -> tuple[str, ...]:
    """All groups of held-out warriors that are made for a core of this size."""
    group = held_out_group(rules)
    return tuple(name for name, own in GROUPS.items() if own == GROUPS[group] and "held_out" in name)


def held_out(rules: Rules) -> list[Warrior]:
    """Those of the group that assemble under these rules."""
    warriors = []
    for name in builtin_names(held_out_group(rules)):
        try:
            warriors.append(builtin(name, rules))
        except RedcodeError:
            continue
    return warriors


def shortage(opponents: Sequence[Warrior], rules: Rules) -> str | None:
    """Why there are so few held-out opponents, in one line; None where the whole group assembles."""
    there = len(builtin_names(held_out_group(rules)))
    return (
        None if len(opponents) == there else f"{len(opponents)} of {there} held-out warriors assemble under these rules"
    )
