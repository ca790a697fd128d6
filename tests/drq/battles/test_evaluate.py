"""An evaluation against arithmetic done by hand, and against single battles."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from drq.battles.engine import LocalEngine
from drq.battles.evaluate import Arena, Evaluator, evaluate
from drq.battles.seating import Seating, draw_seating
from redcode import NANO, Rules, Warrior, assemble, fight_batch
from redcode.machine.battle import BattleResult
from tests.drq.runs import DWARF, IMP, CountingEngine, random_warrior

SITTER = assemble("JMP 0\n", NANO)
DEAD = assemble("DAT 0, 0\n", NANO)


def arena(opponents: Sequence[Warrior], placements: int = 12, seed: int = 0, rules: Rules = NANO) -> Arena:
    seating = draw_seating(np.random.default_rng(seed), placements, 1 + len(opponents), rules)
    return Arena(tuple(opponents), seating, rules)


def test_the_shares_of_those_that_sit_and_those_that_die() -> None:
    """Kumar 2026 §4: N/T a cycle, shared by the living, to the last cycle."""
    alone = evaluate(SITTER, arena([DEAD]), LocalEngine(1))
    assert alone.fitness == pytest.approx(2.0, abs=3 / NANO.max_cycles) and alone.survived == 1.0
    assert alone.cycles == NANO.max_cycles
    dead = evaluate(DEAD, arena([SITTER]), LocalEngine(1))
    assert 0.0 <= dead.fitness < 2 / NANO.max_cycles and dead.survived == 0.0
    assert dead.opponent_shares[0] == pytest.approx(2.0, abs=3 / NANO.max_cycles)
    three = evaluate(SITTER, arena([SITTER, DEAD]), LocalEngine(1))
    assert three.fitness == pytest.approx(1.5, abs=3 / NANO.max_cycles)
    assert three.opponent_shares == pytest.approx((1.5, 0.0), abs=3 / NANO.max_cycles)


def test_a_battle_goes_on_after_the_last_rival_s_death() -> None:
    """The survivor collects until it dies itself, so dying late in an empty core costs."""
    countdown = assemble("ADD #1, 1\nDJN -1, #40\n", NANO)
    assert countdown.code
    short = assemble("JMP 1\nJMP 1\nJMP 1\n", NANO)
    evaluation = evaluate(short, arena([DEAD]), LocalEngine(1))
    assert 3 / NANO.max_cycles * 2 < evaluation.fitness < 0.1


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 3), st.integers(1, 9))
def test_an_evaluation_is_the_mean_of_its_battles(seed: int, opponents: int, placements: int) -> None:
    rng = np.random.default_rng(seed)
    candidate, *others = (random_warrior(rng) for _ in range(1 + opponents))
    where = arena(others, placements, seed)
    evaluation = evaluate(candidate, where, LocalEngine(1))
    pool = [candidate, *others]
    own, rivals, spawned, covered = [], [], [], []
    for entrants, starts in zip(where.seating.entrants, where.seating.starts, strict=True):
        result = fight_batch([pool[i] for i in entrants], [range(len(pool))], [starts], NANO, stop="all")
        place = entrants.tolist().index(0)
        own.append(result.alive_share[0, place])
        spawned.append(result.spawned[0, place])
        covered.append(result.covered[0, place])
        rivals.append([result.alive_share[0, entrants.tolist().index(1 + i)] for i in range(opponents)])
    assert evaluation.placement_fitness == tuple(own)
    assert evaluation.fitness == pytest.approx(np.mean(own))
    assert evaluation.opponent_shares == pytest.approx(tuple(np.mean(rivals, axis=0)))
    assert evaluation.descriptors["spawned"] == pytest.approx(np.mean(spawned))
    assert evaluation.descriptors["covered"] == pytest.approx(np.mean(covered))
    assert evaluation.descriptors["length"] == len(candidate)


def test_covered_counts_what_is_read_and_written_and_executed_does_not() -> None:
    """A fault of the published code: it counts executed addresses and calls them accessed."""
    bomber = assemble("MOV 2, @2\nJMP -1\nDAT 0, 20\n", NANO)
    evaluation = evaluate(bomber, arena([DEAD]), LocalEngine(1))
    assert evaluation.descriptors["executed"] == 2.0
    assert evaluation.descriptors["covered"] == 4.0


class SlowEngine:
    """Counts batches, and how many run at once."""

    def __init__(self) -> None:
        self.batches = self.running = self.most = 0
        self._lock = threading.Lock()

    def fight(self, pool: Any, entrants: NDArray[np.int64], starts: Any, rules: Rules, stop: Any) -> BattleResult:
        with self._lock:
            self.batches += 1
            self.running += 1
            self.most = max(self.most, self.running)
        result = LocalEngine(1).fight(pool, entrants, starts, rules, stop)
        with self._lock:
            self.running -= 1
        return result


def test_twins_under_way_share_their_battles_and_batches_do_not_overlap() -> None:
    engine = SlowEngine()
    imp, dwarf = assemble(IMP, NANO), assemble(DWARF, NANO)

    async def main() -> list[Any]:
        evaluator = Evaluator(arena([SITTER]), engine)
        results = await asyncio.gather(*(evaluator.evaluate(warrior) for warrior in (imp, dwarf, imp, dwarf, imp)))
        assert engine.batches == 2
        evaluator.forget(imp.digest)
        return [*results, await evaluator.evaluate(imp)]

    results = asyncio.run(main())
    assert results[0] == results[2] == results[4] == results[5] and results[1] == results[3]
    assert (engine.batches, engine.most) == (3, 1)


def test_what_waits_for_its_battles_can_be_cancelled() -> None:
    engine, began, may_go_on = CountingEngine(), threading.Event(), threading.Event()

    class GatedEngine:
        def fight(self, *battles: Any) -> BattleResult:
            began.set()
            may_go_on.wait()
            return engine.fight(*battles)

    async def main() -> list[Any]:
        evaluator = Evaluator(arena([SITTER]), GatedEngine())
        callers = [asyncio.create_task(evaluator.evaluate(assemble(text, NANO))) for text in (IMP, DWARF)]
        await asyncio.to_thread(began.wait)
        cancelled = evaluator.cancel()
        may_go_on.set()
        await asyncio.gather(*callers, return_exceptions=True)
        return await asyncio.gather(*cancelled, return_exceptions=True)

    assert [type(result) for result in asyncio.run(main())] == [asyncio.CancelledError] * 2
    assert engine.batches == 1, "what a thread has begun it ends"


def test_a_seating_s_places_are_the_inverse_of_its_entrants() -> None:
    seating = Seating(np.array([[2, 0, 1]]), np.array([[10, 20, 30]]))
    assert seating.places.tolist() == [[1, 2, 0]]
