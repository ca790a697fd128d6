"""Battles that a run's file does not hold: champions against each other, and against held-out warriors.

Everything is kept by the warriors' code, so that a page which is rewritten while the run goes on fights only what is
new.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from drq.battles.duels import duels, tally
from drq.battles.engine import Engine
from drq.battles.seating import draw_seating
from drq.opponents.held_out import HELD_OUT_BATTLES, HELD_OUT_SEED, held_out
from drq.randomness import Purpose, generator
from redcode import Rules, Warrior
from redcode.pictures.page import battle_data
from redcode.pictures.trace import record

DUEL_BATTLES = 20
"""Battles of each pair of the matrix."""
RECORDED_STEPS = 600_000
"""Instructions recorded over all battles of the page: 6 MB at most, and as many seconds."""
Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""


class Contests:
    """Fights what a page needs and remembers it."""

    def __init__(self, rules: Rules, engine: Engine, progress: Progress = lambda label, done, of: None) -> None:
        self.rules = rules
        self._engine = engine
        self._progress = progress
        self.judges = held_out(rules)
        """The held-out warriors."""
        self._scores: dict[str, dict[str, Any]] = {}
        self._fitness: dict[tuple[str, str], float] = {}
        self._recordings: dict[tuple[str, str, int], dict[str, Any]] = {}

    def scores(self, warriors: Sequence[Warrior]) -> list[dict[str, Any]]:
        """For each warrior how many judges it defeats, ties and loses to; nothing where there is no judge.

        ``shares`` are the mean alive shares against each judge, in their order: the warrior's, and the judge's.
        """
        for done, warrior in enumerate(warriors):
            self._progress("Against held-out warriors", done, len(warriors))
            if warrior.digest not in self._scores and self.judges:
                fought = duels(warrior, self.judges, self.rules, HELD_OUT_BATTLES, HELD_OUT_SEED, self._engine)
                counts = {str(outcome): count for outcome, count in tally(fought).items()}
                shares = [(duel.fitness, duel.opponent_fitness) for duel in fought]
                self._scores[warrior.digest] = {**counts, "shares": shares}
        return [self._scores.get(warrior.digest, {}) for warrior in warriors]

    def matrix(self, warriors: Sequence[Warrior]) -> list[list[float | None]]:
        """Mean alive share of each row's warrior against each column's, one on one; None against its own code.

        An even share is 1.
        """
        for done, row in enumerate(warriors):
            self._progress("Against each other", done, len(warriors))
            known = {column for first, column in self._fitness if first == row.digest} | {row.digest}
            rest = [column for column in warriors[done:] if column.digest not in known]
            if not rest:
                continue
            for duel in duels(row, rest, self.rules, DUEL_BATTLES, HELD_OUT_SEED, self._engine):
                self._fitness[row.digest, duel.opponent.digest] = duel.fitness
                self._fitness[duel.opponent.digest, row.digest] = duel.opponent_fitness
        return [[self._fitness.get((row.digest, column.digest)) for column in warriors] for row in warriors]

    def recordings(self, warriors: Sequence[Warrior], cycles: int) -> list[list[dict[str, Any]]]:
        """The first ``cycles`` of a battle of each warrior with each one before it, ready for the viewer."""
        return [
            [self._recording(earlier, warrior, cycles, index, len(warriors)) for earlier in warriors[:index]]
            for index, warrior in enumerate(warriors)
        ]

    def _recording(self, first: Warrior, second: Warrior, cycles: int, done: int, of: int) -> dict[str, Any]:
        self._progress("Recording battles", done, of)
        key = (first.digest, second.digest, cycles)
        if key not in self._recordings:
            seating = draw_seating(generator(HELD_OUT_SEED, Purpose.DUELS), DUEL_BATTLES, 2, self.rules)
            order = [(first, second)[place] for place in seating.entrants[0]]
            trace = record(order, self.rules, [int(start) for start in seating.starts[0]], cycles=cycles)
            self._recordings[key] = battle_data(trace)
        return self._recordings[key]


def recorded_cycles(warriors: int, rules: Rules) -> int:
    """Cycles recorded of each battle so that all pairs of so many warriors keep within ``RECORDED_STEPS``."""
    pairs = max(1, warriors * (warriors - 1) // 2)
    return min(rules.max_cycles, max(1, RECORDED_STEPS // (2 * pairs)))
