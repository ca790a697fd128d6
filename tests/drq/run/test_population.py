"""Runs whose rounds keep their archive and fight their elites, one on one: the same rows however they are cut."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from drq.battles.engine import LocalEngine
from drq.battles.evaluate import draw_arena, evaluate
from drq.candidate import InsertionStatus, Kind
from drq.config import ArchiveConfig, Begin, CrownConfig, RacingConfig, RunConfig
from drq.errors import ConfigError
from drq.objective import Counted, Objective
from drq.randomness import Purpose, generator
from drq.run.archive import Population
from drq.run.company import weights
from drq.run.observer import Inserted, Observer
from drq.run.run import Run
from drq.stop import Interrupted
from drq.store.comparison import comparable_rows
from drq.store.reader import reading
from redcode import assemble
from tests.drq.runs import DWARF, IMP, POINTS, elite, execute, nano_config, opponent, population_config

WEIGHED = replace(POINTS, weighed=True)


class CutAt(Observer):
    def __init__(self, after: int) -> None:
        self.left = after

    def inserted(self, event: Inserted) -> None:
        if not event.on_record:
            self.left -= 1
            if self.left == 0:
                raise Interrupted


def cuts(config: RunConfig, directory: Path, after: int) -> int:
    """How often the run of imp and dwarf was cut before it was finished, each time after so many insertions."""
    run = Run(config, directory, [opponent(IMP), opponent(DWARF)])
    times = 0
    while not run.is_finished():
        try:
            run.execute(lambda operator: CutAt(after))
        except Interrupted:
            times += 1
    return times


@pytest.mark.parametrize("racing", [None, RacingConfig(first=2, error=0.2)])
def test_a_run_that_is_cut_again_and_again_has_the_rows_of_one_that_is_not(
    tmp_path: Path, racing: RacingConfig | None
) -> None:
    operator = {"name": "genetic", "in_flight": 3, "learn": True}
    others = {"opponents": 3, "operator": operator, "objective": WEIGHED, "crown": CrownConfig(2, 8)}
    config = population_config(placements=5, racing=racing, **(others if racing else {}))
    execute(config, tmp_path / "whole", (IMP, DWARF))
    expected = comparable_rows(tmp_path / "whole")
    assert cuts(config, tmp_path / "cut", 4) > 10
    assert comparable_rows(tmp_path / "cut") == expected
    with closing(sqlite3.connect(tmp_path / "cut" / "run.sqlite")) as db:
        rows = db.execute("SELECT placement_fitness FROM evaluations").fetchall()
    fought = {len(json.loads(placements)) for (placements,) in rows}
    assert fought == ({5} if racing is None else {2, 4, 5})


def test_a_round_fights_starters_champions_and_elites_each_code_once(tmp_path: Path) -> None:
    execute(population_config(), tmp_path, (IMP, DWARF))
    with closing(sqlite3.connect(tmp_path / "run.sqlite")) as db:
        rows = db.execute(
            "SELECT round, digest, starter, candidate_id FROM opponents ORDER BY round, position"
        ).fetchall()
    for round in range(4):
        opponents = [row[1:] for row in rows if row[0] == round]
        assert [starter for _, starter, _ in opponents[:2]] == [0, 1]
        digests = [digest for digest, _, _ in opponents]
        assert len(set(digests)) == len(digests) <= 2 + 1 + 1 + 2
        assert (len(digests) > 2) == (round > 0)
    with reading(tmp_path) as run:
        for round, id in run.champions().items():
            later = {candidate for r, _, _, candidate in rows if r == round + 1}
            assert round == 3 or id in later


def test_a_round_begins_with_the_archive_of_the_last_fought_again(tmp_path: Path) -> None:
    execute(population_config(), tmp_path, (IMP, DWARF))
    with reading(tmp_path) as run:
        for round in range(1, 4):
            seeds = [run.find(round, place - 5) for place in range(5)]
            assert [seed.parents for seed in seeds if seed] == [(id,) for id in run.archive(round - 1)]
            assert all(seed and seed.evaluation and len(seed.evaluation.placement_fitness) == 2 for seed in seeds)


def test_of_champions_only_those_that_are_fought_may_be_seeds(tmp_path: Path) -> None:
    config = population_config(archive=ArchiveConfig(begin=Begin.COMPANY), elites=0, hall_of_fame=1, history=1)
    execute(config, tmp_path, (IMP, DWARF))
    with closing(sqlite3.connect(tmp_path / "run.sqlite")) as db:
        seeds = db.execute("SELECT round, digest FROM candidates WHERE kind = 'seed' ORDER BY id").fetchall()
        assert seeds == db.execute("SELECT round, digest FROM opponents ORDER BY round, position").fetchall()
    assert max(round for round, _ in seeds) == 3


def test_what_is_recorded_is_weighed_by_what_the_seeds_get(tmp_path: Path) -> None:
    config = population_config(objective=WEIGHED, crown=CrownConfig(2, 6))
    execute(config, tmp_path, (IMP, DWARF))
    rules, engine, is_even = config.rules, LocalEngine(1), []
    with reading(tmp_path) as run:
        texts = {starter.digest: starter.source for starter in run.starters()}
        for round, champion in run.champions().items():
            rows = [run.candidate(id) for id in range(1, run.last_id() + 1)]
            warriors = {row.digest: assemble(row.source or "", rules) for row in rows if row.digest}
            warriors |= {digest: assemble(text, rules) for digest, text in texts.items()}
            own = [row for row in rows if row.round == round and row.evaluation]
            opponents = tuple(warriors[opponent.digest] for opponent in run.opponents(round))
            seeds = [warriors[row.digest or ""] for row in own if row.kind is Kind.SEED]
            weighed = weights(opponents, seeds, round, config, engine)
            is_even.append(bool(np.ptp(weighed) < 0.01))
            rng = generator(config.seed, Purpose.PLACEMENTS, round)
            arena = replace(draw_arena(rng, config.placements, opponents, config), weights=weighed)
            found = evaluate([warriors[row.digest or ""] for row in own], arena, engine)
            assert [one.fitness for one in found] == [row.fitness for row in own]
            last = run.finals(round)[-1]
            rng = generator(config.seed, Purpose.FINALS, round, last.heat)
            arena = replace(draw_arena(rng, 6, opponents, config), weights=weighed)
            assert champion == last.candidate_id
            (found_last,) = evaluate([warriors[run.candidate(last.candidate_id).digest or ""]], arena, engine)
            assert found_last.placement_fitness == last.placement_fitness
    assert not all(is_even)


def test_points_are_those_of_a_hill(tmp_path: Path) -> None:
    execute(population_config(rounds=1), tmp_path, (IMP, DWARF))
    with reading(tmp_path) as run:
        for id in range(1, run.last_id() + 1):
            if evaluation := run.candidate(id).evaluation:
                thirds = np.array(evaluation.placement_fitness) * 2  # two opponents: sums of 0, 1 and 3
                assert set(thirds.tolist()) <= {0, 1, 2, 3, 4, 6}
                assert evaluation.fitness == pytest.approx(np.mean(evaluation.placement_fitness))


def test_after_its_minutes_a_run_begins_no_further_round_and_then_goes_on(tmp_path: Path) -> None:
    execute(population_config(), tmp_path / "whole", (IMP, DWARF))
    run = Run(population_config(minutes=0.0), tmp_path / "run", [opponent(IMP), opponent(DWARF)])
    run.execute(lambda operator: Observer())
    with reading(tmp_path / "run") as reader:
        assert reader.last_id() == 0
    execute(population_config(minutes=100.0), tmp_path / "run", (IMP, DWARF))
    cut, whole = comparable_rows(tmp_path / "run"), comparable_rows(tmp_path / "whole")
    assert cut.pop("runs") != whole.pop("runs")  # the minutes differ
    assert cut == whole


def test_a_newcomer_takes_the_place_of_the_lower_of_two_members() -> None:
    population, rng = Population(4), np.random.default_rng(0)
    for id, fitness in enumerate((3.0, 1.0, 2.0, 4.0), 1):
        assert not population.has_parents
        cell = population.cell(elite(id, fitness).evaluation, rng)
        assert population.add(elite(id, fitness), cell) is InsertionStatus.NEW
    assert population.has_parents
    chosen = [population.cell(elite(9, 0.0).evaluation, rng) for _ in range(400)]
    shares = [chosen.count((place,)) / 400 for place in range(4)]
    assert shares == pytest.approx(
        [3 / 16, 7 / 16, 5 / 16, 1 / 16], abs=0.08
    )  # the lower of two draws, with repetition
    parents = [population.sample(rng).id for _ in range(400)]
    assert [parents.count(id) / 400 for id in (1, 2, 3, 4)] == pytest.approx([5 / 16, 1 / 16, 3 / 16, 7 / 16], abs=0.08)
    assert population.status(2.5, (3,)) is InsertionStatus.NOT_ADDED
    assert population.status(2.5, (1,)) is InsertionStatus.IMPROVED


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Objective(counted=Counted.POINTS), "expected objective=duels for counted=points, worst or weighed"),
        (lambda: Objective(weighed=True), "expected objective=duels for counted=points, worst or weighed"),
        (lambda: replace(POINTS, worst=1, weighed=True), "expected objective.worst=null where objective.weighed=true"),
        (lambda: ArchiveConfig(size=5), r"expected archive.axes=\[\] for a population, got spawned, covered"),
        (lambda: nano_config(elites=2), "expected archive.kept=true where elites are fought"),
    ],
)
def test_settings_that_do_not_go_together_are_refused(make: object, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        make()  # type: ignore[operator]
