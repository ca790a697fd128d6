"""Lines fitted to a quantity over rounds, with the paper's test and with intervals that heed what is independent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import stats

MIN_ROUNDS = 4
"""Fewer points than this leave a line with next to no freedom: no fit is made then."""
Values = NDArray[np.float64]


@dataclass(frozen=True)
class Fit:
    """Ordinary least squares of one value a round, ``y = intercept + slope · x``."""

    slope: float
    intercept: float
    r2: float
    """Share of the variance over rounds that the line explains."""
    p: float
    """Two-sided t test of slope 0 over the rounds, as Kumar 2026 reports it. It takes rounds for independent, which
    the successive champions of the same runs are not: it is small too easily."""
    low: float
    """95 % interval of the slope, which takes only the runs for independent: Student's t over the runs' slopes, or what
    corresponds to them (``jackknife``); NaN with fewer than three runs."""
    high: float
    p_runs: float
    """Two-sided t test that the mean of the single runs' slopes is 0; NaN where the quantity belongs to no single run,
    or with fewer than three runs."""
    rounds: int
    runs: int


def line(x: Values, y: Values) -> tuple[float, float, float, float]:
    """Slope, intercept, R² and p of one line through (n,) points; a constant ``y`` has slope 0, R² 0 and p 1."""
    if constant(y):
        return 0.0, float(y.mean()), 0.0, 1.0
    found = stats.linregress(x, y)
    return float(found.slope), float(found.intercept), float(found.rvalue**2), float(found.pvalue)


def constant(values: Values) -> bool:
    """Whether (n,) values differ by no more than rounding makes them."""
    return bool(np.ptp(values) <= 1e-15 + 1e-9 * np.abs(values).max())


def mean_test(values: Values) -> float:
    """The p of a two-sided t test that (n,) values have mean 0; 1 where all are 0, 0 where all are equal otherwise."""
    if constant(values):
        return 1.0 if constant(np.append(values, 0)) else 0.0
    return float(stats.ttest_1samp(values, 0).pvalue)


def half_width(values: Values) -> float:
    """Half the 95 % interval (Student's t) of the mean of (n,) values, two at least."""
    return float(stats.t.ppf(0.975, len(values) - 1) * stats.sem(values))


def jackknife(whole: float, without: Values) -> tuple[float, float]:
    """Ends of a 95 % interval of what n members give together, from what (n,) they give ``without`` each one.

    Student's t over the pseudo-values of Tukey 1958; of a mean these are the members' own values.
    """
    n = len(without)
    half = half_width(n * whole - (n - 1) * without)
    return whole - half, whole + half


def fit_mean(x: Values, values: Values) -> Fit | None:
    """The line through the means over runs of ``values`` (runs, rounds), at ``x`` (rounds,); None with too few."""
    fit = _fit(x, values, lambda part: np.asarray(part.mean(axis=0)))
    if fit is None or len(values) < 3:
        return fit
    return replace(fit, p_runs=mean_test(np.array([line(x, row)[0] for row in values])))


def fit_variance(x: Values, vectors: Values) -> Fit | None:
    """The line through the variances across runs, at ``x`` (rounds,), of ``vectors`` (runs, rounds, dimensions).

    The variance at a round is that of each dimension, mean over dimensions (``variance_across``).
    """
    return None if len(vectors) < 2 else _fit(x, vectors, variance_across)


def variance_across(vectors: Values) -> Values:
    """(rounds,) variance across runs of ``vectors`` (runs, rounds, dimensions), unbiased, mean over dimensions."""
    return np.asarray(vectors.var(axis=0, ddof=1).mean(axis=1))


def _fit(x: Values, values: Values, statistic: Callable[[Values], Values]) -> Fit | None:
    """The line through the (rounds,) ``statistic`` of ``values`` (runs, rounds, …), and its interval over runs."""
    runs, rounds = values.shape[:2]
    if rounds < MIN_ROUNDS:
        return None
    slope, intercept, r2, p = line(x, statistic(values))
    low = high = np.nan
    if runs >= 3:
        without = [line(x, statistic(np.delete(values, run, axis=0)))[0] for run in range(runs)]
        low, high = jackknife(slope, np.array(without))
    return Fit(slope, intercept, r2, p, low, high, np.nan, rounds, runs)
