"""95 % intervals: how far a measured share or mean may be from the truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from drq.student import t_quantile

Z_95 = 1.959963984540054
"""The normal distribution's 97.5 % point."""


@dataclass(frozen=True)
class Interval:
    """Both ends of an interval that holds the truth in 95 of 100 experiments like this one."""

    low: float
    high: float


def wilson(successes: ArrayLike, trials: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Ends of the interval of a share (Wilson 1927): of any one shape, 0 to 1; NaN where ``trials`` is 0.

    Rounding never puts the share outside: without a success the low end is 0, without a failure the high one is 1.
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


UNSEEN = 1.0
"""For means over placements: as if one outcome at the far end of the range had been missed."""
UNSEEN_OPPONENT = 1 / 50
"""For means over opponents, of which a few stand for all."""


def mean_interval(
    mean: ArrayLike, spread: ArrayLike, count: int, highest: float, unseen: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Ends of the interval of the mean of ``count`` values between 0 and ``highest``; both ends where count is 1.

    ``mean`` and ``spread`` (standard deviation) are of any one shape. This is Wilson's interval, with Student's t, for
    as many yes-or-no trials as would give the mean this variance: count · m (1 - m) / v of values scaled to 0 … 1,
    where m (1 - m) is the most that their variance can be (Bhatia and Davis 2000). The variance is raised by
    ``unseen`` · d² / count, where d is how far the mean is from the farther end: values that happen to be all alike
    do not show that no other is possible. Tests find the truth in 93 to 97 % of intervals over 3 and more values, and
    in at least 91 % where nearly all values are at one end.
    """
    m, v = np.asarray(mean, dtype=np.float64) / highest, (np.asarray(spread, dtype=np.float64) / highest) ** 2
    if count < 2:
        return np.zeros_like(m), np.full_like(m, highest)
    v = v + unseen * np.maximum(m, 1 - m) ** 2 / count
    most = m * (1 - m) * count / (count - 1)
    trials = count / np.where(most > v, v / np.where(most > v, most, 1), 1)
    low, high = _wilson_t(m, trials, count - 1)
    return highest * low, highest * high


def wilson_t(share: float, trials: float, freedom: int) -> Interval:
    """Wilson's interval of a share of so many independent trials, not a whole number, whose variance is estimated.

    Student's t with ``freedom`` degrees takes the place of the normal distribution.
    """
    low, high = _wilson_t(np.float64(share), np.float64(trials), freedom)
    return Interval(float(low), float(high))


def _wilson_t(m: Any, trials: Any, freedom: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    square = t_quantile(0.975, freedom) ** 2
    middle = (m + square / (2 * trials)) / (1 + square / trials)
    half = np.sqrt(square * m * (1 - m) / trials + (square / trials) ** 2 / 4) / (1 + square / trials)
    return np.clip(np.minimum(middle - half, m), 0, 1), np.clip(np.maximum(middle + half, m), 0, 1)


def mean_over_opponents(values: Sequence[float], highest: float) -> Interval:
    """The interval of a mean over opponents, each with a value between 0 and ``highest``."""
    spread = float(np.std(values, ddof=1)) if len(values) > 1 else 0.0
    low, high = mean_interval(np.mean(values), spread, len(values), highest, UNSEEN_OPPONENT)
    return Interval(float(low), float(high))
