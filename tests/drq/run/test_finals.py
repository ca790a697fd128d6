"""Finals: who is in them, how they go, and that the fitness they report is true where that of the round is not."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import drq
from drq.analysis.runs import load_runs
from drq.battles.engine import LocalEngine
from drq.candidate import Evaluation
from drq.config import CrownConfig
from drq.errors import EngineError
from drq.objective import Battles, Objective
from drq.run.finals import Finalists
from drq.store.comparison import comparable_rows
from drq.store.reader import RunReader
from drq.store.status import statuses
from redcode.machine.battle import BattleResult
from tests.drq.runs import elite, execute, nano_config
from tests.measure_finals import choices

CROWN = CrownConfig(among=6, placements=24)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), max_size=30), st.integers(1, 5))
def test_finalists_are_the_fittest_that_did_not_fare_alike(shares: list[tuple[int, int]], room: int) -> None:
    finalists = Finalists(room)
    candidates = []
    for id, pair in enumerate(shares):
        placements = (float(pair[0]), float(pair[1]))
        fitness = sum(placements) / 2
        candidates.append(replace(elite(id, fitness), evaluation=Evaluation(fitness, 1.0, {}, placements)))
        if finalists.takes(fitness, candidates[-1].evaluation):
            finalists.add(candidates[-1])
    first = {one.evaluation.placement_fitness: one for one in reversed(candidates)}
    fittest = sorted(first.values(), key=lambda one: (-one.fitness, one.id))[:room]
    assert finalists.elites == tuple(fittest)
    assert finalists.best == (fittest[0].fitness if fittest else None)


@pytest.mark.parametrize("battles", Battles)
def test_each_heat_halves_the_finalists_and_the_champion_is_alone_in_the_last(battles: Battles, tmp_path: Path) -> None:
    execute(nano_config(iterations=40, crown=CROWN, objective=Objective(battles)), tmp_path)
    with closing(RunReader.open(tmp_path)) as run:
        champions, fitness = run.champions(), run.champion_fitness()
        for round in (0, 1):
            heats: list[list[Any]] = []
            for row in run.finals(round):
                if row.heat == len(heats):
                    heats.append([])
                heats[row.heat].append(row)
            assert [len(heat) for heat in heats] == [6, 3, 2, 1]
            assert [len(heat[0].placement_fitness) for heat in heats] == [4, 8, 12, 24]
            total: dict[int, list[float]] = {}
            for heat, after in pairwise(heats):
                for row in heat:
                    total.setdefault(row.candidate_id, []).extend(row.placement_fitness)
                means = {row.candidate_id: np.mean(total[row.candidate_id]) for row in heat}
                going = {row.candidate_id for row in after}
                assert going < set(means)
                assert min(means[id] for id in going) >= max(means[id] for id in set(means) - going)
            assert champions[round] == heats[-1][0].candidate_id
            assert fitness[round] == pytest.approx(np.mean(heats[-1][0].placement_fitness))
            text = (tmp_path / "champions" / f"round_{round:03d}.red").read_text()
            assert f"; fitness {fitness[round]:.6f}" in text
            best = sorted((run.candidate(row.candidate_id).fitness or 0 for row in heats[0]), reverse=True)
            contenders = sorted(run.contenders(round)[1], reverse=True)
            assert best[0] == contenders[0]
    assert [status.champion for status in statuses(tmp_path)] == [fitness[1]]
    assert [one.fitness for one in load_runs([tmp_path])[0].champions] == [fitness[0], fitness[1]]
    assert [one.fitness for one in drq.open(tmp_path).champions] == [fitness[0], fitness[1]]


def test_without_finals_the_fittest_of_the_round_is_champion(tmp_path: Path) -> None:
    execute(nano_config(iterations=30), tmp_path)
    with closing(RunReader.open(tmp_path)) as run:
        for round, fitness in run.champion_fitness().items():
            assert run.finals(round) == [] and fitness == run.contenders(round)[1].max()


def test_finals_of_one_measure_the_fittest_anew(tmp_path: Path) -> None:
    execute(nano_config(rounds=1, iterations=30), tmp_path / "paper")
    execute(nano_config(rounds=1, iterations=30, crown=CrownConfig(1, 10)), tmp_path / "one")
    with closing(RunReader.open(tmp_path / "paper")) as paper, closing(RunReader.open(tmp_path / "one")) as one:
        assert one.champions() == paper.champions()
        (row,) = one.finals(0)
        assert len(row.placement_fitness) == 10


def test_finals_cut_off_are_fought_again_with_the_same_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = nano_config(iterations=20, crown=CROWN)
    execute(config, tmp_path / "whole")
    fight, heats = LocalEngine.fight, 0

    def lost(self: LocalEngine, pool: Any, entrants: Any, *battles: Any) -> BattleResult:
        nonlocal heats
        if len(entrants) == CROWN.placements:  # of a heat; a candidate has four
            heats += 1
            if heats in (2, 7):
                raise EngineError("all machines are lost")
        return fight(self, pool, entrants, *battles)

    monkeypatch.setattr(LocalEngine, "fight", lost)
    for ended in (0, 1):
        with pytest.raises(EngineError):
            execute(config, tmp_path / "cut")
        with closing(RunReader.open(tmp_path / "cut")) as run:
            assert len(run.champions()) == ended and run.finals(ended) == []
    execute(config, tmp_path / "cut")
    assert comparable_rows(tmp_path / "cut") == comparable_rows(tmp_path / "whole")


def test_the_fitness_of_the_round_is_too_high_and_that_of_the_finals_is_not(tmp_path: Path) -> None:
    """A fault of every maximum over noisy measurements, the paper's rule included."""
    execute(nano_config(rounds=16, iterations=25, history=1, crown=CrownConfig(8, 160)), tmp_path)
    with closing(RunReader.open(tmp_path)) as run:
        found = list(choices(run, 1000))
    assert len(found) > 10
    gaps = np.array([[choice.reported - choice.true for choice in pair] for pair in found])
    error = gaps.std(axis=0, ddof=1) / np.sqrt(len(gaps))
    assert gaps[:, 0].mean() > 3 * error[0]
    assert abs(gaps[:, 1].mean()) < 3 * error[1]
    assert sum(finals.true for _, finals in found) > sum(paper.true for paper, _ in found)


def test_an_older_file_has_no_finals_and_the_fitness_that_it_had(tmp_path: Path) -> None:
    with closing(RunReader.open(Path(__file__).parents[2] / "data" / "recorded_run")) as run:
        assert run.config().get("crown") is None and run.run_config().crown is None
        for round, id in run.champions().items():
            assert run.finals(round) == []
            assert id is None or run.champion_fitness()[round] == run.evaluation(id).fitness
