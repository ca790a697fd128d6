from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from drq.strength.sequential import BETS, Verdict, decide, evidence

SWINGS = {  # differences in points and their chances, each with mean 0
    "often": ([300, 0, -300], [0.3, 0.4, 0.3]),
    "seldom for, small against": ([300, 0, -100], [0.02, 0.92, 0.06]),
    "small for, seldom against": ([100, 0, -300], [0.06, 0.92, 0.02]),
    "as hills": ([300, 200, 100, 0, -100, -200, -300], [0.12, 0.06, 0.05, 0.54, 0.05, 0.06, 0.12]),
}


@pytest.mark.parametrize("swing", SWINGS)
def test_the_expected_evidence_never_grows_without_a_reason(swing: str) -> None:
    """Every course of four battles, weighed: the expectation of the ratio stays 1, so Ville's inequality holds."""
    values, chances = SWINGS[swing]
    courses = np.array(list(product(np.array(values) / 300, repeat=4)))
    weights = np.array([np.prod(course) for course in product(chances, repeat=4)])
    for length in (1, 2, 3, 4):
        ratios = np.array([np.exp(evidence(course))[length - 1] for course in courses])
        assert weights @ ratios == pytest.approx(1)


def test_evidence_of_yes_and_no_is_walds_ratio() -> None:
    """Against scipy: the ratio of the chances of so many wins under p = (1 + bet) / 2 and under 1/2."""
    values = np.random.default_rng(0).choice([-1.0, 1.0], size=40)
    wins, trials = np.cumsum(values > 0), np.arange(1, 41)
    ratios = [binom.pmf(wins, trials, (1 + bet) / 2) / binom.pmf(wins, trials, 0.5) for bet in BETS]
    assert np.exp(evidence(values)) == pytest.approx(np.mean(ratios, axis=0))


def verdicts(swing: str, shift: float, margin: float, error: float, runs: int, battles: int) -> list[Verdict]:
    """Of many comparisons whose mean is moved by ``shift`` points: now and then a battle is won more."""
    values, chances = SWINGS[swing]
    rng = np.random.default_rng(len(swing))
    found = []
    for _ in range(runs):
        course = rng.choice(values, size=battles, p=chances)
        higher = rng.random(battles) < abs(shift) / 300
        found.append(decide(np.where(higher, np.sign(shift) * 300, course).astype(int), margin, error)[0])
    return found


@pytest.mark.parametrize("swing", SWINGS)
def test_of_two_that_are_even_seldom_one_is_called_stronger(swing: str) -> None:
    found = verdicts(swing, 0, margin=0, error=0.2, runs=300, battles=1500)
    wrong = found.count(Verdict.STRONGER) + found.count(Verdict.WEAKER)
    assert wrong <= binom.ppf(0.999, 300, 0.2)
    assert Verdict.EVEN not in found  # nothing is within a margin of 0


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("swing", ["often", "as hills"])
def test_a_difference_of_the_margin_is_found_and_seldom_called_even(swing: str, sign: int) -> None:
    found = verdicts(swing, sign * 20, margin=20, error=0.2, runs=120, battles=5000)
    right, wrong = (Verdict.STRONGER, Verdict.WEAKER)[::sign]
    assert found.count(Verdict.EVEN) + found.count(wrong) <= binom.ppf(0.999, 120, 0.2)
    assert found.count(right) >= 96


def test_what_is_even_is_called_so() -> None:
    assert verdicts("as hills", 0, margin=20, error=0.05, runs=20, battles=6000).count(Verdict.EVEN) >= 18


def test_a_test_that_knows_the_difference_needs_not_many_battles_less() -> None:
    """Wald's test of two known means needs about 2 ln(2/α) variance / difference² battles; ours at most twice that."""
    values, chances = SWINGS["as hills"]
    rng = np.random.default_rng(1)
    for shift in (15, 30, 60):
        courses = [rng.choice(values, size=8000, p=chances) for _ in range(30)]
        moved = [np.where(rng.random(8000) < shift / 300, 300, course) for course in courses]
        variance = np.var(moved)
        needed = [decide(course, 5, 0.05)[1] for course in moved]
        assert np.median(needed) < 2 * 2 * np.log(2 / 0.05) * variance / shift**2


@given(st.lists(st.sampled_from([-300, -200, -100, 0, 100, 200, 300]), min_size=1, max_size=80))
def test_the_other_view_is_the_mirror_and_later_battles_change_nothing(differences: list[int]) -> None:
    course = np.array(differences)
    verdict, battles = decide(course, 40, 0.3)
    mirror = {Verdict.STRONGER: Verdict.WEAKER, Verdict.WEAKER: Verdict.STRONGER}
    assert decide(-course, 40, 0.3) == (mirror.get(verdict, verdict), battles)
    if verdict is not Verdict.OPEN:
        assert decide(course[:battles], 40, 0.3) == (verdict, battles)
        assert decide(course[: battles - 1], 40, 0.3)[0] is Verdict.OPEN or battles == 1
