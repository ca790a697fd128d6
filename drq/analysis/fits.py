"""Lines fitted to a quantity over rounds, with the paper's test and with intervals that heed what is independent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

MIN_FAMILIES = 3
"""Fewer than this give no interval."""
MIN_ROUNDS = 4
"""Fewer points than this leave a line with next to no freedom: no fit is made then."""
Values = NDArray[np.float64]
Labels = NDArray[np.str_]


@dataclass(frozen=True)
class Fit:
    """Ordinary least squares of one value a round, ``y = intercept + slope · x``."""

    slope: float
    intercept: float
    r2: float
    """Share of the variance over rounds that the line explains."""
    p: float
    """Two-sided t test of slope 0 over the rounds, as Kumar 2026 reports it. It treats rounds as independent, which
    the successive champions of the same runs are not: it is small too easily."""
    low: float
    """95 % interval of the slope, which treats only families of runs as independent (``over_families``)."""
    high: float
    p_runs: float
    """The test of slope 0 that belongs to this interval."""
    rounds: int
    runs: int
    families: int


@dataclass(frozen=True)
class Estimate:
    """A number that all families give together, and how sure it is."""

    value: float
    low: float
    """95 % interval; NaN with fewer than three families."""
    high: float
    p: float
    """Two-sided t test that the number is 0; NaN with fewer than three families."""
    families: int


def line(x: Values, y: Values) -> tuple[float, float, float, float]:
    """Slope, intercept, R² and p of one line through (n,) points; a constant ``y`` has slope 0, R² 0 and p 1."""
    if constant(y):
        return 0.0, float(y.mean()), 0.0, 1.0
    found = stats.linregress(x, y)
    return float(found.slope), float(found.intercept), float(found.rvalue**2), float(found.pvalue)


def slope(x: Values, y: Values) -> float:
    """The slope alone, in a fiftieth of the time: intervals need it once for each family that is left out."""
    if constant(y):
        return 0.0
    centred = x - x.mean()
    return float(centred @ y / (centred @ centred))


def constant(values: Values) -> bool:
    """Whether (n,) values differ by no more than rounding makes them."""
    return bool(np.ptp(values) <= 1e-15 + 1e-9 * np.abs(values).max())


def jackknife(whole: float, without: Values) -> Estimate:
    """The number ``whole`` that families give together, from what (families,) they give ``without`` each one.

    Student's t over the pseudo-values of Tukey 1958; of a mean these are the families' own values.
    """
    n = len(without)
    if n < MIN_FAMILIES:
        return Estimate(whole, np.nan, np.nan, np.nan, n)
    pseudo = n * whole - (n - 1) * without
    if constant(pseudo):
        return Estimate(whole, whole, whole, 1.0 if constant(np.append(pseudo, 0)) else 0.0, n)
    error = float(pseudo.std(ddof=1) / np.sqrt(n))
    half = float(stats.t.ppf(0.975, n - 1)) * error
    p = 2 * float(stats.t.sf(abs(whole) / error, n - 1))
    return Estimate(whole, whole - half, whole + half, p, n)


def over_families(statistic: Callable[[NDArray[np.bool_]], float], families: Labels) -> Estimate:
    """``statistic`` of all runs, whose (runs,) ``families`` are given, with its interval and test over families.

    ``statistic`` takes (runs,) whether each run counts. Each family is left out once, with all its seeds: runs that
    began from one starter are alike, so that only families are independent.
    """
    names = np.unique(families)
    whole = statistic(np.ones(len(families), dtype=bool))
    if len(names) < MIN_FAMILIES:
        return Estimate(whole, np.nan, np.nan, np.nan, len(names))
    return jackknife(whole, np.array([statistic(families != name) for name in names]))


def holm(p: Values) -> Values:
    """(n,) p values, adjusted because they are read together (Holm 1979); NaN stays and does not count.

    Where no effect exists, the smallest adjusted one is below 0.05 in at most one of twenty such sets.
    """
    known = np.isfinite(p)
    order = np.argsort(p[known], kind="stable")
    ranked = np.minimum(1, np.maximum.accumulate(p[known][order] * np.arange(len(order), 0, -1)))
    adjusted = np.full(len(p), np.nan)
    adjusted[np.flatnonzero(known)[order]] = ranked
    return adjusted


def fit_mean(x: Values, values: Values, families: Labels | None = None) -> Fit | None:
    """The line through the means over runs of ``values`` (runs, rounds), at ``x`` (rounds,); None with too few.

    ``families``: (runs,) the family of each run; None if each run is one of its own.
    """
    return fit(x, values, mean_across, families)


def fit_variance(x: Values, vectors: Values, families: Labels | None = None) -> Fit | None:
    """The line through the variances across runs, at ``x`` (rounds,), of ``vectors`` (runs, rounds, dimensions)."""
    return fit(x, vectors, variance_across, families)


def mean_across(values: Values) -> Values:
    """(rounds,) mean over runs of ``values`` (runs, rounds)."""
    return np.asarray(values.mean(axis=0))


def variance_across(vectors: Values) -> Values:
    """(rounds,) variance across runs of ``vectors`` (runs, rounds, dimensions), unbiased, mean over dimensions."""
    return np.asarray(vectors.var(axis=0, ddof=1).mean(axis=1))


def fit(x: Values, values: Values, series: Callable[[Values], Values], families: Labels | None = None) -> Fit | None:
    """The line through the (rounds,) ``series`` of ``values`` (runs, rounds, …), and its interval over families."""
    runs, rounds = values.shape[:2]
    if rounds < MIN_ROUNDS or (series is variance_across and runs < 2):
        return None
    labels = np.arange(runs).astype(str) if families is None else families
    whole, intercept, r2, p = line(x, series(values))
    found = over_families(lambda part: slope(x, series(values[part])), labels)
    return Fit(whole, intercept, r2, p, found.low, found.high, found.p, rounds, runs, found.families)
