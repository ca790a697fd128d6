from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from drq.measurements.intervals import (
    UNSEEN,
    UNSEEN_OPPONENT,
    mean_interval,
    mean_over_opponents,
    wilson,
    wilson_interval,
)


@given(st.integers(1, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_is_that_of_statsmodels(counts: tuple[int, int]) -> None:
    interval = wilson_interval(*counts)
    assert (interval.low, interval.high) == pytest.approx(proportion_confint(*counts, method="wilson"), abs=1e-12)


def test_nothing_is_known_of_no_trials() -> None:
    low, high = wilson([0, 5], [0, 10])
    assert np.isnan(low[0]) and np.isnan(high[0]) and low[1] < 0.5 < high[1]


def coverage(values: np.ndarray, truth: float, unseen: float) -> float:
    """Share of the rows of ``values`` (experiments, n), each between 0 and 2, whose interval holds the truth."""
    count = values.shape[1]
    low, high = mean_interval(values.mean(axis=1), values.std(axis=1, ddof=1), count, 2, unseen)
    return float(np.mean((low - 1e-9 <= truth) & (truth <= high + 1e-9)))


@pytest.mark.parametrize("count", [3, 6, 12, 48])
@pytest.mark.parametrize("shape", [(1, 1), (0.5, 0.5)])
def test_the_interval_over_opponents_holds_the_truth(count: int, shape: tuple[float, float]) -> None:
    """Values spread evenly, and most of them near the ends; coverage in 10 000 experiments has an error of 0.2 %."""
    values = 2 * np.random.default_rng(0).beta(*shape, (10_000, count))
    assert 0.93 <= coverage(values, 1.0, UNSEEN_OPPONENT) <= 0.97


@pytest.mark.parametrize("count", [3, 6, 12, 48])
def test_it_is_nearly_right_where_most_opponents_are_lost_to(count: int) -> None:
    values = 2 * np.random.default_rng(0).beta(0.3, 0.9, (10_000, count))
    assert coverage(values, 0.5, UNSEEN_OPPONENT) >= 0.91


@pytest.mark.parametrize("usual", [1.0, 2.0])
@pytest.mark.parametrize("chance", [0.002, 0.006, 0.02, 0.05, 0.1, 0.3])
def test_the_interval_over_placements_of_a_lopsided_pair_holds_the_truth(usual: float, chance: float) -> None:
    """A battle in a hundred goes otherwise: most experiments see none that does."""
    rare = np.random.default_rng(0).random((10_000, 100)) < chance
    values = np.where(rare, 0.1, usual)
    assert coverage(values, chance * 0.1 + (1 - chance) * usual, UNSEEN) >= 0.93


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 10, 99])
def test_students_t_is_that_of_scipy(freedom: int) -> None:
    from drq.student import t_quantile

    assert t_quantile(0.975, freedom) == pytest.approx(stats.t.ppf(0.975, freedom), abs=0.004)


def test_one_value_says_nothing_and_yes_or_no_is_wilsons() -> None:
    one = mean_over_opponents([1.3], 2)
    assert (one.low, one.high) == (0, 2)
    shares = np.repeat([0.0, 1.0], [3000, 7000])
    many, theirs = mean_over_opponents(list(shares), 1), wilson_interval(7000, 10_000)
    assert (many.low, many.high) == pytest.approx((theirs.low, theirs.high), abs=1e-4)


@given(st.integers(1, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_share_is_in_its_interval(counts: tuple[int, int]) -> None:
    interval, (k, n) = wilson_interval(*counts), counts
    assert interval.low <= k / n <= interval.high
    assert (interval.low == 0, interval.high == 1) == (k == 0, k == n)


@given(st.lists(st.floats(0, 2), min_size=1, max_size=30), st.sampled_from([UNSEEN, UNSEEN_OPPONENT]))
def test_a_mean_is_in_its_interval_and_that_in_the_range(values: list[float], unseen: float) -> None:
    low, high = mean_interval(np.mean(values), np.std(values, ddof=min(1, len(values) - 1)), len(values), 2, unseen)
    assert 0 <= low <= np.mean(values) + 1e-12 and np.mean(values) - 1e-12 <= high <= 2
