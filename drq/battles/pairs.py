"""Battles of two, many pairs at a time: every pair meets in the same placements."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from drq.battles.engine import Engine
from drq.battles.seating import draw_seating
from drq.randomness import Purpose, generator
from redcode.rules import Rules
from redcode.warrior import Warrior

CHUNK_BATTLES, MOST_BATTLES = 4000, 2_000_000
"""Battles handed to the engine at once, at first and at most: seconds on two processors, and on a thousand."""
GROW_BELOW_S = 2.0
"""An engine that fights them in less is given twice as many the next time, for it waits in between."""
Progress = Callable[[int, int], None]
"""Told how many battles are fought, and how many there are."""


@dataclass(frozen=True)
class PairBattles:
    """The battles of some pairs. The last axis is the pair: its first warrior, its second."""

    shares: NDArray[np.float64]
    """(pairs, placements, 2) alive share, 0 to 2 (see ``drq.battles.scoring``)."""
    won: NDArray[np.bool_]
    """(pairs, placements, 2) True for the one that outlived the other: a win on the hills."""
    placements: int

    @property
    def fitness(self) -> NDArray[np.float64]:
        """(pairs, 2) mean alive share over the placements (Kumar 2026 §4)."""
        return np.asarray(self.shares.mean(axis=1))

    @property
    def wins(self) -> NDArray[np.int64]:
        """(pairs, 2) battles won; the rest of the placements are ties."""
        return np.asarray(self.won.sum(axis=1))

    def both_ways(self) -> PairBattles:
        """The same battles, then all of them again as the second warrior of each pair saw them."""
        shares, won = (np.concatenate([array, array[:, :, ::-1]]) for array in (self.shares, self.won))
        return PairBattles(shares, won, self.placements)


def fight_pairs(
    pool: Sequence[Warrior],
    pairs: NDArray[np.int64],
    rules: Rules,
    placements: int,
    seed: int,
    engine: Engine,
    progress: Progress = lambda done, of: None,
) -> PairBattles:
    """Fight each of ``pairs``, (pairs, 2) indices into ``pool``, in the same ``placements`` drawn from ``seed``.

    In half the placements the first of the pair moves first, in half it lies first (to within one, see
    ``draw_seating``); they are never those of an evolution, whatever its seed. One simulation serves both rules: it
    goes on until both are dead, as fitness wants, and who outlived whom is what a hill counts.
    """
    seating = draw_seating(generator(seed, Purpose.DUELS), placements, 2, rules)
    count = len(pairs)
    shares = np.empty((count, placements, 2))
    deaths = np.empty((count, placements, 2), dtype=np.int64)
    low, step = 0, max(1, CHUNK_BATTLES // placements)
    progress(0, count * placements)
    while low < count:
        began = time.monotonic()
        chunk = np.asarray(pairs[low : low + step], dtype=np.int64)
        used, local = np.unique(chunk, return_inverse=True)
        entrants = local.reshape(chunk.shape)[:, seating.entrants].reshape(-1, 2)
        starts = np.tile(seating.starts, (len(chunk), 1))
        result = engine.fight([pool[i] for i in used], entrants, starts, rules, "all")
        for values, into in ((result.alive_share, shares), (result.death_cycle, deaths)):
            seats = values.reshape(len(chunk), placements, 2)
            into[low : low + step] = np.take_along_axis(seats, seating.places[np.newaxis], axis=2)
        low += len(chunk)
        progress(low * placements, count * placements)
        if time.monotonic() - began < GROW_BELOW_S:
            step = max(1, min(2 * step, MOST_BATTLES // placements))
    return PairBattles(shares, _won(deaths, seating.places, rules.max_cycles), placements)


def _won(deaths: NDArray[np.int64], places: NDArray[np.int64], max_cycles: int) -> NDArray[np.bool_]:
    """Who outlived the other. Of two that die in one cycle, the one that moves later has won when the first is dead."""
    later = places == 1
    other = deaths[..., ::-1]
    return np.asarray((deaths > other) | ((deaths == other) & (deaths < max_cycles) & later))
