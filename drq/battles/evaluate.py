"""From warriors to their evaluations: the battles of one round's arena and their results."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from drq.battles.engine import Engine
from drq.battles.hill import points
from drq.battles.scoring import fitness
from drq.battles.seating import Seating, draw_duels, draw_seating
from drq.candidate import Evaluation
from drq.config import RunConfig
from drq.descriptors import DESCRIPTORS, describe
from drq.objective import Battles, Counted, Objective
from redcode.machine.battle import BattleResult, Stop
from redcode.rules import Rules
from redcode.warrior import Warrior

Verdict = Callable[[Evaluation], bool]
"""Whether a candidate fights on, from what its battles have shown so far."""
_Measures = dict[str, NDArray[Any]]
"""(candidates, battles) numbers: what counts as fitness, whether a candidate survived, each measure by its name."""
TURNS = 3
"""Turns of the event loop in which a candidate that is about to be launched reaches its evaluation."""


@dataclass(frozen=True)
class Arena:
    """What every candidate of a round meets: the same opponents in the same battles, so that fitness compares."""

    opponents: tuple[Warrior, ...]
    seating: Seating
    rules: Rules
    objective: Objective = field(default_factory=Objective)
    weights: NDArray[np.float64] | None = None
    """(opponents,) how much each counts, 1 on the average; None where all count alike."""

    @property
    def placements(self) -> int:
        """How many times each opponent is met."""
        return len(self.seating.starts) // (1 if self.objective.name is Battles.MELEE else len(self.opponents))


def always(evaluation: Evaluation) -> bool:
    """The verdict without racing: every candidate is fought in all placements."""
    return True


def draw_arena(rng: np.random.Generator, placements: int, opponents: tuple[Warrior, ...], config: RunConfig) -> Arena:
    """The battles that the objective asks for, in ``placements`` drawn from ``rng``."""
    rules, objective = config.rules, config.objective
    if objective.name is Battles.MELEE:
        seating = draw_seating(rng, placements, 1 + len(opponents), rules)
    else:
        seating = draw_duels(rng, placements, len(opponents), rules)
    return Arena(opponents, seating, rules, objective)


def evaluate(
    candidates: Sequence[Warrior],
    arena: Arena,
    engine: Engine,
    looks: Sequence[int] = (),
    verdicts: Sequence[Verdict] | None = None,
) -> list[Evaluation]:
    """Fight each of ``candidates`` in every battle of the arena; one batch for all.

    For an alive share, a candidate that survives its opponents collects to the last cycle (Kumar 2026 §4). A battle
    ends when the candidate dies, since nothing that happens later changes what is measured of it: the evaluation is
    that of the whole battle. For points a battle ends with the first death.

    After each of ``looks`` placements only those candidates fight on whose verdict says so of what they have come to.
    The evaluation of another one is of the placements that it had.
    """
    verdicts = verdicts or [always] * len(candidates)
    evaluations: dict[int, Evaluation] = {}
    fought: _Measures = {}
    going, each = list(range(len(candidates))), len(arena.seating.starts) // arena.placements
    for low, high in pairwise((0, *looks, arena.placements)):
        part = replace(arena, seating=arena.seating.part(low * each, high * each))
        result = _fight([candidates[i] for i in going], part, engine, "first" if _is_share(arena) else "last")
        fought = _joined(fought, _measures(result, len(going), arena))
        evaluations.update(zip(going, _evaluations([candidates[i] for i in going], fought, arena), strict=True))
        go_on = [high < arena.placements and verdicts[i](evaluations[i]) for i in going]
        if not any(go_on):
            break
        going = [i for i, goes_on in zip(going, go_on, strict=True) if goes_on]
        fought = {name: values[go_on] for name, values in fought.items()}
    return [evaluations[i] for i in range(len(candidates))]


def opponent_shares(candidate: Warrior, arena: Arena, engine: Engine) -> tuple[float, ...]:
    """Mean alive share of each opponent, in order, in battles to the end, after the candidate's death too."""
    shares = _fight([candidate], arena, engine, "all").alive_share[:, 1:]
    return tuple(np.mean(shares.reshape(-1, len(arena.opponents)), axis=0).tolist())


def _fight(candidates: Sequence[Warrior], arena: Arena, engine: Engine, stop: Stop) -> BattleResult:
    """All battles of the first candidate, then of the next; column 0 is the candidate, then come the opponents."""
    count, seating = len(candidates), arena.seating
    entrants, starts, order = (
        np.tile(table, (count, 1)) for table in (seating.warriors + count - 1, seating.starts_by_warrior, seating.order)
    )
    entrants[:, 0] = np.repeat(np.arange(count), len(seating.starts))
    return engine.fight((*candidates, *arena.opponents), entrants, starts, arena.rules, stop, order)


def _is_share(arena: Arena) -> bool:
    return arena.objective.counted is Counted.SHARE


def _measures(result: BattleResult, candidates: int, arena: Arena) -> _Measures:
    """What the battles came to for the candidates, who are in column 0."""
    survived = result.survived
    if _is_share(arena):
        values = result.alive_share[:, 0]
    else:
        values = points(survived[:, 0].astype(np.int64) - survived[:, 1]).astype(np.float64)
    columns = {"values": values, "survived": survived[:, 0]}
    columns |= {row.measure: getattr(result, row.measure)[:, 0] for row in DESCRIPTORS.values() if row.measure}
    return {name: column.reshape(candidates, -1) for name, column in columns.items()}


