"""Battles as a hill fights them: one on one until one is left, each pair in placements of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from drq.battles.duels import chunks
from drq.battles.engine import Engine
from redcode.rules import Rules
from redcode.warrior import Warrior

WON, TIED, LOST = 1, 0, -1
POINTS = {WON: 3, TIED: 1, LOST: 0}
"""What a hill gives for a battle."""


@dataclass(frozen=True)
class Placements:
    """Where the warriors of each pair lie and who moves first; both arrays are (pairs, placements)."""

    distances: NDArray[np.int64]
    """From the first warrior's load address to the second's. The core is a ring, so nothing else matters."""
    leads: NDArray[np.bool_]
    """True where the first of the pair moves first."""

    def __getitem__(self, part: slice) -> Placements:
        """Those of a part of the pairs."""
        return Placements(self.distances[part], self.leads[part])


def draw_placements(rng: np.random.Generator, pairs: int, placements: int, rules: Rules) -> Placements:
    """Every pair's own draw: distances are uniform among the legal ones; each side moves first in every other."""
    low, high = rules.min_distance, rules.core_size - rules.min_distance
    distances = rng.integers(low, high, size=(pairs, placements), endpoint=True)
    turns = (np.arange(placements) + rng.integers(2, size=(pairs, 1))) % 2
    return Placements(distances, turns == 0)


def all_placements(pairs: int, rules: Rules) -> Placements:
    """Every legal distance in both orders: all battles that a pair can have."""
    distances = np.arange(rules.min_distance, rules.core_size - rules.min_distance + 1)
    both = np.tile(distances, 2), np.repeat([True, False], len(distances))
    shape = (pairs, 2 * len(distances))
    return Placements(*(np.broadcast_to(row, shape) for row in both))


def fight_pairs(
    pool: Sequence[Warrior], pairs: NDArray[np.int64], placements: Placements, rules: Rules, engine: Engine
) -> Iterator[NDArray[np.int64]]:
    """Fight each of ``pairs``, (pairs, 2) indices into ``pool``, in its own placements.

    Yields (pairs, placements) results of the first of each pair, ``WON``, ``TIED`` or ``LOST``, in the order of the
    pairs, a chunk at a time. A battle ends when one is left. P-space starts empty in each.
    """
    each = placements.distances.shape[1]
    for chunk in chunks(len(pairs), each):
        part, entrants = placements[chunk], np.repeat(pairs[chunk], each, axis=0)
        starts = np.column_stack([np.zeros(len(entrants), dtype=np.int64), part.distances.ravel()])
        order = np.where(part.leads.ravel()[:, None], [0, 1], [1, 0])
        won = engine.fight(pool, entrants, starts, rules, "last", order).won
        yield (won[:, 0].astype(np.int64) - won[:, 1]).reshape(-1, each)


def points(results: NDArray[np.int64]) -> NDArray[np.int64]:
    """The points of a hill for results of any shape: 3 for a win, 1 for a tie."""
    return np.select([results == WON, results == TIED], [POINTS[WON], POINTS[TIED]], POINTS[LOST])
