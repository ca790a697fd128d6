"""One-on-one battles: how warriors fare against opponents, many pairs at a time."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from drq.battles.engine import Engine
from drq.battles.scoring import Outcome, outcome
from drq.battles.seating import draw_seating
from drq.randomness import Purpose, generator
from redcode.rules import Rules
from redcode.warrior import Warrior

CHUNK_BATTLES, MOST_BATTLES = 4000, 2_000_000
"""Battles that the engine gets at once, at first and at most: seconds on two processors, and on a thousand."""
GROW_BELOW_S = 2.0
"""An engine that is faster than this gets twice as many the next time, because it waits between two chunks."""


class Duel(NamedTuple):
    """What the battles of a warrior against one opponent come to."""

    fitness: float
    """Mean alive share of the warrior, 0 to 2 (see ``drq.battles.scoring``)."""
    opponent_fitness: float
    spread: float
    """Standard deviation over the placements of the difference of both alive shares; 0 for a single placement."""
    fitness_spread: float
    """The same of the warrior's alive share, and of the opponent's."""
    opponent_spread: float
    wins: int
    """Battles in which the warrior outlived the opponent, as a hill counts them; the rest is lost or tied."""
    losses: int

    @property
    def outcome(self) -> Outcome:
        """Whether the warrior defeats, ties or loses, by fitness."""
        return outcome(self.fitness, self.opponent_fitness)

    @property
    def reversed(self) -> Duel:
        """The same battles as the opponent saw them."""
        own, other = self.fitness_spread, self.opponent_spread
        return Duel(self.opponent_fitness, self.fitness, self.spread, other, own, self.losses, self.wins)


EVEN = Duel(1.0, 1.0, 0.0, 0.0, 0.0, 0, 0)
"""A code against itself, which is not fought."""


def chunks(pairs: int, placements: int) -> Iterator[slice]:
    """Which of so many pairs, each with so many battles, the engine gets at once; what is done meanwhile is timed."""
    low, step = 0, max(1, CHUNK_BATTLES // placements)
    while low < pairs:
        began = time.monotonic()
        yield slice(low, low + step)
        low += step
        if time.monotonic() - began < GROW_BELOW_S:
            step = max(1, min(2 * step, MOST_BATTLES // placements))


def fight_duels(
    pool: Sequence[Warrior], pairs: NDArray[np.int64], rules: Rules, placements: int, seed: int, engine: Engine
) -> Iterator[list[Duel]]:
    """Fight each of ``pairs``, (pairs, 2) indices into ``pool``, in the same ``placements`` drawn from ``seed``.

    Yields the duels in the order of the pairs, a chunk at a time. In half of the placements the first of a pair moves
    first, in half it lies first (to within one, see ``draw_seating``). No evolution fights in these placements,
    whatever its seed. One simulation serves both rules: it goes on until both are dead, as fitness wants, and a hill
    counts who outlived whom.
    """
    seating = draw_seating(generator(seed, Purpose.DUELS), placements, 2, rules)
    for part in chunks(len(pairs), placements):
        chunk = np.asarray(pairs[part], dtype=np.int64)
        used, local = np.unique(chunk, return_inverse=True)
        entrants = np.repeat(local.reshape(chunk.shape), placements, axis=0)
        starts, order = (np.tile(table, (len(chunk), 1)) for table in (seating.starts_by_warrior, seating.entrants))
        result = engine.fight([pool[i] for i in used], entrants, starts, rules, "all", order)
        won = _won(result.death_cycle.reshape(-1, placements, 2), seating.places, rules.max_cycles)
        yield _duels(result.alive_share.reshape(-1, placements, 2), won)


def _duels(shares: NDArray[np.float64], won: NDArray[np.bool_]) -> list[Duel]:
    """The duels of (pairs, placements, 2) alive shares and wins; the last axis is the place in the pair."""
    ddof = min(1, shares.shape[1] - 1)
    spread = (shares[..., 0] - shares[..., 1]).std(axis=1, ddof=ddof)
    numbers = np.column_stack([shares.mean(axis=1), spread, shares.std(axis=1, ddof=ddof)]).tolist()
    return [Duel(*row, *wins) for row, wins in zip(numbers, won.sum(axis=1).tolist(), strict=True)]


def _won(deaths: NDArray[np.int64], places: NDArray[np.int64], max_cycles: int) -> NDArray[np.bool_]:
    """Who outlived the other. Of two that die in one cycle, the one that moves later outlives the first."""
    later = places == 1
    other = deaths[..., ::-1]
    return np.asarray((deaths > other) | ((deaths == other) & (deaths < max_cycles) & later))
