"""The recorded round is fought as the loop fights it, and what is printed follows from the times."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner

from drq.battles.engine import LocalEngine
from drq.battles.evaluate import Arena, evaluate
from drq.cli.commands import bench
from drq.cli.commands.bench import (
    Benchmark,
    Cost,
    Recorded,
    fight_round,
    measure,
    paper_minutes,
    recorded_rounds,
    row,
    table,
    with_opponents,
)
from redcode import ICWS94, assemble

ROUNDS = recorded_rounds()
SHARES = {"battles": 0.9, "assembling": 0.05, "store": 0.03, "the rest": 0.02}
COSTS = {1: Cost(20.0, SHARES, 1.5, 6.0), 2: Cost(35.0, SHARES, 0.8, 3.5)}
MEASURED = Benchmark("0.1.0 abc", "A Machine", 2, 80, (14, 18), 20, 18, COSTS)


def small(opponents: int, candidates: int) -> Recorded:
    """A recorded round with two placements."""
    part = with_opponents(opponents, ROUNDS)
    seating = replace(part.seating, entrants=part.seating.entrants[:2], starts=part.seating.starts[:2])
    return replace(part, candidates=part.candidates[:candidates], seating=seating)


def test_the_recorded_rounds_are_those_of_a_run() -> None:
    assert [len(round.opponents) for round in ROUNDS] == [14, 15, 16, 17, 18]
    for round in ROUNDS:
        opponents, candidates = (
            {assemble(text, ICWS94).digest for text in part} for part in (round.opponents, round.candidates)
        )
        assert (len(opponents), len(candidates)) == (len(round.opponents), 16)
        assert not opponents & candidates
        assert round.seating.starts.shape == (20, 1 + len(opponents))
        assert (np.sort(round.seating.entrants, axis=1) == np.arange(1 + len(opponents))).all()


def test_a_recorded_candidate_is_evaluated_to_the_same_number_in_every_version() -> None:
    round = ROUNDS[4]
    arena = Arena(tuple(assemble(text, ICWS94) for text in round.opponents), round.seating, ICWS94)
    found = evaluate([assemble(text, ICWS94) for text in round.candidates[:3]], arena, LocalEngine(1))
    assert [f"{one.fitness:.6f}" for one in found] == ["0.393548", "0.000846", "0.945798"]


def test_the_loop_fights_and_writes_each_candidate() -> None:
    watch = bench._Watch(1)
    fight_round(small(opponents=2, candidates=3), watch)
    assert set(watch.seconds) == {"all", "battles", "assembling", "store"}
    parts = sum(seconds for part, seconds in watch.seconds.items() if part != "all")
    assert 0 < parts <= watch.seconds["all"]


def test_the_benchmark_holds_every_measurement(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "PLACEMENTS", 2)
    monkeypatch.setattr(bench, "OPPONENTS", (1,))
    monkeypatch.setattr(bench, "REPEATS", 1)
    monkeypatch.setattr(bench, "processors", lambda: 2)
    told: list[tuple[int, int]] = []
    rounds = [small(opponents=2, candidates=3), small(opponents=3, candidates=1)]
    measured = measure(rounds, lambda what, done, of: told.append((done, of)))
    assert told == [(done, 6) for done in range(1, 7)]
    assert (measured.candidates, measured.opponents, measured.placements, measured.held_out) == (4, (2, 3), 2, 18)
    assert list(measured.costs) == [1, 2]
    for cost in measured.costs.values():
        assert cost.candidates_per_second > 0 and cost.generality_seconds > 0 and cost.paper_minutes > 0
        assert sum(cost.shares.values()) == pytest.approx(1) and cost.shares["battles"] > cost.shares["store"]


def test_a_run_of_the_papers_size_is_the_sum_of_its_rounds() -> None:
    by_hand = sum((258 + opponents) * min(opponents, 18) for opponents in range(1, 21))
    assert paper_minutes({18: 18.0, 1: 1.0, 3: 3.0, 8: 8.0}) == pytest.approx(by_hand / 60)


def test_the_table_and_the_row_say_the_same() -> None:
    lines = table(MEASURED)
    assert "80 candidates, 14 to 18 opponents, 20 placements" in lines[0]
    assert lines[3].split()[-2:] == ["20.0", "35.0"]
    assert [line.split()[-1] for line in lines[4:8]] == ["90.0%", "5.0%", "3.0%", "2.0%"]
    assert lines[9].split()[-2:] == ["6.0", "3.5"]
    expected = "| 0.1.0 abc | A Machine, 2 processors | 20.0 / 35.0 | 90% | 1.50 / 0.80 | 6.0 / 3.5 | a thing |"
    assert row(MEASURED, "a thing") == expected


def test_the_command_prints_a_table_a_row_or_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "measure", lambda rounds, progress: MEASURED)
    run = CliRunner().invoke
    assert run(bench.command, []).stdout == "\n".join(table(MEASURED)) + "\n"
    assert run(bench.command, ["--entry", "x"]).stdout == row(MEASURED, "x") + "\n"
    assert json.loads(run(bench.command, ["--json"]).stdout)["costs"]["2"]["paper_minutes"] == 3.5
