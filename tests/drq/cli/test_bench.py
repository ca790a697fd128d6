"""The recorded round is fought as the loop fights it, and what is printed follows from the times."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from drq.battles.engine import LocalEngine
from drq.battles.evaluate import Arena, evaluate
from drq.cli.commands import bench
from drq.cli.commands.bench import Benchmark, Cost, Recorded, measure, paper_minutes, row, table
from redcode import ICWS94, assemble

SHIPPED = Recorded.shipped()
SHARES = {"battles": 0.9, "assembling": 0.05, "store": 0.03, "the rest": 0.02}
MEASURED = Benchmark(
    "0.1.0 abc", "A Machine", 2, 80, 18, 20, 18, {1: Cost(20.0, SHARES, 1.5, 6.0), 2: Cost(35.0, SHARES, 0.8, 3.5)}
)


def small(candidates: int, opponents: int, placements: int = 2) -> Recorded:
    fewer = SHIPPED.with_fewer(opponents)
    seating = replace(
        fewer.seating, entrants=fewer.seating.entrants[:placements], starts=fewer.seating.starts[:placements]
    )
    return Recorded(fewer.opponents, fewer.candidates[:candidates], seating)


def test_the_recorded_round_is_that_of_the_default_run() -> None:
    digests = [assemble(text, ICWS94).digest for text in (*SHIPPED.opponents, *SHIPPED.candidates)]
    assert (len(SHIPPED.opponents), len(SHIPPED.candidates)) == (18, 80)
    assert len(set(digests[:18])) == 18 and len(set(digests[18:])) == 80
    assert SHIPPED.seating.starts.shape == (20, 19)
    assert (np.sort(SHIPPED.seating.entrants, axis=1) == np.arange(19)).all()


def test_the_recorded_round_is_evaluated_to_the_same_numbers_in_every_version() -> None:
    arena = Arena(tuple(assemble(text, ICWS94) for text in SHIPPED.opponents), SHIPPED.seating, ICWS94)
    found = evaluate([assemble(text, ICWS94) for text in SHIPPED.candidates[:3]], arena, LocalEngine(1))
    assert [round(one.fitness, 4) for one in found] == [0.3935, 0.0001, 0.7991]


def test_every_candidate_is_fought_and_written_and_the_parts_are_timed() -> None:
    recorded = small(candidates=3, opponents=2)
    watch = bench._Watch(1)
    seconds = bench.fight_round(recorded, watch)
    assert set(seconds) == {"all", "battles", "assembling", "store"}
    assert sum(seconds.values()) - seconds["all"] <= seconds["all"]


def test_the_benchmark_holds_every_measurement(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "PLACEMENTS", 2)
    monkeypatch.setattr(bench, "FEWER_OPPONENTS", (1,))
    monkeypatch.setattr(bench, "REPEATS", 1)
    monkeypatch.setattr(bench, "processors", lambda: 2)
    told: list[tuple[int, int]] = []
    measured = measure(lambda what, done, of: told.append((done, of)), small(candidates=4, opponents=3))
    assert told == [(done, 6) for done in range(1, 7)]
    assert (measured.candidates, measured.opponents, measured.placements, measured.held_out) == (4, 3, 2, 18)
    assert list(measured.costs) == [1, 2]
    for cost in measured.costs.values():
        assert cost.candidates_per_second > 0 and cost.generality_seconds > 0 and cost.paper_minutes > 0
        assert sum(cost.shares.values()) == pytest.approx(1) and cost.shares["battles"] > cost.shares["store"]


def test_a_run_of_the_papers_size_is_the_sum_of_its_rounds() -> None:
    by_hand = sum((258 + opponents) * min(opponents, 18) for opponents in range(1, 21))
    assert paper_minutes({18: 18.0, 1: 1.0, 3: 3.0, 8: 8.0}) == pytest.approx(by_hand / 60)


def test_the_table_and_the_row_say_the_same() -> None:
    lines = table(MEASURED)
    assert lines[3].split()[-2:] == ["20.0", "35.0"]
    assert [line.split()[-1] for line in lines[4:8]] == ["90.0%", "5.0%", "3.0%", "2.0%"]
    assert lines[9].split()[-2:] == ["6.0", "3.5"]
    expected = "| 0.1.0 abc | A Machine, 2 processors | 20.0 / 35.0 | 90% | 1.50 / 0.80 | 6.0 / 3.5 | a thing |"
    assert row(MEASURED, "a thing") == expected


def test_the_command_prints_a_table_a_row_or_json(monkeypatch: pytest.MonkeyPatch) -> None:
    from click.testing import CliRunner

    monkeypatch.setattr(bench, "measure", lambda progress: MEASURED)
    run = CliRunner().invoke
    assert run(bench.command, []).stdout == "\n".join(table(MEASURED)) + "\n"
    assert run(bench.command, ["--entry", "x"]).stdout == row(MEASURED, "x") + "\n"
    assert json.loads(run(bench.command, ["--json"]).stdout)["costs"]["2"]["paper_minutes"] == 3.5
