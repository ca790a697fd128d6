import json
from dataclasses import replace

import pytest
from click.testing import CliRunner

from redcode import ICWS94, builtin, fight_batch
from redcode.commands.bench import Benchmark, Speed, table
from redcode.commands.cli import group
from redcode.commands.simulators import Pairing, find_exhaust, find_pmars, redcode_fight

RULES = replace(ICWS94, max_cycles=3000)
WARRIORS = [builtin(name, RULES) for name in ("dwarf", "mice", "quick_clear")]
PAIRINGS = [Pairing((0, 1), 300, 5), Pairing((0, 2), 4000, 4), Pairing((2, 1), 7777, 7)]


def run(*arguments):
    return CliRunner().invoke(group, ["bench", *map(str, arguments)])


@pytest.fixture(scope="module")
def ours():
    return redcode_fight(WARRIORS, RULES, "last", False, 1)(PAIRINGS)


def test_duels_are_fought_as_they_are_described(ours):
    by_hand = []
    instructions = 0
    for pairing in PAIRINGS:
        wins = [0, 0]
        plan = zip(pairing.starts(RULES).tolist(), pairing.order().tolist(), strict=True)
        for number, (start, order) in enumerate(plan):
            assert (start[0], order[0]) == (0, number % 2)
            entrants, moved = [[pairing.pair[column] for column in order]], [[start[column] for column in order]]
            result = fight_batch(WARRIORS, entrants, moved, RULES)
            for column, won in zip(order, (result.survived & (result.survived.sum() == 1))[0], strict=True):
                wins[column] += int(won)
            dead_early = ~result.survived[0] & (result.death_cycle[0] + 1 < result.cycles[0])
            assert not dead_early.any()
            instructions += int(result.cycles[0]) * 2
        by_hand.append(tuple(wins))
    assert ours.wins == by_hand
    assert any(map(sum, by_hand))
    assert ours.instructions == instructions
    assert ours.seconds > ours.instructions / 10e9, "no processor is so fast: the time of another thread is missing"


def test_exhaust_fights_the_same_battles(ours):
    fight = find_exhaust(WARRIORS, RULES)
    if fight is None:
        pytest.skip("expected exhaust-ma to be installed")
    assert fight(PAIRINGS).wins == ours.wins


def test_pmars_fights_the_same_battles(ours, tmp_path):
    fight = find_pmars(WARRIORS, RULES, tmp_path)
    if fight is None:
        pytest.skip("expected a pmars that fights without a display in PATH or PMARS")
    assert fight(PAIRINGS).wins == ours.wins


def test_a_pmars_that_cannot_fight_is_left_out(monkeypatch, tmp_path):
    for program in ("true", "false", "no-such-program"):
        monkeypatch.setenv("PMARS", program)
        assert find_pmars(WARRIORS, RULES, tmp_path) is None


def test_the_benchmark_holds_every_measurement():
    answer = json.loads(run("-r", 2, "-c", 200, "--json").stdout)
    assert (answer["warriors"], answer["rounds"], answer["max_cycles"]) == (14, 2, 200)
    speeds = answer["speeds"]
    assert speeds[0]["name"] == "redcode, 1 thread"
    assert speeds[0]["ratio"] == 1
    assert all(speed["differing"] in (0, None) and speed["instructions_per_second"] > 0 for speed in speeds)


def test_the_table_names_what_is_missing_and_what_differs():
    speeds = (Speed("redcode, 1 thread", 1500.0, 2e8, 1.0, 0), Speed("exhaust, 1 thread", 1000.0, 1e8, 0.5, 3))
    benchmark = Benchmark("A Machine", 2, 14, 100, 8000, 80000, speeds)
    lines = table(benchmark)
    assert lines[3].split() == ["redcode,", "1", "thread", "1500", "200.0", "1.00"]
    assert lines[4].endswith("100.0   0.50  3 results differ")
    assert lines[5:7] == ["redcode, 1 thread: 2.00 x exhaust", "pMARS is not installed here."]
