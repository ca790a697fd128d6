"""An evaluation against arithmetic done by hand, and against single battles."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drq.battles.engine import LocalEngine
from drq.battles.evaluate import Arena, Evaluator, draw_arena, evaluate, opponent_shares
from drq.battles.seating import Seating, draw_seating
from drq.config import RunConfig
from drq.descriptors import DESCRIPTORS
from drq.errors import EngineError
from drq.objective import Battles, Counted, Objective
from drq.store.database import open_for_reading
from redcode import NANO, Rules, Warrior, assemble, fight_batch
from redcode.machine.battle import BattleResult
from redcode.machine.reference import Machine
from tests.drq.runs import DWARF, IMP, CountingEngine, random_warrior

SITTER = assemble("JMP 0\n", NANO)
DEAD = assemble("DAT 0, 0\n", NANO)
RECORDED = Path(__file__).parents[2] / "data" / "recorded_run" / "run.sqlite"
MEASURES = ("spawned", "covered", "executed")


def arena(opponents: Sequence[Warrior], placements: int = 12, seed: int = 0, rules: Rules = NANO) -> Arena:
    seating = draw_seating(np.random.default_rng(seed), placements, 1 + len(opponents), rules)
    return Arena(tuple(opponents), seating, rules)


def test_the_shares_of_those_that_sit_and_those_that_die() -> None:
    """Kumar 2026 §4: N/T a cycle, shared by the living, to the last cycle."""
    engine, with_dead, with_both = LocalEngine(1), arena([DEAD]), arena([SITTER, DEAD])
    (alone,) = evaluate([SITTER], with_dead, engine)
    assert alone.fitness == pytest.approx(2.0, abs=3 / NANO.max_cycles) and alone.survived == 1.0
    (dead,) = evaluate([DEAD], arena([SITTER]), engine)
    assert 0.0 <= dead.fitness < 2 / NANO.max_cycles and dead.survived == 0.0
    assert opponent_shares(DEAD, arena([SITTER]), engine) == pytest.approx((2.0,), abs=3 / NANO.max_cycles)
    (three,) = evaluate([SITTER], with_both, engine)
    assert three.fitness == pytest.approx(1.5, abs=3 / NANO.max_cycles)
    assert opponent_shares(SITTER, with_both, engine) == pytest.approx((1.5, 0.0), abs=3 / NANO.max_cycles)


def test_a_battle_goes_on_after_the_last_opponent_s_death() -> None:
    """The survivor collects until it dies itself, so dying late in an empty core costs."""
    short = assemble("JMP 1\nJMP 1\nJMP 1\n", NANO)
    (evaluation,) = evaluate([short], arena([DEAD]), LocalEngine(1))
    assert 3 / NANO.max_cycles * 2 < evaluation.fitness < 0.1


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 3), st.integers(1, 3), st.integers(1, 9))
def test_an_evaluation_is_that_of_its_whole_battles_to_the_last_bit(
    seed: int, candidates: int, opponents: int, placements: int
) -> None:
    """Fought one by one to the end, in the order in which the warriors move; several candidates are one batch."""
    rng = np.random.default_rng(seed)
    fought = [random_warrior(rng) for _ in range(candidates)]
    others = [random_warrior(rng) for _ in range(opponents)]
    where = arena(others, placements, seed)
    for candidate, evaluation in zip(fought, evaluate(fought, where, LocalEngine(2)), strict=True):
        pool = [candidate, *others]
        rows: dict[str, list[list[float]]] = {name: [] for name in ("alive_share", "survived", *MEASURES)}
        for entrants, starts in zip(where.seating.entrants, where.seating.starts, strict=True):
            result = fight_batch([pool[i] for i in entrants], [range(len(pool))], [starts], NANO, stop="all")
            for name, values in rows.items():
                values.append(getattr(result, name)[0, np.argsort(entrants)].tolist())
        own = {name: np.array(values)[:, 0] for name, values in rows.items()}
        assert evaluation.placement_fitness == tuple(own["alive_share"])
        assert evaluation.fitness == np.mean(own["alive_share"])
        assert evaluation.survived == np.mean(own["survived"])
        assert {name: evaluation.descriptors[name] for name in MEASURES} == {n: np.mean(own[n]) for n in MEASURES}
        assert evaluation.descriptors["length"] == len(candidate)
        shares = opponent_shares(candidate, where, LocalEngine(1))
        assert shares == tuple(np.mean(np.array(rows["alive_share"])[:, 1:], axis=0))


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 2**32),
    st.integers(1, 4),
    st.integers(1, 6),
    st.sampled_from(Counted),
    st.sampled_from((1, 2, None, "weighed")),
)
def test_duels_are_fought_one_by_one(
    seed: int, opponents: int, placements: int, counted: Counted, which: int | str | None
) -> None:
    """Against the reference interpreter, each opponent on its own; points as a hill gives them (``3*W+T``)."""
    rng = np.random.default_rng(seed)
    candidate, others = random_warrior(rng), [random_warrior(rng) for _ in range(opponents)]
    worst = which if isinstance(which, int) else None
    config = RunConfig(rules=NANO, objective=Objective(Battles.DUELS, counted, worst))
    where = draw_arena(rng, placements, tuple(others), config)
    weights = np.arange(opponents) / 2 if which == "weighed" else np.ones(opponents)
    if which == "weighed":
        where = replace(where, weights=weights)
    (evaluation,) = evaluate([candidate], where, LocalEngine(1))
    values = np.zeros((opponents, placements))
    met = np.zeros(opponents, dtype=int)
    for entrants, starts in zip(where.seating.entrants, where.seating.starts, strict=True):
        other = int(max(entrants)) - 1
        own = int(np.flatnonzero(entrants == 0)[0])
        pair = [candidate if warrior == 0 else others[other] for warrior in entrants]
        machine = Machine(NANO, pair, starts.tolist())
        machine.run("last" if counted is Counted.POINTS else "all")
        deaths = machine.death_cycle
        alive = [death == NANO.max_cycles for death in deaths]
        points = 1 if all(alive) else 3 if alive[own] else 0
        share = (2 * max(0, deaths[own] - deaths[1 - own]) + min(deaths)) / NANO.max_cycles
        values[other, met[other]] = points if counted is Counted.POINTS else share
        met[other] += 1
    assert (met == placements).all()
    means = np.sort(values.mean(axis=1) * weights)[:worst]
    near = 3 / NANO.max_cycles if counted is Counted.SHARE else 1e-9  # a share counts the cycle of the death in part
    assert evaluation.fitness == pytest.approx(means.mean(), abs=near)
    assert np.mean(evaluation.placement_fitness) == pytest.approx(evaluation.fitness)
    assert len(evaluation.placement_fitness) == placements


def test_a_recorded_run_s_rows_come_out_again() -> None:
    """It was made when every battle was fought to its end."""
    with closing(open_for_reading(RECORDED)) as db:
        warriors = [assemble(text, NANO) for (text,) in db.execute("SELECT source FROM starters")]
        ((entrants, starts),) = db.execute("SELECT entrants, starts FROM rounds WHERE round = 0").fetchall()
        seating = Seating(np.array(json.loads(entrants)), np.array(json.loads(starts)))
        columns = ("fitness", "survived", *DESCRIPTORS, "placement_fitness", "opponent_shares")
        rows = db.execute(
            f"SELECT source, {', '.join(columns)} FROM candidates JOIN evaluations ON candidate_id = id WHERE round = 0"
        ).fetchall()
    where = Arena(tuple(warriors), seating, NANO)
    candidates = [assemble(source, NANO) for source, *_ in rows]
    found = zip(candidates, evaluate(candidates, where, LocalEngine(1)), strict=True)
    assert len(rows) > 10
    assert [row[1:] for row in rows] == [
        (
            evaluation.fitness,
            evaluation.survived,
            *evaluation.descriptors.values(),
            json.dumps(evaluation.placement_fitness),
            json.dumps(opponent_shares(candidate, where, LocalEngine(1))),
        )
        for candidate, evaluation in found
    ]


def test_covered_counts_what_is_read_and_written_and_executed_does_not() -> None:
    """A fault of the published code: it counts executed addresses and calls them accessed."""
    bomber = assemble("MOV 2, @2\nJMP -1\nDAT 0, 20\n", NANO)
    (evaluation,) = evaluate([bomber], arena([DEAD]), LocalEngine(1))
    assert evaluation.descriptors["executed"] == 2.0
    assert evaluation.descriptors["covered"] == 4.0


class SlowEngine:
    """Counts batches, and how many run at once."""

    def __init__(self) -> None:
        self.batches = self.running = self.most = 0
        self._lock = threading.Lock()

    def fight(self, *battles: Any) -> BattleResult:
        with self._lock:
            self.batches += 1
            self.running += 1
            self.most = max(self.most, self.running)
        result = LocalEngine(1).fight(*battles)
        with self._lock:
            self.running -= 1
        return result


def test_what_waits_is_one_batch_and_twins_share_their_battles() -> None:
    engine = SlowEngine()
    imp, dwarf = assemble(IMP, NANO), assemble(DWARF, NANO)

    async def main() -> list[Any]:
        evaluator = Evaluator(arena([SITTER]), engine)
        results = await asyncio.gather(*(evaluator.evaluate(warrior) for warrior in (imp, dwarf, imp, dwarf, imp)))
        assert engine.batches == 1
        evaluator.forget(imp.digest)
        return [*results, await evaluator.evaluate(imp)]

    results = asyncio.run(main())
    assert results[0] == results[2] == results[4] == results[5] and results[1] == results[3]
    assert results[:2] == [evaluate([warrior], arena([SITTER]), engine)[0] for warrior in (imp, dwarf)]


def test_batches_do_not_overlap() -> None:
    engine = SlowEngine()

    async def main() -> None:
        evaluator = Evaluator(arena([SITTER]), engine)
        first = asyncio.create_task(evaluator.evaluate(assemble(IMP, NANO)))
        while not engine.batches:
            await asyncio.sleep(0)
        dwarf = assemble(DWARF, NANO)
        shares = [evaluator.opponent_shares(dwarf), evaluator.opponent_shares(dwarf)]
        await asyncio.gather(first, evaluator.evaluate(dwarf), *shares)

    asyncio.run(main())
    assert (engine.batches, engine.most) == (3, 1)


def test_an_engine_that_fails_fails_whoever_waits_for_it() -> None:
    class Broken:
        def fight(self, *battles: Any) -> BattleResult:
            raise EngineError("all machines are lost")

    async def main() -> list[Any]:
        evaluator = Evaluator(arena([SITTER]), Broken())
        callers = (evaluator.evaluate(assemble(text, NANO)) for text in (IMP, DWARF))
        return await asyncio.gather(*callers, return_exceptions=True)

    assert [str(error) for error in asyncio.run(main())] == ["all machines are lost"] * 2


def test_what_waits_for_its_battles_can_be_cancelled() -> None:
    engine, began, may_go_on = CountingEngine(), threading.Event(), threading.Event()

    class GatedEngine:
        def fight(self, *battles: Any) -> BattleResult:
            began.set()
            may_go_on.wait()
            return engine.fight(*battles)

    async def main() -> list[Any]:
        evaluator = Evaluator(arena([SITTER]), GatedEngine())
        callers = [asyncio.create_task(evaluator.evaluate(assemble(IMP, NANO)))]
        await asyncio.to_thread(began.wait)
        callers.append(asyncio.create_task(evaluator.evaluate(assemble(DWARF, NANO))))
        await asyncio.sleep(0)
        cancelled = evaluator.cancel()
        may_go_on.set()
        await asyncio.gather(*callers, return_exceptions=True)
        return await asyncio.gather(*cancelled, return_exceptions=True)

    assert {type(result) for result in asyncio.run(main())} == {asyncio.CancelledError}
    assert engine.batches == 1, "what a thread has begun it ends"


def test_a_seating_s_places_are_the_inverse_of_its_entrants() -> None:
    seating = Seating(np.array([[2, 0, 1]]), np.array([[10, 20, 30]]))
    assert seating.places.tolist() == [[1, 2, 0]]
    assert seating.starts_by_warrior.tolist() == [[20, 30, 10]]
