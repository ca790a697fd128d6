from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from drq.opponents.entries import Dropped, Why
from drq.strength import CompareConfig, Every, compare
from drq.strength.sequential import Verdict
from redcode import NANO, builtin, builtin_names, fight
from tests.drq.commands import drq

SETTINGS = CompareConfig(first="nano_sweep", second="nano_nose", rules=NANO, threads=1, battles=3000)


def exact_score(name: str, opponent: str) -> float:
    """3 W% + T% over all placements, by the machine's own count."""
    pair, starts = [builtin(name, NANO), builtin(opponent, NANO)], [[0, distance] for distance in range(5, 76)]
    results = [fight(pair, NANO, starts=starts, order=[order] * 71) for order in ([0, 1], [1, 0])]
    return float(sum(300 * result.wins[0] + 100 * result.ties[0] for result in results)) / 142


def test_every_placement_leaves_nothing_to_chance() -> None:
    exact = compare(replace(SETTINGS, placements=Every.ALL))
    names = builtin_names("nano_held_out")
    assert [row.opponent for row in exact.opponents] == list(names)
    for row in exact.opponents:
        assert row.first_score == pytest.approx(exact_score("nano_sweep", row.opponent))
        assert row.second_score == pytest.approx(exact_score("nano_nose", row.opponent))
    mean = np.mean([row.difference for row in exact.opponents])
    assert exact.difference == pytest.approx(mean) and exact.interval.low == exact.interval.high == exact.difference
    assert (exact.verdict, exact.battles, exact.placements) == (Verdict.STRONGER, 0, 142)
    assert exact.sides[0].score - exact.sides[1].score == pytest.approx(exact.difference)


def test_the_verdict_and_the_interval_agree_with_the_truth() -> None:
    truth = compare(replace(SETTINGS, placements=Every.ALL)).difference
    found = [compare(replace(SETTINGS, placements=40, seed=seed)) for seed in range(60)]
    assert all(one.verdict is Verdict.STRONGER and one.battles < 3000 for one in found)
    held = sum(one.interval.low <= truth <= one.interval.high for one in found)
    assert held >= 52  # of 57 expected
    assert np.mean([one.difference for one in found]) == pytest.approx(truth, abs=6)


def test_the_other_order_says_the_same() -> None:
    one, other = compare(SETTINGS), compare(replace(SETTINGS, first="nano_nose", second="nano_sweep"))
    assert (one.verdict, other.verdict) == (Verdict.STRONGER, Verdict.WEAKER)
    assert one.battles == other.battles and one.difference == pytest.approx(-other.difference)
    assert one.interval.low == pytest.approx(-other.interval.high)
    assert compare(replace(SETTINGS, threads=2)) == one != compare(replace(SETTINGS, seed=1))


def test_too_few_battles_leave_it_open_and_a_wide_margin_calls_it_even() -> None:
    few = compare(replace(SETTINGS, battles=5))
    assert (few.verdict, few.battles) == (Verdict.OPEN, 5)
    wide = compare(replace(SETTINGS, second="nano_two", margin=150.0, error=0.001))
    assert wide.verdict is Verdict.EVEN and wide.battles < 300


def test_who_is_compared_is_no_opponent() -> None:
    found = compare(replace(SETTINGS, opponents=("nano", "nano_held_out"), placements=4, battles=4))
    assert len(found.opponents) == 8
    assert found.dropped == [Dropped("nano_nose", Why.COMPARED), Dropped("nano_sweep", Why.COMPARED)]


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("nano_sweep", "nano_nose"), "nano_sweep is stronger than nano_nose: nano_sweep has "),
        (("nano_nose", "nano_sweep"), "nano_sweep is stronger than nano_nose: nano_sweep has "),
        (("nano_nose", "nano_sweep", "battles=3"), "nano_nose or nano_sweep: undecided: nano_sweep has "),
        (
            ("nano_two", "nano_sweep", "margin=150", "error=.001"),
            "nano_two and nano_sweep are even within 150 points: ",
        ),
        (("nano_nose", "nano_sweep", "placements=all"), "nano_sweep is stronger than nano_nose: nano_sweep has 44.5 "),
    ],
)
def test_the_first_line_is_the_answer(
    arguments: tuple[str, ...],
    line: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done = drq(capsys, monkeypatch, "compare", *arguments, "rules=nano", "threads=1", f"out={tmp_path}")
    assert done.status == 0 and done.out.startswith(line)
    whole = json.loads((tmp_path / "comparison.json").read_text())
    assert (
        [side["warrior"] for side in whole["sides"]]
        == list(arguments[:2])
        == [
            whole["config"]["first"],
            whole["config"]["second"],
        ]
    )
    assert whole["interval_low"] <= whole["difference"] <= whole["interval_high"]
    with (tmp_path / "opponents.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert np.mean([float(row["difference"]) for row in rows]) == pytest.approx(whole["difference"])


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("imp", "imp"), "expected two different warriors, got one code"),
        (("imp", "nano"), "expected one warrior to compare, got 5 in nano: name one file"),
        (("imp", "nosuch"), "expected a warrior to compare to be a file, a run, a built-in warrior or a folder, got"),
        (("imp", "dwarf", "opponents=[imp,dwarf]"), "expected an opponent that is neither of the two, got none"),
        (("imp", "dwarf", "placements=1"), "expected placements to be at least 2, got 1"),
        (("imp", "dwarf", "error=1"), "expected error to be between 0 and 1, got 1.0"),
        (("imp", "dwarf", "margins=1"), "unknown key 'margins'; the nearest is 'margin'"),
    ],
)
def test_a_users_mistake_is_one_line(
    arguments: tuple[str, ...],
    line: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done = drq(capsys, monkeypatch, "compare", *arguments, "rules=nano")
    assert done.status == 2 and done.err.startswith(f"drq: {line}") and done.err.count("\n") == 1


def test_the_python_of_the_page_runs() -> None:
    page = (Path(__file__).parents[3] / "docs/strength.md").read_text()
    (code,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)
    assert names["found"].verdict is Verdict.STRONGER
