"""``redcode fight -R -W``, beside what pMARS 0.9.4 printed under the same limits."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from redcode import fight
from redcode.commands.fight import command
from redcode.machine.events import Event, Executed, Wrote
from redcode.machine.match import fight_with_limits
from redcode.machine.reference import Limits, Machine
from tests.battles import Battle, battles
from tests.fought import CORPUS, Fought, under_limits

pytestmark = pytest.mark.usefixtures("short_overtime")


def run(*words: object) -> Result:
    return CliRunner().invoke(command, [str(word) for word in words])


def without_limits(battle: Fought) -> Fought:
    return battle._replace(options=battle.options.partition(" -R ")[0])


def differing(battles: list[Fought], folder: Path) -> list[Fought]:
    """The battles that end otherwise here."""
    return [battle for battle in battles if run(*battle.words(folder)).stdout != battle.output]


def test_random_programs_end_as_in_pmars(tmp_path: Path) -> None:
    assert differing(under_limits("random"), tmp_path) == []


def test_limits_change_the_results_of_many_random_battles(tmp_path: Path) -> None:
    unlimited = [without_limits(battle) for battle in under_limits("random")]
    assert len(differing(unlimited, tmp_path)) > 60


@pytest.mark.skipif(not CORPUS.is_dir(), reason="expected REDCODE_CORPUS to name the corpus of warriors")
def test_published_warriors_end_as_in_pmars(tmp_path: Path) -> None:
    assert differing(under_limits("corpus"), tmp_path) == []


@given(battles())
def test_the_core_size_limits_nothing(battle: Battle) -> None:
    warriors, rules = battle.warriors, battle.rules
    starts, order = np.array([battle.starts] * 3), np.array([battle.order] * 3)
    limits = Limits(rules.core_size, rules.core_size)
    ours = fight_with_limits(warriors, rules, limits, starts, order, battle.stop)
    kernel = fight(warriors, rules, starts=starts, order=order, stop=battle.stop, measures=False)
    for name, values in vars(kernel).items():
        assert getattr(ours, name).tolist() == values.tolist(), name


@given(battles(core_sizes=(80, 81, 96)), st.data())
def test_nothing_is_written_beyond_half_the_limit(battle: Battle, data: st.DataObject) -> None:
    size = battle.rules.core_size
    divisors = st.sampled_from([limit for limit in range(1, size + 1) if size % limit == 0])
    limits = Limits(data.draw(divisors), data.draw(divisors))
    at, distances = 0, {0}

    def note(event: Event) -> None:
        nonlocal at
        if isinstance(event, Executed):
            at = event.address
        elif isinstance(event, Wrote):
            distances.add(min((event.address - at) % size, (at - event.address) % size))

    Machine(battle.rules, battle.warriors, battle.starts, watch=note, order=battle.order, limits=limits).run(
        battle.stop
    )
    assert max(distances) <= limits.write // 2


@pytest.mark.parametrize("flag", ["-R", "-W"])
@pytest.mark.parametrize("limit", [-4, 0, 7, 16000])
def test_a_limit_that_does_not_divide_the_core_is_an_error(flag: str, limit: int) -> None:
    done = run("-b", "-k", flag, limit, "imp", "imp")
    assert str(done.exception) == f"expected {flag} to be a divisor of the core size 8000, got {limit}"


def test_limits_are_said_to_be_slow_and_hold_in_the_trace(tmp_path: Path) -> None:
    trace = tmp_path / "battle.trace"
    done = run("-b", "-k", "-R", 8, "-W", 8, "-c", 50, "-T", trace, "dwarf", "imp")
    assert "reference interpreter" in done.stderr and "reference" not in done.stdout
    at, writes = 0, 0
    for letter, *numbers in map(str.split, trace.read_text().splitlines()):
        if letter == "e":
            at = int(numbers[2])
        elif letter == "w":
            writes += 1
            assert (int(numbers[2]) - at + 4) % 8000 <= 8
    assert writes > 50


def test_the_core_size_as_a_limit_is_fast() -> None:
    done = run("-b", "-k", "-R", 8000, "-W", 8000, "imp", "imp")
    assert done.stdout == "0 1\n0 1\n" and done.stderr == ""
