"""Fitness and outcome, as Kumar 2026 (arXiv 2601.03335) §4 defines them."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray


class Outcome(StrEnum):
    """The result of one warrior's battles against another."""

    DEFEATS = "defeats"
    TIES = "ties"
    LOSES = "loses"


def fitness(alive_share: NDArray[np.float64]) -> float:
    """Mean of a candidate's alive shares; ``alive_share``: (placements,), each 0 to the number of warriors.

    In a battle of N warriors and at most T cycles, each cycle gives N/T units in equal parts to the warriors that are
    alive::

        alive_share_i = Σ_t (N / T) · A_i,t / Σ_j A_j,t        A_i,t = 1 while i has a process, else 0

    All T cycles count: the battle goes on after the last opponent's death, and the survivor collects the whole unit
    as long as it lives. An even share is 1. The fitness is the mean over the placements (Kumar 2026 §4).
    """
    return float(np.mean(alive_share))


def outcome(own: float, other: float) -> Outcome:
    """Outcome of a one-on-one from both mean alive shares.

    A warrior defeats another when its fitness is strictly higher (Kumar 2026 §4); equal ones tie. Shares that differ
    only by rounding are equal.
    """
    if abs(own - other) <= 1e-9:
        return Outcome.TIES
    return Outcome.DEFEATS if own > other else Outcome.LOSES
