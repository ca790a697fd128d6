"""Duels that a run's file does not hold: champions against each other, and against held-out warriors.

Their results are kept beside the run (``drq.measurements``), so that a page which is rewritten while the run goes on
fights only what is new.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

from drq.battles.engine import Engine
from drq.battles.scoring import Outcome
from drq.battles.seating import draw_seating
from drq.measurements import SEED, Cache, Conditions, against, measure
from drq.opponents.held_out import held_out
from drq.progress import Progress, quiet
from drq.randomness import Purpose, generator
from redcode import Rules, Warrior
from redcode.pictures.page import battle_data
from redcode.pictures.trace import record

RECORDED_STEPS = 600_000
"""Instructions recorded over all battles of the page: 6 MB at most, and as many seconds."""


class ChampionDuels:
    """Fights what a page of the run in ``directory`` needs, and remembers it."""

    def __init__(self, directory: Path, rules: Rules, engine: Engine, progress: Progress = quiet) -> None:
        self.rules = rules
        self.conditions = Conditions(rules)
        self.opponents = held_out(rules)
        """The held-out warriors."""
        self._cache = Cache(directory)
        self._engine = engine
        self._progress = progress
        self._recordings: dict[tuple[str, str, int], dict[str, Any]] = {}

    def close(self) -> None:
        """Close the file of what was fought."""
        self._cache.close()

    def scores(self, warriors: Sequence[Warrior]) -> list[dict[str, Any]]:
        """For each warrior how many opponents it defeats, ties and loses to; empty where there are no opponents.

        ``shares`` are the mean alive shares against each opponent, in their order: the warrior's, and the opponent's.
        """
        if not self.opponents:
            return [{} for _ in warriors]
        fought = against(warriors, self.opponents, self.conditions, self._cache, self._engine, self._progress)
        return [
            {str(outcome): counts[outcome] for outcome in Outcome}
            | {"shares": [(duel.fitness, duel.opponent_fitness) for duel in duels]}
            for duels, counts in ((duels, Counter(duel.outcome for duel in duels)) for duels in fought)
        ]

    def matrix(self, warriors: Sequence[Warrior]) -> list[list[float | None]]:
        """Mean alive share of each row's warrior against each column's, one on one; None against its own code.

        An even share is 1.
        """
        by_digest = {warrior.digest: warrior for warrior in warriors}
        pairs = list(combinations(by_digest, 2))
        found = measure(pairs, by_digest, self.conditions, self._cache, self._engine, self._progress)
        fitness = {pair: duel.fitness for pair, duel in found.items()}
        fitness |= {(other, one): duel.opponent_fitness for (one, other), duel in found.items()}
        return [[fitness.get((row.digest, column.digest)) for column in warriors] for row in warriors]

    def recordings(self, warriors: Sequence[Warrior], cycles: int) -> list[list[dict[str, Any]]]:
        """The first ``cycles`` of one battle of each warrior against each one before it, ready for the viewer."""
        return [
            [self._recording(earlier, warrior, cycles, index, len(warriors)) for earlier in warriors[:index]]
            for index, warrior in enumerate(warriors)
        ]

    def _recording(self, first: Warrior, second: Warrior, cycles: int, done: int, of: int) -> dict[str, Any]:
        self._progress("Recording battles", done, of)
        key = (first.digest, second.digest, cycles)
        if key not in self._recordings:
            seating = draw_seating(generator(SEED, Purpose.DUELS), 1, 2, self.rules)
            order = [(first, second)[place] for place in seating.entrants[0]]
            trace = record(order, self.rules, [int(start) for start in seating.starts[0]], cycles=cycles)
            self._recordings[key] = battle_data(trace)
        return self._recordings[key]


def recorded_cycles(warriors: int, rules: Rules) -> int:
    """Cycles recorded of each battle so that all pairs of so many warriors keep within ``RECORDED_STEPS``."""
    pairs = max(1, warriors * (warriors - 1) // 2)
    return min(rules.max_cycles, max(1, RECORDED_STEPS // (2 * pairs)))
