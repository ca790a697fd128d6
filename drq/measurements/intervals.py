"""95 % intervals: how far a measured share or mean may be from the truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Z_95 = 1.959963984540054
"""The normal distribution's 97.5 % point."""
RESAMPLES = 1000


@dataclass(frozen=True)
class Interval:
    """Both ends of an interval that holds the truth in 95 of 100 experiments like this one."""

    low: float
    high: float


def wilson(successes: ArrayLike, trials: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Ends of the interval of a share (Wilson 1927): of any one shape, 0 to 1; NaN where ``trials`` is 0.

    For all rounding the share is never outside: without a success the low end is 0, without a failure the high one 1.
    """
    k, n = np.asarray(successes, dtype=np.float64), np.asarray(trials, dtype=np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = k / n
        middle = (share + Z_95**2 / (2 * n)) / (1 + Z_95**2 / n)
        half = Z_95 / (1 + Z_95**2 / n) * np.sqrt(share * (1 - share) / n + Z_95**2 / (4 * n**2))
    return np.clip(np.minimum(middle - half, share), 0, 1), np.clip(np.maximum(middle + half, share), 0, 1)


def wilson_interval(successes: int, trials: int) -> Interval:
    """The same for one share."""
    low, high = wilson(successes, trials)
    return Interval(float(low), float(high))


def bootstrap_means(
    values: NDArray[np.float64], rng: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Percentile intervals of means (Efron 1979): (rows, n) values to the low and the high end of each row's mean.

    All rows are resampled alike, for their columns are the same placements. For all rounding ``values.mean(axis=1)`` is
    never outside.
    """
    n = values.shape[1]
    counts = rng.multinomial(n, np.full(n, 1 / n), size=RESAMPLES)
    means = np.clip(values @ counts.T / n, values.min(axis=1, keepdims=True), values.max(axis=1, keepdims=True))
    low, high = np.percentile(means, (2.5, 97.5), axis=1)
    mean = values.mean(axis=1)
    return np.minimum(low, mean), np.maximum(high, mean)
