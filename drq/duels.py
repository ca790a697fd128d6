"""One-on-one battles: how a warrior fares against others that its evolution has not met."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from drq.engine import Engine
from drq.randomness import Purpose, generator
from drq.scoring import Outcome, fitness, outcome
from drq.starts import draw_seating
from redcode.rules import Rules
from redcode.warrior import Warrior


@dataclass(frozen=True)
class Duel:
    """What a warrior's battles against one opponent came to."""

    opponent: Warrior
    fitness: float
    """Mean alive share of the warrior, 0 to 2."""
    opponent_fitness: float

    @property
    def outcome(self) -> Outcome:
        """Whether the warrior defeats, ties or loses."""
        return outcome(self.fitness, self.opponent_fitness)


def duels(
    warrior: Warrior, opponents: Sequence[Warrior], rules: Rules, battles: int, seed: int, engine: Engine
) -> list[Duel]:
    """Fight ``warrior`` against each opponent alone, in the same ``battles`` placements, by the rule of fitness.

    Half the battles see the warrior move first, half see it lie first (to within one, see ``draw_seating``).
    """
    seating = draw_seating(generator(seed, Purpose.DUELS), battles, 2, rules)
    entrants = np.concatenate([np.where(seating.entrants == 0, 0, 1 + i) for i in range(len(opponents))])
    starts = np.tile(seating.starts, (len(opponents), 1))
    result = engine.fight((warrior, *opponents), entrants, starts, rules, "all")
    own = np.where(entrants[:, 0] == 0, result.alive_share[:, 0], result.alive_share[:, 1])
    other = np.sum(result.alive_share, axis=1) - own
    return [
        Duel(opponent, fitness(mine), fitness(theirs))
        for opponent, mine, theirs in zip(opponents, own.reshape(-1, battles), other.reshape(-1, battles), strict=True)
    ]


def tally(duels: Sequence[Duel]) -> dict[Outcome, int]:
    """How many opponents the warrior defeats, ties and loses to."""
    return {result: sum(duel.outcome is result for duel in duels) for result in Outcome}
