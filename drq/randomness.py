"""Every random draw of a run, derived from its seed and the purpose of the draw. The draws share no state.

So a killed run resumes exactly, and no draw depends on which proposal returns first.
"""

from __future__ import annotations

from enum import IntEnum, unique

import numpy as np


@unique
class Purpose(IntEnum):
    """What a stream of random numbers decides."""

    PLACEMENTS = 0
    """Where and in which order a round's warriors start."""
    SELECTION = 1
    """The kind and the parents of one proposal."""
    PROPOSAL = 2
    """Everything the operator draws for one proposal."""
    DUELS = 3
    """Starts of the battles that compare champions with other warriors."""
    RANK = 4
    """The rank of a code in a round, where fitness does not decide it."""
    PAIRS = 5
    """Placements of which each pair has its own."""
    SEQUENCE = 6
    """Opponents and placements of a test that goes on until the battles tell."""
    POLISH = 7
    """Variants of a warrior that is polished, and the placements in which they are judged."""
    STRONGEST = 10
    """Placements in which the champions of a run are compared at its end."""
    OPPONENTS = 11
    """Which earlier champions and elites a round fights."""
    INSERTION = 12
    """For which place of a population one candidate competes."""
    FINALS = 13
    """Where and in which order the warriors of a round's finals start; the iteration is the heat."""


def generator(seed: int, purpose: Purpose, round: int = 0, iteration: int = 0) -> np.random.Generator:
    """The stream of one purpose at (round, iteration), independent of every other."""
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(purpose, round, iteration)))
