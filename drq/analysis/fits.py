"""Lines fitted to a quantity over rounds, with the paper's test and with intervals that heed what is independent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

MIN_ROUNDS = 4
"""Fewer points than this leave a line with next to no freedom: no fit is made then."""
RESAMPLES = 1000
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
    """95 % percentile interval of the slope over runs drawn again with replacement, which takes only the runs for
    independent; NaN with fewer than three runs."""
    high: float
    p_runs: float
    """Two-sided t test that the mean of the single runs' slopes is 0; NaN where the quantity belongs to no single run,
    or with fewer than three runs."""
    rounds: int
    runs: int


def line(x: Values, y: Values) -> tuple[float, float, float, float]:
    """Slope, intercept, R² and p of one line through (n,) points; a constant ``y`` has slope 0, R² 0 and p 1."""
    if np.ptp(y) == 0:
        return 0.0, float(y[0]), 0.0, 1.0
    found = stats.linregress(x, y)
    return float(found.slope), float(found.intercept), float(found.rvalue**2), float(found.pvalue)


def mean_test(values: Values) -> float:
    """The p of a two-sided t test that (n,) values have mean 0; 1 where all are 0, 0 where all are equal otherwise."""
    if np.ptp(values) == 0:
        return 1.0 if values[0] == 0 else 0.0
    return float(stats.ttest_1samp(values, 0).pvalue)


def fit_mean(x: Values, values: Values, rng: np.random.Generator) -> Fit | None:
    """The line through the means over runs of ``values`` (runs, rounds), at ``x`` (rounds,); None with too few."""
    slopes = np.array([line(x, row)[0] for row in values]) if len(x) >= 2 else np.array([])
    return _fit(x, lambda weights: weights @ values / len(values), values, slopes, rng)


def fit_variance(x: Values, vectors: Values, rng: np.random.Generator) -> Fit | None:
    """The line through the variances across runs, at ``x`` (rounds,), of ``vectors`` (runs, rounds, dimensions).

    The variance at a round is that of each dimension, mean over dimensions (``variance_across``).
    """
    runs, rounds, _ = vectors.shape
    if runs < 2:
        return None
    flat = vectors.reshape(runs, -1)

    def variances(weights: Values) -> Values:
        means = weights @ flat / runs
        spread = weights @ flat**2 / runs - means**2
        correction = runs / (runs - 1)
        if len(weights) > 1:  # runs drawn again vary less by the same factor once more
            correction **= 2
        return np.asarray(correction * spread.reshape(len(weights), rounds, -1).mean(axis=2))

    return _fit(x, variances, flat, np.array([]), rng)


def variance_across(vectors: Values) -> Values:
    """(rounds,) variance across runs of ``vectors`` (runs, rounds, dimensions), unbiased, mean over dimensions."""
    return np.asarray(vectors.var(axis=0, ddof=1).mean(axis=1))


def _fit(
    x: Values, statistic: Callable[[Values], Values], values: Values, slopes: Values, rng: np.random.Generator
) -> Fit | None:
    """``statistic`` takes (resamples, runs) counts of how often each run is drawn and gives (resamples, rounds)."""
    runs, rounds = len(values), len(x)
    if rounds < MIN_ROUNDS:
        return None
    slope, intercept, r2, p = line(x, statistic(np.ones((1, runs)))[0])
    low = high = p_runs = np.nan
    if runs >= 3:
        counts = rng.multinomial(runs, np.full(runs, 1 / runs), size=RESAMPLES).astype(np.float64)
        low, high = np.percentile(_slopes(x, statistic(counts)), (2.5, 97.5))
        if len(slopes):
            p_runs = mean_test(slopes)
    return Fit(slope, intercept, r2, p, float(low), float(high), float(p_runs), rounds, runs)


def _slopes(x: Values, y: Values) -> Values:
    """(resamples,) least-squares slopes of (resamples, rounds)."""
    centred = x - x.mean()
    return np.asarray(y @ centred / (centred @ centred))
