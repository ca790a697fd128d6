"""The built-in warriors that judge a run's results, and under which conditions they do."""

from __future__ import annotations

from collections.abc import Sequence

from redcode import RedcodeError, Rules, Warrior, builtin, builtin_names

HELD_OUT_BATTLES = 100
"""Battles against each held-out warrior, one on one."""
HELD_OUT_SEED = 0
"""Fixed, so that champions of different runs meet the same placements."""
JUDGES = ("held_out", "tiny_held_out", "nano_held_out")
"""The groups of built-in warriors that judge: for a core of 8000, 800 and 80."""


def held_out(rules: Rules) -> list[Warrior]:
    """Those of the held-out warriors that assemble under these rules."""
    warriors = []
    for name in _names():
        try:
            warriors.append(builtin(name, rules))
        except RedcodeError:
            continue
    return warriors


def shortage(judges: Sequence[Warrior]) -> str | None:
    """Why only so few judge, for people to read; None where as many do as in a core of 8000."""
    if len(judges) >= len(builtin_names("held_out")):
        return None
    return f"{len(judges)} of {len(_names())} held-out warriors assemble under these rules"


def _names() -> list[str]:
    return [name for group in JUDGES for name in builtin_names(group)]
