"""From a warrior to its scores: the battles of one round's arena, and what they come to."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from drq.battles.descriptors import describe
from drq.battles.engine import Engine
from drq.battles.scoring import fitness
from drq.battles.seating import Seating
from drq.candidate import Evaluation
from redcode.rules import Rules
from redcode.warrior import Warrior


@dataclass(frozen=True)
class Arena:
    """What every candidate of a round meets: the same opponents in the same placements, so that fitnesses compare."""

    opponents: tuple[Warrior, ...]
    seating: Seating
    rules: Rules


def evaluate(warrior: Warrior, arena: Arena, engine: Engine) -> Evaluation:
    """Fight ``warrior`` against all opponents at once, in every placement of the arena.

    A battle goes on until no warrior is left or ``max_cycles`` is reached (``stop="all"``), for a survivor collects to
    the end (Kumar 2026 §4).
    """
    pool: Sequence[Warrior] = (warrior, *arena.opponents)
    seating = arena.seating
    result = engine.fight(pool, seating.entrants, seating.starts, arena.rules, "all")
    shares = np.take_along_axis(result.alive_share, seating.places, axis=1)
    own = (np.arange(len(seating.places)), seating.places[:, 0])
    return Evaluation(
        fitness=fitness(shares[:, 0]),
        survived=float(np.mean(result.survived[own])),
        cycles=float(np.mean(result.cycles)),
        descriptors=describe(warrior, result.spawned[own], result.covered[own], result.executed[own]),
        placement_fitness=tuple(shares[:, 0].tolist()),
        opponent_shares=tuple(np.mean(shares[:, 1:], axis=0).tolist()),
    )


class Evaluator:
    """One round's evaluations, while proposals go on: battles run in a thread, one batch at a time.

    Warriors of equal code that are under way together share one evaluation.
    """

    def __init__(self, arena: Arena, engine: Engine) -> None:
        self.battles = len(arena.seating.starts)
        self._arena = arena
        self._engine = engine
        self._engine_free = asyncio.Lock()
        self._under_way: dict[str, asyncio.Task[Evaluation]] = {}

    async def evaluate(self, warrior: Warrior) -> Evaluation:
        """Fight ``warrior`` in the arena, or join the battles of its twin."""
        if warrior.digest not in self._under_way:
            self._under_way[warrior.digest] = asyncio.create_task(self._fight(warrior))
        return await asyncio.shield(self._under_way[warrior.digest])

    async def _fight(self, warrior: Warrior) -> Evaluation:
        async with self._engine_free:
            return await asyncio.to_thread(evaluate, warrior, self._arena, self._engine)

    def forget(self, digest: str) -> None:
        """Drop an evaluation that has been recorded."""
        self._under_way.pop(digest, None)

    def cancel(self) -> list[asyncio.Task[Evaluation]]:
        """Cancel all that is under way; the caller awaits what is returned."""
        for task in self._under_way.values():
            task.cancel()
        return list(self._under_way.values())
