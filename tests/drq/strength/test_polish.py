from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from itertools import islice
from math import gcd
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drq.battles.engine import LocalEngine
from drq.strength.polish import tune
from drq.strength.variants import moved, tunable, variants
from redcode import NANO, Warrior, assemble, builtin, builtin_names, fight, load
from redcode.machine.unused import used_code
from tests.drq.commands import drq
from tests.strategies import warriors

SPOILT = "ORG 1\nADD.AB #0, $3\nMOV.I $2, @2\nJMP $-2\nDAT #0, #0\nEND\n"
"""A dwarf whose bombs all fall on one place."""
OPPONENTS = [builtin(name, NANO) for name in builtin_names("nano")]


def exact(warrior: Warrior, opponents: Sequence[Warrior] = OPPONENTS) -> float:
    """3 W% + T% over opponents and all placements, by the machine's own count."""
    starts = [[0, distance] for distance in range(5, 76)]
    results = [
        fight([warrior, one], NANO, starts=starts, order=[order] * 71)
        for one in opponents
        for order in ([0, 1], [1, 0])
    ]
    return float(sum(300 * one.wins[0] + 100 * one.ties[0] for one in results)) / (142 * len(opponents))


def gate(number: int) -> Warrior:
    """A warrior with one number: it stays where it is and takes 1 from the same cell for ever."""
    return assemble(f"JMP #0, <{number}", NANO)


@given(warriors(NANO, max_length=5), st.integers(0, 2**32))
def test_a_variant_differs_in_few_numbers_and_each_of_them_matters(warrior: Warrior, seed: int) -> None:
    found = variants(warrior, 20, NANO, np.random.default_rng(seed))
    assert len({one.digest for one in found} | {warrior.digest}) == len(found) + 1
    assert bool(found) == bool(tunable(warrior, NANO))
    for variant in found:
        assert (variant.start, variant.pin, variant.name) == (warrior.start, warrior.pin, warrior.name)
        changed = 0
        for index, (old, new) in enumerate(zip(warrior.code, variant.code, strict=True)):
            assert old._replace(a=0, b=0) == new._replace(a=0, b=0) and 0 <= min(new.a, new.b) <= max(new.a, new.b) < 80
            for undone in (new._replace(a=old.a), new._replace(b=old.b)):
                if undone != new:
                    changed += 1
                    code = (*variant.code[:index], undone, *variant.code[index + 1 :])
                    assert used_code(Warrior(code, variant.start, variant.pin)) != used_code(variant)
        assert 1 <= changed <= 3


def test_what_an_instruction_does_not_use_stays_as_it_is() -> None:
    warrior = assemble("JMP $2, $7\nDAT $3, $4\nSPL #5, $6\nMOV.AB #1, $9\nDAT <2, #3", NANO)
    assert tunable(warrior, NANO) == [(0, "a"), (3, "a"), (3, "b"), (4, "a")]
    assert variants(assemble("DAT $1, $2\nJMP #3, $4", NANO), 9, NANO, np.random.default_rng(0)) == []


