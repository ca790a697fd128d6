"""Elo ratings from battles: the model of Bradley and Terry (1952)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from drq.measurements.intervals import Z_95, Interval

SCALE = 400 / np.log(10)
"""Elo points per unit of log odds: 400 points are odds of ten to one (Elo 1978)."""
STEPS, CLOSE = 100, 1e-9


@dataclass(frozen=True)
class Rating:
    """How strong a warrior is; the expected share of points against another is 1 / (1 + 10^(-difference / 400))."""

    elo: float
    interval: Interval | None
    """None where the rating was given."""


def fit_elo(
    pairs: NDArray[np.int64],
    shares: NDArray[np.float64],
    battles: int,
    count: int,
    given: Mapping[int, float],
    centre: NDArray[np.int64],
) -> list[Rating]:
    """Ratings of ``count`` warriors by maximum likelihood, ties as half a win.

    ``pairs``: (pairs, 2) warriors. ``shares``: (pairs,) how much of its ``battles`` the first won, 0 to 1. Ratings in
    ``given`` stay as they are; without any, the mean rating of the warriors in ``centre`` is 0. Everybody else has one
    tied battle more, with an imaginary warrior of the mean given rating, or of 0: so a warrior that wins every battle
    has a rating too.

    Intervals are those of quasi-likelihood (McCullagh and Nelder 1989, §9): the variance of the binomial times how much
    more the pairs scatter around the model, as they do where one warrior suits another more than their ratings say.
    """
    fixed = np.array(sorted(given), dtype=np.int64)
    free = np.setdiff1d(np.arange(count), fixed)
    middle = np.mean(list(given.values())) / SCALE if given else 0.0
    ratings = np.full(count, middle)
    ratings[fixed] = [given[i] / SCALE for i in fixed]
    counted = ~np.isin(pairs, fixed).all(axis=1)
    (one, other), shares = pairs[counted].T, shares[counted]
    for _ in range(STEPS):
        expected = _chance(ratings[one] - ratings[other])
        slope, curve = _tied_once(ratings - middle)
        np.add.at(slope, one, battles * (shares - expected))
        np.add.at(slope, other, battles * (expected - shares))
        weight = battles * expected * (1 - expected)
        for i, j, sign in ((one, one, 1), (other, other, 1), (one, other, -1), (other, one, -1)):
            np.add.at(curve, (i, j), sign * weight)
        covariance = np.linalg.inv(curve[np.ix_(free, free)])
        step = covariance @ slope[free]
        ratings[free] += step * min(1.0, 2 / max(np.abs(step).max(initial=0), 2))
        if np.abs(step).max(initial=0) < CLOSE:
            break
    excess = np.sum((battles * (shares - expected)) ** 2 / weight) / max(1, len(shares) - len(free))
    whole = np.zeros((count, count))
    whole[np.ix_(free, free)] = covariance * max(1.0, excess)
    if not given:
        ratings = ratings - ratings[centre].mean()
        contrast = np.eye(count)
        contrast[:, centre] -= 1 / len(centre)
        whole = contrast @ whole @ contrast.T
    half = Z_95 * np.sqrt(np.diag(whole))
    return [
        Rating(SCALE * r, None if i in given else Interval(SCALE * (r - h), SCALE * (r + h)))
        for i, (r, h) in enumerate(zip(ratings.tolist(), half.tolist(), strict=True))
    ]


def _chance(difference: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-np.clip(difference, -30, 30))))  # further off, the weight of a battle is 0


def _tied_once(ahead: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Slope and curvature of the likelihood of one tied battle each, ``ahead`` of the other by so much."""
    chance = _chance(ahead)
    return 0.5 - chance, np.diag(chance * (1 - chance))
