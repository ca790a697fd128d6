"""The built-in warriors that judge a run's results, and under which conditions they do."""

from __future__ import annotations

from collections.abc import Sequence

from redcode import RedcodeError, Rules, Warrior, builtin, builtin_names

HELD_OUT_BATTLES = 100
"""Battles against each held-out warrior, one on one."""
HELD_OUT_SEED = 0
"""Fixed, so that champions of different runs meet the same placements."""


def held_out(rules: Rules) -> list[Warrior]:
    """Those of the held-out warriors that can live under these rules."""
    warriors = []
    for name in builtin_names("held_out"):
        try:
            warriors.append(builtin(name, rules))
        except RedcodeError:
            continue
    return warriors


def shortage(judges: Sequence[Warrior]) -> str | None:
    """Why only so few judge, for people to read; None where every held-out warrior does."""
    there = len(builtin_names("held_out"))
    return None if len(judges) == there else f"{len(judges)} of {there} held-out warriors assemble under these rules"