@pytest.mark.parametrize("size", [80, 800, 8000, 8192, 65521])
def test_numbers_move_near_and_far(size: int) -> None:
    rng, number = np.random.default_rng(size), size // 4 + 3
    reached = [moved(number, size, rng) for _ in range(3000)]
    assert all(0 <= one < size for one in reached)
    near = {number - 1, number + 1, number + 2, number - 10}
    assert near | {2 * number % size, -number % size, (number + size // 2) % size} <= set(reached)
    assert any(3 * one % size == number for one in reached) or size % 3 == 0
    for divisor in (one for one in (2, 4, 5, 8, 10) if size % one == 0):
        assert sum(gcd(one, size) == divisor for one in reached) > 30


def test_a_spoilt_constant_is_repaired() -> None:
    """The end is better than the dwarf with the textbook's step."""
    textbook = exact(assemble(SPOILT.replace("#0, $3", "#4, $3"), NANO))
    for seed in range(3):
        *_, end = islice(tune(assemble(SPOILT, NANO), OPPONENTS, NANO, LocalEngine(1), seed), 50)
        assert exact(end.warrior) > textbook


def test_an_unimprovable_warrior_is_left_alone() -> None:
    """One of a single number: all of its variants are measured in all battles that there are."""
    opponents = [builtin(name, NANO) for name in ("dwarf", "nano_stone")]
    points = {number: exact(gate(number), opponents) for number in range(80)}
    best, worst = max(points, key=lambda n: points[n]), min(points, key=lambda n: points[n])
    assert points[best] > points[worst] + 10
    ends = []
    for seed in range(4):
        *_, end = islice(tune(gate(best), opponents, NANO, LocalEngine(1), seed), 12)
        ends.append(points[end.warrior.code[0].b])
    assert sum(end == points[best] for end in ends) >= 3
    better = next(now for now in tune(gate(worst), opponents, NANO, LocalEngine(1), 0) if now.kept)
    assert points[better.warrior.code[0].b] > points[worst] + 3


def test_the_search_depends_on_the_seed_alone() -> None:
    spoilt = assemble(SPOILT, NANO)

    def search(seed: int, threads: int) -> list[object]:
        return list(islice(tune(spoilt, OPPONENTS, NANO, LocalEngine(threads), seed), 25))

    first = search(0, 1)
    assert first == search(0, 2) != search(1, 1)


def test_the_command_repairs_and_tells_the_points(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("my.red").write_text(SPOILT)
    words = ("polish", "my.red", "rules=nano", "opponents=nano", "minutes=0.02", "placements=all", "threads=1")
    done = drq(capsys, monkeypatch, *words)
    assert done.status == 0, done.err
    assert done.out.startswith("tuning 5 numbers of my against 5 opponents for 0.02 minutes: my_polished.red")
    told = re.search(r"my: ([\d.]+) points before, ([\d.]+) after: \+([\d.]+)\n", done.out)
    assert told, done.out
    polished = load("my_polished.red", NANO)
    expected = [exact(load("my.red", NANO)), exact(polished)]
    assert [float(one) for one in told.groups()] == pytest.approx([*expected, expected[1] - expected[0]], abs=0.06)
    assert "ADD.AB #0, $3  is now  ADD.AB #" in done.out and Path("my.red").read_text() == SPOILT


def test_what_stays_as_it_is_is_written_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "there.red"
    words = ("polish", "imp", "rules=nano", "opponents=[imp,dwarf]", "minutes=0", "threads=1", f"out={out}")
    done = drq(capsys, monkeypatch, *words)
    assert done.status == 0, done.err
    assert load(out, NANO) == builtin("imp", NANO)
    assert "imp stays as it is" in done.out and "because it is polished: 1 warrior: imp" in done.out


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("dwarf", "opponents=dwarf"), "expected an opponent that is not the warrior itself, got none"),
        (("nano",), "expected one warrior to polish, got 5 in nano: name one file"),
        (("unused.red",), "expected a warrior whose instructions use a number, got unused"),
        (("imp", "minutes=-1"), "expected minutes to be at least 0, got -1"),
        (("imp", "out=unused.red/x.red"), "expected the folder of out to be a folder that can be written, got unused"),
    ],
)
def test_a_users_mistake_is_one_line(
    arguments: tuple[str, ...],
    line: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("unused.red").write_text("DAT $1, $2")
    done = drq(capsys, monkeypatch, "polish", *arguments, "rules=nano")
    assert done.status == 2 and done.err.startswith(f"drq: {line}") and done.err.count("\n") == 1


@pytest.mark.skipif(os.name != "posix", reason="expected a system with signals")
def test_ctrl_c_ends_the_search_with_the_best_so_far(tmp_path: Path) -> None:
    (tmp_path / "my.red").write_text(SPOILT)
    words = ["polish", "my.red", "rules=nano", "opponents=nano", "minutes=60", "threads=1", "placements=10"]
    command = [sys.executable, "-c", "from drq.cli.main import main; main()", *words]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout and process.stdout.readline().startswith("tuning 5 numbers")
        before, file = load(tmp_path / "my.red", NANO), tmp_path / "my_polished.red"
        waited = time.monotonic() + 300
        while load(file, NANO) == before and process.poll() is None and time.monotonic() < waited:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=300)
    finally:
        process.kill()
    assert process.returncode == 130 and "Traceback" not in err
    assert " points before, " in out and out.endswith("result: my_polished.red\n")
    assert exact(load(file, NANO)) > exact(before)
