"""The built-in warriors that judge a run's results, and under which conditions they do."""

from __future__ import annotations

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
