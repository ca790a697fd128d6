"""The pipeline: what a proposal sees, in which order results are inserted, what becomes of failures and twins."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drq.candidate import Kind
from drq.config import ArchiveConfig, Begin
from drq.errors import BudgetSpent, OperatorError, StoreError
from drq.operators.base import Request
from drq.operators.scripted import ScriptedOperator
from drq.run.observer import Inserted, Observer
from drq.stop import Interrupted, StopSignal
from drq.store.comparison import comparable_rows
from tests.drq.runs import DWARF, IMP, CountingEngine, evolve, execute, nano_config, random_source


def select(directory: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(directory / "run.sqlite")) as db:
        return db.execute(sql).fetchall()


def delayed(seed: int) -> Callable[[Request], Awaitable[str]]:
    """A script whose answers depend on the request alone and take any time."""
    delays = Random(seed)

    async def script(request: Request) -> str:
        await asyncio.sleep(delays.choice((0, 0, 0.001, 0.005)))
        if request.rng.random() < 0.2:
            return "not redcode"
        parents = "".join(f"; {parent.id}\n" for parent in request.parents)
        return parents + random_source(request.rng)

    return script


@settings(max_examples=12, deadline=None)
@given(st.integers(1, 7), st.integers(0, 1000), st.integers(0, 1000))
def test_rows_do_not_depend_on_timing(tmp_path_factory: pytest.TempPathFactory, lag: int, one: int, other: int) -> None:
    rows = []
    for seed in (one, other):
        directory = tmp_path_factory.mktemp("run")
        asyncio.run(evolve(nano_config(), directory, ScriptedOperator(delayed(seed), lag)))
        rows.append(comparable_rows(directory))
    assert rows[0] == rows[1]


@pytest.mark.parametrize("lag", [1, 3, 8])
def test_a_proposal_sees_the_archive_as_it_stood_lag_results_before(tmp_path: Path, lag: int) -> None:
    inserted: list[int] = []
    seen: dict[int, int] = {}
    under_way: set[int] = set()
    most = 0

    class Watch(Observer):
        def inserted(self, event: Inserted) -> None:
            inserted.append(event.iteration)

    async def script(request: Request) -> str:
        nonlocal most
        under_way.add(request.iteration)
        most = max(most, len(under_way))
        await asyncio.sleep(Random(request.iteration).random() / 100)
        under_way.discard(request.iteration)
        return random_source(request.rng)

    class Recording(ScriptedOperator):
        def propose(self, request: Request) -> Any:  # called when the request has been drawn, before any waiting
            seen[request.iteration] = len(inserted) - 1
            return super().propose(request)

    asyncio.run(evolve(nano_config(rounds=1, iterations=20), tmp_path, Recording(script, lag), observer=Watch()))
    assert inserted == [-1, *range(23)]
    assert most == lag
    # a task starts at the next chance of the loop, which is before the next placing
    assert seen == {i: max(0, i - lag + 1) for i in range(23)}


def test_parents_come_from_that_archive_only(tmp_path: Path) -> None:
    asyncio.run(evolve(nano_config(rounds=1, iterations=40), tmp_path, ScriptedOperator(delayed(0), 5)))
    rows = select(tmp_path, "SELECT iteration, parents FROM candidates WHERE iteration >= 0")
    iteration_of = dict(select(tmp_path, "SELECT id, iteration FROM candidates"))
    parents = [(iteration, iteration_of[id]) for iteration, ids in rows for id in json.loads(ids)]
    assert parents and all(parent <= max(iteration - 5, -1) for iteration, parent in parents)


def test_kinds_are_drawn_by_the_configured_shares(tmp_path: Path) -> None:
    config = nano_config(rounds=1, initial=5, iterations=300, placements=1, new_share=0.2, crossover_share=0.5)
    requests: list[Request] = []

    def script(request: Request) -> str:
        requests.append(request)
        return IMP

    asyncio.run(evolve(config, tmp_path, ScriptedOperator(script)))
    kinds = [request.kind for request in requests]
    assert kinds[:5] == [Kind.NEW] * 5
    assert 35 < kinds[5:].count(Kind.NEW) < 90
    assert 85 < kinds[5:].count(Kind.CROSSOVER) < 155
    arity = {Kind.NEW: 0, Kind.MUTATE: 1, Kind.CROSSOVER: 2}
    assert all(len(request.parents) == arity[request.kind] for request in requests)
    assert len({float(request.rng.random()) for request in requests}) == len(requests)


def test_a_round_is_not_cut_short_however_fit_its_best(tmp_path: Path) -> None:
    """A fault of the published code: a threshold below the even share ends each round after about one iteration."""
    config = nano_config(rounds=2, iterations=12)
    asyncio.run(evolve(config, tmp_path, ScriptedOperator(lambda request: random_source(request.rng))))
    counts = select(tmp_path, "SELECT round, count(*) FROM candidates WHERE iteration >= 0 GROUP BY round")
    assert counts == [(0, 15), (1, 15)]
    assert select(tmp_path, "SELECT max(fitness) > 0.8 FROM evaluations") == [(1,)]


def test_each_failure_is_recorded_as_what_it_is_and_the_run_goes_on(tmp_path: Path) -> None:
    """A fault of the published code: a crash, a timeout and a bad warrior all become minus infinity."""
    answers = {
        0: "MOV.Q $0, $1",
        1: None,
        2: "",
        3: "MOV.I $0, $1 / 0",
        4: "DAT.F $0, $0",
        5: "; 日本 \ud800\0\n" + IMP,
    }

    def script(request: Request) -> str | None:
        return answers[request.iteration]

    asyncio.run(evolve(nano_config(rounds=1, initial=6, iterations=0), tmp_path, ScriptedOperator(script)))
    rows = dict(select(tmp_path, "SELECT iteration, error FROM candidates WHERE iteration >= 0"))
    assert "modifier" in rows[0] and rows[1] == "the script has no warrior here"
    assert all(rows[i] for i in (2, 3)) and rows[4] is None and rows[5] is None
    assert select(
        tmp_path, "SELECT iteration FROM candidates WHERE id NOT IN (SELECT candidate_id FROM evaluations)"
    ) == [
        (0,),
        (1,),
        (2,),
        (3,),
    ]
    dat = select(
        tmp_path, "SELECT fitness, spawned FROM evaluations JOIN candidates ON id = candidate_id AND iteration = 4"
    )
    assert 0.0 <= dat[0][0] < 0.1 and dat[0][1] == 0.0


def test_python_in_a_warrior_is_not_run(tmp_path: Path) -> None:
    """A fault of the published code: ``eval()`` of operands, EQU and ``;assert``."""
    mark = tmp_path / "mark"
    evil = f"__import__('pathlib').Path({str(mark)!r}).touch()"
    answers = [f"MOV.I {evil}, $1", f"x EQU {evil}\nMOV.I x, $1", f";assert {evil}\nMOV.I $0, $1"]
    script = ScriptedOperator(lambda request: answers[request.iteration])
    asyncio.run(evolve(nano_config(rounds=1, iterations=0), tmp_path / "run", script))
    assert not mark.exists()
    assert select(tmp_path / "run", "SELECT count(error) FROM candidates") == [(3,)]


@pytest.mark.parametrize("in_flight", [1, 5])
def test_a_twin_is_not_fought_again_and_shares_the_scores(in_flight: int, tmp_path: Path) -> None:
    first = "ADD.AB #4, $1\nDJN.B $-1, $-1\n"
    texts = [IMP, first, f"; other words\n{first}", "JMP.B $0, $0\n", first]
    events: list[Inserted] = []

    class Watch(Observer):
        def inserted(self, event: Inserted) -> None:
            events.append(event)

    operator, engine = ScriptedOperator(lambda request: texts[request.iteration], in_flight), CountingEngine()
    config = nano_config(rounds=1, initial=5, iterations=0)
    asyncio.run(evolve(config, tmp_path, operator, engine, observer=Watch()))
    assert engine.battles == 3 * config.placements
    rows = select(tmp_path, "SELECT id, duplicate_of FROM candidates")
    assert rows == [(1, None), (2, 1), (3, None), (4, 3), (5, None), (6, 3)]
    assert [event.battles for event in events] == [4, 0, 4, 0, 4, 0]
    scores = select(tmp_path, "SELECT fitness, placement_fitness, spawned, covered FROM evaluations")
    assert scores[3] == scores[5] == scores[2] and scores[1] == scores[0]
    assert [status for (status,) in select(tmp_path, "SELECT status FROM insertions")][1::2] == ["not added"] * 3


def test_twins_are_fought_anew_in_the_next_round(tmp_path: Path) -> None:
    asyncio.run(
        evolve(
            nano_config(initial=1, iterations=0), tmp_path, ScriptedOperator(lambda request: "SPL.B $0\nJMP.B $-1\n")
        )
    )
    rows = select(tmp_path, "SELECT fitness FROM evaluations JOIN candidates ON id = candidate_id AND iteration = 0")
    assert len(rows) == 2 and select(tmp_path, "SELECT duplicate_of FROM candidates WHERE round = 1") == [
        (None,),
        (None,),
        (4,),
    ]


def test_without_seeds_the_archive_starts_empty_and_only_new_warriors_are_asked_for(tmp_path: Path) -> None:
    kinds: list[Kind] = []

    def script(request: Request) -> None:
        kinds.append(request.kind)

    config = nano_config(rounds=1, archive=ArchiveConfig(begin=Begin.EMPTY))
    asyncio.run(evolve(config, tmp_path, ScriptedOperator(script)))
    assert kinds == [Kind.NEW] * 12
    assert select(tmp_path, "SELECT round, candidate_id FROM champions") == [(0, None)]


class Ending(ScriptedOperator):
    """Raises at one iteration, while others are under way."""

    def __init__(self, at: int, error: Exception) -> None:
        super().__init__(self._answer, in_flight=4)
        self.at, self.error = at, error
        self.answered: list[int] = []

    async def _answer(self, request: Request) -> str:
        if request.iteration == self.at:
            raise self.error
        await asyncio.sleep(0.02)
        self.answered.append(request.iteration)
        return random_source(request.rng)


def test_a_spent_budget_keeps_what_is_placed_and_waits_for_what_is_paid(tmp_path: Path) -> None:
    operator = Ending(5, BudgetSpent("no more"))
    with pytest.raises(BudgetSpent):
        asyncio.run(evolve(nano_config(), tmp_path, operator))
    assert select(tmp_path, "SELECT max(iteration) FROM candidates") == [(4,)]
    assert operator.answered == [0, 1, 2, 3, 4, 6, 7, 8]


def test_a_hopeless_operator_ends_the_run_at_once(tmp_path: Path) -> None:
    operator = Ending(5, OperatorError("the key is refused"))
    with pytest.raises(OperatorError, match="the key is refused"):
        asyncio.run(evolve(nano_config(), tmp_path, operator))
    assert select(tmp_path, "SELECT max(iteration) FROM candidates") == [(1,)], "it waits for none before it"
    assert operator.answered == [0, 1, 2, 3, 4], "but what is under way may come home"


def test_the_end_does_not_wait_long_for_what_is_under_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("drq.run.round.LAND_WITHIN_S", 0.2)
    cancelled: list[int] = []

    async def script(request: Request) -> str:
        if request.iteration == 2:
            raise OperatorError("the key is refused")
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.append(request.iteration)
        return IMP

    with pytest.raises(OperatorError, match="the key is refused"):
        asyncio.run(evolve(nano_config(), tmp_path, ScriptedOperator(script, in_flight=3)))
    assert sorted(cancelled) == [0, 1]


def test_an_operator_is_told_that_the_run_ends_and_what_it_then_writes_is_not_fought(tmp_path: Path) -> None:
    told: list[int] = []

    async def script(request: Request) -> str:
        if request.iteration == 1:
            raise OperatorError("the key is refused")
        if await request.stop.within(30):
            told.append(request.iteration)
        return DWARF

    engine = CountingEngine()
    with pytest.raises(OperatorError):
        asyncio.run(evolve(nano_config(), tmp_path, ScriptedOperator(script, in_flight=3), engine))
    assert told == [0, 2]
    assert engine.batches == 1, "the starter's, inserted before the first proposal"


def test_the_observer_looks_while_a_result_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("drq.run.round.LOOK_EVERY_S", 0.02)
    looks = 0

    class Watch(Observer):
        def waiting(self) -> None:
            nonlocal looks
            looks += 1

    async def script(request: Request) -> str:
        await asyncio.sleep(0.3)
        return IMP

    config = nano_config(rounds=1, initial=1, iterations=0)
    asyncio.run(evolve(config, tmp_path, ScriptedOperator(script), observer=Watch()))
    assert looks > 5


def test_candidates_that_wait_are_fought_in_one_batch(tmp_path: Path) -> None:
    engine = CountingEngine()
    operator = ScriptedOperator(lambda request: random_source(request.rng), in_flight=4)
    asyncio.run(evolve(nano_config(rounds=1, iterations=21), tmp_path, operator, engine))
    assert engine.battles == 25 * 4
    assert 7 <= engine.batches <= 9, "the starter, then six times four"


def test_a_record_that_its_own_archive_contradicts_is_refused(tmp_path: Path) -> None:
    operator = ScriptedOperator(lambda request: random_source(request.rng))
    asyncio.run(evolve(nano_config(rounds=1), tmp_path, operator))
    with closing(sqlite3.connect(tmp_path / "run.sqlite")) as db, db:
        db.execute("DELETE FROM champions")
        db.execute("UPDATE insertions SET status = 'not added' WHERE candidate_id = 1")
    message = r"expected not added in cell \(.*\) at round 0, iteration -1, got new in cell"
    with pytest.raises(StoreError, match=message):
        asyncio.run(evolve(nano_config(rounds=1), tmp_path, operator))


def test_what_was_on_record_is_told_as_such(tmp_path: Path) -> None:
    events: list[Inserted] = []

    class Watch(Observer):
        def inserted(self, event: Inserted) -> None:
            events.append(event)

    with pytest.raises(OperatorError):
        asyncio.run(evolve(nano_config(rounds=1), tmp_path, Ending(5, OperatorError("away")), observer=Watch()))
    assert not any(event.on_record for event in events)
    before = len(events)
    asyncio.run(evolve(nano_config(rounds=1), tmp_path, ScriptedOperator(delayed(0), 4), observer=Watch()))
    assert [event.on_record for event in events[before:]] == [True] * before + [False] * (13 - before)


def test_a_bug_is_not_hidden(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        asyncio.run(evolve(nano_config(), tmp_path, Ending(2, ZeroDivisionError())))


def test_a_stop_finishes_what_is_under_way(tmp_path: Path) -> None:
    stop = StopSignal()

    class StopAt(Observer):
        def inserted(self, event: Inserted) -> None:
            if event.iteration == 4:
                stop.request()

    operator = ScriptedOperator(delayed(0), 3)
    with pytest.raises(Interrupted):
        asyncio.run(evolve(nano_config(), tmp_path / "stopped", operator, observer=StopAt(), stop=stop))
    assert select(tmp_path / "stopped", "SELECT max(iteration) FROM candidates") == [(6,)]
    asyncio.run(evolve(nano_config(), tmp_path / "stopped", ScriptedOperator(delayed(1), 3)))
    asyncio.run(evolve(nano_config(), tmp_path / "whole", ScriptedOperator(delayed(2), 3)))
    assert comparable_rows(tmp_path / "stopped") == comparable_rows(str(tmp_path / "whole"))


def test_the_same_seed_gives_the_same_rows_and_another_does_not(tmp_path: Path) -> None:
    for name, seed in (("one", 0), ("two", 0), ("three", 1)):
        execute(nano_config(seed=seed), tmp_path / name)
    one, two, three = (comparable_rows(tmp_path / name) for name in ("one", "two", "three"))
    assert one == two
    assert one["candidates"] != three["candidates"] and one["rounds"] != three["rounds"]


def test_threads_do_not_change_the_rows(tmp_path: Path) -> None:
    for threads in (1, 3):
        execute(nano_config(threads=threads), tmp_path / str(threads))
    one, three = (comparable_rows(tmp_path / name) for name in ("1", "3"))
    del one["runs"], three["runs"]
    assert one == three


def test_the_champion_is_the_best_new_warrior_even_where_an_old_one_holds_its_cell(tmp_path: Path) -> None:
    """Crowning the best of the rest of the archive would make a bad warrior of another cell champion."""
    texts = ["JMP.B $0, $0\n", "DAT.F $0, $0\n"]
    config = nano_config(rounds=1, initial=2, iterations=0, placements=8, archive=ArchiveConfig(axes=("opcodes",)))
    asyncio.run(evolve(config, tmp_path, ScriptedOperator(lambda request: texts[request.iteration])))
    status = select(tmp_path, "SELECT iteration, status FROM insertions JOIN candidates ON id = candidate_id")
    assert status == [(-1, "new"), (0, "not added"), (1, "not added")]
    assert select(tmp_path, "SELECT candidate_id FROM champions") == [(2,)]
