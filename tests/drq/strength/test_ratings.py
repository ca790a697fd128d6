from __future__ import annotations

import csv
import os
from collections import defaultdict
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
import statsmodels.api as sm
from numpy.typing import NDArray
from scipy.optimize import brentq

from drq.strength.ratings import SCALE, Rating, fit_elo

CORPUS = Path(os.environ.get("REDCODE_CORPUS", "no corpus"))
NOBODY = np.empty(0, dtype=np.int64)


def fitted(pairs: NDArray[np.int64], shares: NDArray[np.float64], battles: int, count: int) -> list[Rating]:
    return fit_elo(pairs, shares, battles, count, {}, np.arange(count))


def test_the_american_league_of_1987() -> None:
    """Agresti 2002, Categorical Data Analysis, §10.6.1: wins of the row's team over the column's, and the fit."""
    wins = np.array(
        [
            [0, 7, 9, 7, 7, 9, 11],
            [6, 0, 7, 5, 11, 9, 9],
            [4, 6, 0, 7, 7, 8, 12],
            [6, 8, 6, 0, 6, 7, 10],
            [6, 2, 6, 7, 0, 7, 12],
            [4, 4, 5, 6, 6, 0, 6],
            [2, 4, 1, 3, 1, 7, 0],
        ]
    )
    published = [1.58, 1.44, 1.29, 1.25, 1.11, 0.68, 0.0]  # log odds beside Baltimore
    pairs = np.array(list(combinations(range(7), 2)))
    assert (wins + wins.T)[*pairs.T].tolist() == [13] * len(pairs)
    shares = wins[*pairs.T] / 13
    found = np.array([rating.elo for rating in fitted(pairs, shares, 13_000, 7)]) / SCALE
    assert found - found[-1] == pytest.approx(published, abs=0.006)
    assert found.mean() == pytest.approx(0)


def by_statsmodels(
    pairs: NDArray[np.int64], shares: NDArray[np.float64], battles: int, count: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Log odds and their standard errors: the same model, the tied battle of each as one row more."""
    design = np.zeros((len(pairs) + count, count))
    rows = np.arange(len(pairs))
    design[rows, pairs[:, 0]], design[rows, pairs[:, 1]] = 1, -1
    design[len(pairs) + np.arange(count), np.arange(count)] = 1
    weights = np.append(np.full(len(pairs), battles), np.ones(count))
    model = sm.GLM(np.append(shares, np.full(count, 0.5)), design, sm.families.Binomial(), var_weights=weights)
    fit = model.fit(scale=1.0, tol=1e-12)
    expected = fit.mu[: len(pairs)]
    pearson = np.sum(battles * (shares - expected) ** 2 / (expected * (1 - expected))) / (len(pairs) - count)
    contrast = np.eye(count) - 1 / count
    covariance = contrast @ (fit.cov_params() * max(1.0, pearson)) @ contrast.T
    return contrast @ fit.params, np.sqrt(np.diag(covariance))


@pytest.mark.skipif(not CORPUS.is_dir(), reason="expected REDCODE_CORPUS to name the corpus of warriors")
def test_recorded_battles_are_rated_as_statsmodels_rates_them() -> None:
    points: dict[tuple[str, str], list[float]] = defaultdict(list)
    with (CORPUS / "battles.csv").open() as table:
        for row in csv.DictReader(table):
            if row["set"] == "nano" and row["rounds"] == "10" and row["warrior_1"] != row["warrior_2"]:
                points[row["warrior_1"], row["warrior_2"]].append((int(row["wins_1"]) + int(row["ties_1"]) / 2) / 10)
    names = sorted({name for pair in points for name in pair})
    pairs = np.array([[names.index(one), names.index(other)] for one, other in points])
    shares = np.array([np.mean(shares) for shares in points.values()])
    assert len(pairs) > 200
    ours = fitted(pairs, shares, 10, len(names))
    odds, errors = by_statsmodels(pairs, shares, 10, len(names))
    assert [rating.elo for rating in ours] == pytest.approx(odds * SCALE, abs=1e-4)
    halves = [(rating.interval.high - rating.interval.low) / 2 for rating in ours if rating.interval]
    assert halves == pytest.approx(1.959964 * errors * SCALE, rel=1e-4)


@pytest.mark.parametrize("suits", [0.0, 0.4])
def test_intervals_hold_the_truth(suits: float) -> None:
    """Simulated hills with ties; ``suits``: how far a pair's odds are from what the two ratings say."""
    rng = np.random.default_rng(7)
    pairs = np.array(list(combinations(range(12), 2)))
    held = total = 0
    for _ in range(80):
        truth = rng.normal(0, 0.7, 12)
        truth -= truth.mean()
        log_odds = truth[pairs[:, 0]] - truth[pairs[:, 1]] + rng.normal(0, suits, len(pairs))
        chance = 1 / (1 + np.exp(-log_odds))
        ties = 0.4 * np.minimum(chance, 1 - chance)
        drawn = [rng.multinomial(40, [p - t / 2, t, 1 - p - t / 2]) for p, t in zip(chance, ties, strict=True)]
        shares = np.array([(won + tied / 2) / 40 for won, tied, _ in drawn])
        for true, rating in zip(truth, fitted(pairs, shares, 40, 12), strict=True):
            assert rating.interval is not None
            held += rating.interval.low <= true * SCALE <= rating.interval.high
            total += 1
    assert 0.925 < held / total < 0.99


def test_beside_given_ratings_the_expected_score_is_the_score() -> None:
    """Elo's formula solved by scipy, for a warrior that fought opponents whose ratings are known."""
    given = {1: 1500.0, 2: 1900.0, 3: 1620.0}
    shares = np.array([0.9, 0.3, 0.7])
    found = fit_elo(np.array([[0, 1], [0, 2], [0, 3]]), shares, 200, 4, given, NOBODY)

    def surplus(elo: float) -> float:
        expected = [1 / (1 + 10 ** ((other - elo) / 400)) for other in given.values()]
        tied = 0.5 - 1 / (1 + 10 ** ((np.mean(list(given.values())) - elo) / 400))
        return float(200 * np.sum(shares - expected) + tied)

    assert found[0].elo == pytest.approx(brentq(surplus, 0, 3000), abs=1e-3)
    assert [rating.elo for rating in found[1:]] == pytest.approx(list(given.values()))
    assert [rating.interval is None for rating in found] == [False, True, True, True]


def test_who_always_wins_has_a_rating_and_more_battles_raise_it() -> None:
    few, many = (fitted(np.array([[0, 1]]), np.array([1.0]), battles, 2) for battles in (10, 1000))
    assert 0 < few[0].elo < many[0].elo < 4000
    for found in (few, many):
        assert found[0].elo == pytest.approx(-found[1].elo)
        assert found[0].interval and found[0].interval.low < found[0].elo < found[0].interval.high
