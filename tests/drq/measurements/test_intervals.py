from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from drq.measurements.intervals import bootstrap_means, wilson, wilson_interval


@given(st.integers(1, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_is_that_of_statsmodels(counts: tuple[int, int]) -> None:
    interval = wilson_interval(*counts)
    assert (interval.low, interval.high) == pytest.approx(proportion_confint(*counts, method="wilson"), abs=1e-12)


def test_nothing_is_known_of_no_trials() -> None:
    low, high = wilson([0, 5], [0, 10])
    assert np.isnan(low[0]) and np.isnan(high[0]) and low[1] < 0.5 < high[1]


def test_bootstrapped_means_are_those_of_scipy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("drq.measurements.intervals.RESAMPLES", 20_000)
    values = np.random.default_rng(1).gamma(2.0, size=(3, 40))
    low, high = bootstrap_means(values, np.random.default_rng(2))
    for row, ends in zip(values, zip(low, high, strict=True), strict=True):
        theirs = stats.bootstrap((row,), np.mean, n_resamples=20_000, method="percentile", rng=3).confidence_interval
        assert ends == pytest.approx((theirs.low, theirs.high), abs=0.015 * row.std())


@pytest.mark.parametrize("value", [0.0, 1.0, 1.5, 2.0])
def test_equal_values_leave_no_doubt(value: float) -> None:
    low, high = bootstrap_means(np.full((1, 100), value), np.random.default_rng(0))
    assert (low[0], high[0]) == (value, value)


@given(st.integers(1, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_share_is_in_its_interval(counts: tuple[int, int]) -> None:
    interval, (k, n) = wilson_interval(*counts), counts
    assert interval.low <= k / n <= interval.high
    assert (interval.low == 0, interval.high == 1) == (k == 0, k == n)


@given(st.lists(st.lists(st.floats(0, 2), min_size=3, max_size=3), min_size=1, max_size=30))
def test_a_mean_is_in_its_interval(columns: list[list[float]]) -> None:
    values = np.array(columns).T
    low, high = bootstrap_means(values, np.random.default_rng(0))
    assert np.all(low <= values.mean(axis=1)) and np.all(values.mean(axis=1) <= high)
