"""One-on-one battles: how a warrior fares against others that its evolution has not met."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from drq.battles.engine import Engine
from drq.battles.pairs import fight_pairs
from drq.battles.scoring import Outcome, outcome
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
    pairs = np.array([(0, 1 + i) for i in range(len(opponents))], dtype=np.int64).reshape(-1, 2)
    fought = fight_pairs((warrior, *opponents), pairs, rules, battles, seed, engine)
    return [
        Duel(opponent, float(own), float(other))
        for opponent, (own, other) in zip(opponents, fought.fitness, strict=True)
    ]


def tally(duels: Sequence[Duel]) -> dict[Outcome, int]:
    """How many opponents the warrior defeats, ties and loses to."""
    return {result: sum(duel.outcome is result for duel in duels) for result in Outcome}
