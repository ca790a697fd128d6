"""Racing: the stated error, the same rows whatever the timing, and what is given up enters nothing."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drq.battles.engine import LocalEngine
from drq.battles.evaluate import Evaluator, draw_arena, evaluate
from drq.candidate import Evaluation
from drq.config import RacingConfig, RunConfig
from drq.objective import Battles, Objective
from drq.operators.scripted import ScriptedOperator
from drq.run.observer import Inserted, Observer
from drq.run.racing import could_be_fitter
from drq.store.comparison import comparable_rows
from drq.store.reader import RunReader
from redcode import NANO, assemble
from tests.drq.run.test_round import delayed
from tests.drq.runs import DWARF, IMP, CountingEngine, evolve, execute, nano_config, random_source, random_warrior

RACING = RacingConfig(first=3, error=0.2)


def raced(**values: Any) -> RunConfig:
    return nano_config(**({"placements": 12, "iterations": 40, "racing": RACING} | values))


@pytest.mark.parametrize(("n", "error"), [(2, 0.1), (5, 0.05), (5, 0.2), (10, 0.05)])
def test_of_those_that_are_just_better_as_many_as_stated_are_given_up(n: int, error: float) -> None:
    pairs = np.random.default_rng(0).normal(0.0, 1.0, (8000, 20))
    pairs += 1e-9 - pairs.mean(axis=1, keepdims=True)
    wrong = np.mean([not could_be_fitter(row[:n].tolist(), [0.0] * 20, error) for row in pairs])
    assert wrong == pytest.approx(error, abs=4 * np.sqrt(error / len(pairs)))


def test_a_copy_is_given_up_and_a_better_one_never() -> None:
    elite = [1.0, 0.5, 2.0, 0.0]
    assert not could_be_fitter(elite[:3], elite, 0.05)
    assert could_be_fitter([1.1, 0.6, 2.1], elite, 0.05)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(Battles), st.integers(1, 3), st.lists(st.integers(1, 8), unique=True))
def test_a_race_is_the_beginning_of_the_whole(seed: int, name: Battles, opponents: int, looks: list[int]) -> None:
    rng = np.random.default_rng(seed)
    config = nano_config(objective=Objective(name))
    arena = draw_arena(rng, 9, tuple(random_warrior(rng) for _ in range(opponents)), config)
    warriors = [random_warrior(rng) for _ in range(4)]
    chances = rng.random((4, 9))
    seen: list[list[int]] = [[], [], [], []]

    def verdict(i: int) -> Any:
        def goes_on(evaluation: Evaluation) -> bool:
            seen[i].append(len(evaluation.placement_fitness))
            return bool(chances[i, len(evaluation.placement_fitness)] < 0.6)

        return goes_on

    whole = evaluate(warriors, arena, LocalEngine(1))
    assert evaluate(warriors, arena, LocalEngine(1), sorted(looks), [lambda one: True] * 4) == whole
    found = evaluate(warriors, arena, LocalEngine(1), sorted(looks), [verdict(i) for i in range(4)])
    for i, (part, full) in enumerate(zip(found, whole, strict=True)):
        left = [look for look in sorted(looks) if chances[i, look] >= 0.6]
        had = left[0] if left else 9
        assert part.placement_fitness == full.placement_fitness[:had]
        assert part.fitness == np.mean(full.placement_fitness[:had])
        assert seen[i] == [look for look in sorted(looks) if look <= had]
        assert (part == full) == (had == 9)


@settings(max_examples=6, deadline=None)
@given(st.integers(1, 7), st.integers(0, 1000), st.integers(0, 1000))
def test_verdicts_do_not_depend_on_timing(
    tmp_path_factory: pytest.TempPathFactory, lag: int, one: int, other: int
) -> None:
    rows = []
    for seed in (one, other):
        directory = tmp_path_factory.mktemp("run")
        asyncio.run(evolve(raced(), directory, ScriptedOperator(delayed(seed), lag)))
        rows.append(comparable_rows(directory))
    assert rows[0] == rows[1]


def test_twins_under_way_have_each_the_verdict_of_their_own_archive() -> None:
    """The second may come home first, and is then not to decide about the first, whose evaluation both will have."""
    engine, dwarf = CountingEngine(), assemble(DWARF, NANO)

    async def main() -> list[Evaluation]:
        arena = draw_arena(np.random.default_rng(0), 9, (assemble(IMP, NANO),), nano_config())
        evaluator = Evaluator(arena, engine, [2])
        verdicts = (lambda one: False), (lambda one: True)
        return list(await asyncio.gather(*(evaluator.evaluate(dwarf, verdicts[i]) for i in (0, 1, 0, 1))))

    found = asyncio.run(main())
    assert [len(evaluation.placement_fitness) for evaluation in found] == [2, 9, 2, 9]
    assert engine.battles == 2 + 9


def test_threads_and_cuts_do_not_change_the_rows(tmp_path: Path) -> None:
    class CutError(Exception):
        pass

    class Cut(Observer):
        left = 30

        def inserted(self, event: Inserted) -> None:
            self.left -= event.battles > 0
            if not self.left:
                raise CutError

    operator = {"name": "genetic", "in_flight": 4}
    for threads in (1, 3):
        execute(raced(threads=threads, operator=operator), tmp_path / str(threads))
    one, three = (comparable_rows(tmp_path / name) for name in ("1", "3"))
    del one["runs"], three["runs"]
    assert one == three
    script = ScriptedOperator(lambda request: random_source(request.rng), 4)
    with pytest.raises(CutError):
        asyncio.run(evolve(raced(), tmp_path / "cut", script, observer=Cut()))
    for name in ("cut", "whole"):
        asyncio.run(evolve(raced(), tmp_path / name, script))
    assert comparable_rows(tmp_path / "cut") == comparable_rows(tmp_path / "whole")


def test_what_is_given_up_says_how_far_it_came_and_enters_nothing(tmp_path: Path) -> None:
    engine, told = CountingEngine(), []

    class Watch(Observer):
        def inserted(self, event: Inserted) -> None:
            told.append(event.battles)

    script = ScriptedOperator(lambda request: random_source(request.rng))
    config = raced(rounds=1, racing=RacingConfig(first=3, error=0.02))
    asyncio.run(evolve(config, tmp_path, script, engine, observer=Watch()))
    with closing(sqlite3.connect(tmp_path / "run.sqlite")) as db:
        rows = db.execute(
            "SELECT id, placement_fitness, status FROM candidates JOIN evaluations ON candidate_id = id"
            " JOIN insertions USING (candidate_id) WHERE duplicate_of IS NULL"
        ).fetchall()
        parents = {id for (text,) in db.execute("SELECT parents FROM candidates") for id in json.loads(text)}
    had = {id: json.loads(shares) for id, shares, _ in rows}
    assert {len(shares) for shares in had.values()} == {3, 6, 12}
    assert sum(map(len, had.values())) == engine.battles == sum(told) < 12 * len(rows)
    given_up = {id for id, shares in had.items() if len(shares) < 12}
    assert {status for id, _, status in rows if id in given_up} == {"not added"}
    assert not parents & given_up
    with closing(RunReader.open(tmp_path)) as run:
        assert run.champions()[0] not in given_up
        assert sum(one.fitness is None and one.status is not None for one in run.proposals()) >= len(given_up)
        iterations = run.contenders(0)[0]
        assert {run.find(0, int(i)).id for i in iterations}.isdisjoint(given_up)  # type: ignore[union-attr]