def _joined(earlier: _Measures, later: _Measures) -> _Measures:
    if not earlier:
        return later
    return {name: np.concatenate((earlier[name], values), axis=1) for name, values in later.items()}


def _evaluations(candidates: Sequence[Warrior], measures: _Measures, arena: Arena) -> list[Evaluation]:
    values = _counted(measures["values"], arena)
    means = {name: table.mean(axis=1).tolist() for name, table in measures.items()}
    return [
        Evaluation(
            fitness=fitness(row),
            survived=means["survived"][i],
            descriptors=describe(candidate, {name: column[i] for name, column in means.items()}),
            placement_fitness=tuple(row.tolist()),
        )
        for i, (candidate, row) in enumerate(zip(candidates, values, strict=True))
    ]


def _counted(values: NDArray[np.float64], arena: Arena) -> NDArray[np.float64]:
    """(candidates, placements) what each placement comes to: in duels, the mean over the opponents that count."""
    if arena.objective.name is Battles.MELEE:
        return values
    by_opponent = values.reshape(len(values), -1, len(arena.opponents))
    if arena.objective.worst is not None:
        worst = np.argsort(by_opponent.mean(axis=1), axis=1, kind="stable")[:, : arena.objective.worst]
        by_opponent = np.take_along_axis(by_opponent, np.sort(worst)[:, None, :], axis=2)
    if arena.weights is not None:
        by_opponent = by_opponent * arena.weights
    return np.asarray(np.moveaxis(by_opponent, 2, 0).copy().mean(axis=0))  # the copy fixes the order of the sum


class Evaluator:
    """One round's evaluations, while proposals go on: battles run in a thread, one batch at a time.

    All candidates that wait when the engine becomes free are one batch, so that many processors have work. The results
    do not depend on the batch. Warriors of equal code and verdict share one evaluation.
    """

    def __init__(self, arena: Arena, engine: Engine, looks: Sequence[int] = ()) -> None:
        self.battles = len(arena.seating.starts)
        self._arena = arena
        self._looks = looks
        self._engine = engine
        self._engine_free = asyncio.Lock()
        self._waiting: list[tuple[Warrior, Verdict]] = []
        self._evaluations: dict[tuple[str, Verdict], asyncio.Future[Evaluation]] = {}
        self._shares: dict[str, asyncio.Task[tuple[float, ...]]] = {}
        self._worker: asyncio.Task[None] | None = None

    async def evaluate(self, candidate: Warrior, verdict: Verdict = always) -> Evaluation:
        """Fight ``candidate`` in the arena, or wait for the battles of one with the same code and the same verdict."""
        key = (candidate.digest, verdict)
        if key not in self._evaluations:
            self._evaluations[key] = asyncio.get_running_loop().create_future()
            self._waiting.append((candidate, verdict))
            if self._worker is None or self._worker.done():
                self._worker = asyncio.create_task(self._work())
        return await asyncio.shield(self._evaluations[key])

    async def opponent_shares(self, candidate: Warrior) -> tuple[float, ...]:
        """Mean alive share of each opponent against ``candidate``; kept for the round."""
        if candidate.digest not in self._shares:
            self._shares[candidate.digest] = asyncio.create_task(self._fight_whole_battles(candidate))
        return await asyncio.shield(self._shares[candidate.digest])

    def forget(self, digest: str) -> None:
        """Drop the finished evaluations of a code, once it is recorded; one whose battles are still to come stays."""
        done = [key for key, future in self._evaluations.items() if key[0] == digest and future.done()]
        for key in done:
            del self._evaluations[key]

    def cancel(self) -> list[asyncio.Future[Any]]:
        """Cancel everything under way; the caller awaits the returned futures."""
        under_way: list[asyncio.Future[Any]] = [*self._evaluations.values(), *self._shares.values()]
        if self._worker is not None:
            under_way.append(self._worker)
        for future in under_way:
            future.cancel()
        return under_way

    async def _work(self) -> None:
        while self._waiting:
            await self._let_others_join()
            async with self._engine_free:
                batch, self._waiting = self._waiting, []
                futures = [self._evaluations[candidate.digest, verdict] for candidate, verdict in batch]
                candidates, verdicts = zip(*batch, strict=True)
                work = (candidates, self._arena, self._engine, self._looks, verdicts)
                try:
                    evaluations = await asyncio.to_thread(evaluate, *work)
                except Exception as error:  # of any class: everyone who waits for the batch raises it
                    for future in futures:
                        future.set_exception(error)
                    continue
                for future, evaluation in zip(futures, evaluations, strict=True):
                    future.set_result(evaluation)

    async def _let_others_join(self) -> None:
        """Wait until a few turns of the event loop bring no further candidate: results come, and launch, in a row."""
        waiting = 0
        while len(self._waiting) > waiting:
            waiting = len(self._waiting)
            for _ in range(TURNS):
                await asyncio.sleep(0)

    async def _fight_whole_battles(self, candidate: Warrior) -> tuple[float, ...]:
        async with self._engine_free:
            return await asyncio.to_thread(opponent_shares, candidate, self._arena, self._engine)
