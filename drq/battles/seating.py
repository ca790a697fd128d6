"""Where the warriors of a round start and who moves first, with no favoured seat for the candidate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from redcode.rules import Rules


@dataclass(frozen=True)
class Seating:
    """The battles of one round, of N warriors each: 0 is the candidate, 1, 2 … are the opponents in their order."""

    entrants: NDArray[np.int64]
    """(battles, N): the warrior at each place of the turn order."""
    starts: NDArray[np.int64]
    """(battles, N): load address of the warrior at the same place in ``entrants``."""

    def part(self, low: int, high: int) -> Seating:
        """The battles from ``low`` to before ``high``."""
        return Seating(self.entrants[low:high], self.starts[low:high])

    @property
    def warriors(self) -> NDArray[np.int64]:
        """(battles, N): who fights, in rising order, so that column 0 is the candidate."""
        return np.sort(self.entrants, axis=1)

    @property
    def starts_by_warrior(self) -> NDArray[np.int64]:
        """(battles, N): the load address of each of ``warriors``."""
        return np.take_along_axis(self.starts, self.places, axis=1)

    @property
    def places(self) -> NDArray[np.int64]:
        """(battles, N): the place in the turn order of each of ``warriors``."""
        return np.argsort(self.entrants, axis=1)

    @property
    def order(self) -> NDArray[np.int64]:
        """(battles, N): the columns of ``warriors`` in the order in which they move."""
        return np.argsort(self.places, axis=1)


def draw_duels(rng: np.random.Generator, placements: int, opponents: int, rules: Rules) -> Seating:
    """Draw duels of the candidate with each opponent: first one with each, in their order, then the next ones.

    Every duel has a placement of its own, uniform among those that keep ``rules.min_distance``. Against each opponent
    the candidate moves first in half of the duels, to within one.
    """
    shape = (placements, opponents)
    own = rng.integers(rules.core_size, size=shape)
    distances = rng.integers(rules.min_distance, rules.core_size - rules.min_distance + 1, size=shape)
    other = (own + distances) % rules.core_size
    is_first = rng.permuted(
        np.broadcast_to(np.arange(placements)[:, None] % 2 == rng.integers(2, size=opponents), shape), axis=0
    )
    numbers = np.broadcast_to(1 + np.arange(opponents), shape)
    zeros = np.zeros_like(numbers)
    entrants = np.where(is_first[..., None], np.stack([zeros, numbers], -1), np.stack([numbers, zeros], -1))
    starts = np.where(is_first[..., None], np.stack([own, other], -1), np.stack([other, own], -1))
    return Seating(entrants.reshape(-1, 2), starts.reshape(-1, 2))


def draw_seating(rng: np.random.Generator, placements: int, warriors: int, rules: Rules) -> Seating:
    """Draw the battles of a round of ``warriors`` (the candidate included).

    The candidate's segment (its rank among the load addresses) and its place in the turn order run through a Latin
    square in shuffled order: over any number of placements the counts of the segments differ by at most one, so do
    those of the places, and after N² placements each pair has come up once. The published code of Kumar 2026 leaves
    the candidate in the first segment, moving first. Opponents take the remaining seats at random, and the addresses
    are uniform among all that keep ``rules.min_distance``.
    """
    segments, turns, shifts = (rng.permutation(warriors) for _ in range(3))
    entrants = np.empty((placements, warriors), dtype=np.int64)
    starts = np.empty_like(entrants)
    for placement in range(placements):
        block, step = divmod(placement, warriors)
        segment = segments[step]
        turn = turns[(step + shifts[block % warriors]) % warriors]
        addresses = _addresses(rng, warriors, rules)
        own_address = addresses[segment]
        entrants[placement] = np.insert(1 + rng.permutation(warriors - 1), turn, 0)
        starts[placement] = np.insert(rng.permutation(np.delete(addresses, segment)), turn, own_address)
    return Seating(entrants, starts)


def _addresses(rng: np.random.Generator, warriors: int, rules: Rules) -> NDArray[np.int64]:
    """(warriors,) rising load addresses, uniform among those at least ``min_distance`` apart around the core."""
    slack = rules.core_size - warriors * rules.min_distance
    cuts = np.sort(rng.choice(slack + warriors - 1, size=warriors - 1, replace=False))
    gaps = np.diff(cuts, prepend=-1) - 1 + rules.min_distance
    offsets = np.concatenate(([0], np.cumsum(gaps)))
    return np.sort((rng.integers(rules.core_size) + offsets) % rules.core_size)
