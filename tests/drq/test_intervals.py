from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from drq.intervals import bootstrap_means, wilson, wilson_interval


@given(st.integers(1, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_is_that_of_statsmodels(counts: tuple[int, int]) -> None:
    interval = wilson_interval(*counts)
    assert (interval.low, interval.high) == pytest.approx(proportion_confint(*counts, method="wilson"), abs=1e-12)


def test_nothing_is_known_of_no_trials() -> None:
    low, high = wilson([0, 5], [0, 10])
    assert np.isnan(low[0]) and np.isnan(high[0]) and low[1] < 0.5 < high[1]


def test_bootstrapped_means_are_those_of_scipy() -> None:
    values = np.random.default_rng(1).gamma(2.0, size=(3, 40))
    low, high = bootstrap_means(values, np.random.default_rng(2))
    for row, ends in zip(values, zip(low, high, strict=True), strict=True):
        theirs = stats.bootstrap((row,), np.mean, n_resamples=5000, method="percentile", rng=3).confidence_interval
        assert ends == pytest.approx((theirs.low, theirs.high), abs=0.05 * row.std())


def test_equal_values_leave_no_doubt() -> None:
    low, high = bootstrap_means(np.full((1, 10), 1.5), np.random.default_rng(0))
    assert (low[0], high[0]) == pytest.approx((1.5, 1.5))
