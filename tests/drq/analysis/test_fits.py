"""Fits on data whose truth is known, and against scipy and statsmodels."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests

from drq.analysis.fits import MIN_ROUNDS, fit_mean, fit_variance, holm, jackknife, line, slope, variance_across

X = np.log(np.arange(1, 11))


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


@given(st.lists(st.floats(-100, 100), min_size=5, max_size=20).filter(lambda y: np.ptp(y) > 1e-3))
def test_a_line_is_that_of_statsmodels(values: list[float]) -> None:
    x, y = np.log(np.arange(1, len(values) + 1)), np.array(values)
    theirs = sm.OLS(y, sm.add_constant(x)).fit()
    found, intercept, r2, p = line(x, y)
    assert [intercept, found] == pytest.approx(theirs.params, rel=1e-6, abs=1e-6)
    assert slope(x, y) == pytest.approx(theirs.params[1], rel=1e-6, abs=1e-6)
    assert (r2, p) == pytest.approx((theirs.rsquared, theirs.pvalues[1]), rel=1e-5, abs=1e-7)


def test_a_constant_has_no_slope_and_nothing_to_explain() -> None:
    assert line(X, np.full(10, 0.5)) == (0.0, 0.5, 0.0, 1.0)


def test_a_known_slope_is_found() -> None:
    values = 0.5 + 0.035 * X + rng().normal(0, 0.02, size=(40, 10))
    fit = fit_mean(X, values)
    assert fit is not None
    assert fit.slope == pytest.approx(0.035, abs=0.005) and fit.low < 0.035 < fit.high
    assert fit.p < 1e-4 and fit.p_runs < 1e-4 and fit.r2 > 0.9 and (fit.runs, fit.rounds) == (40, 10)


def test_the_mean_of_the_runs_slopes_is_the_slope_of_their_means() -> None:
    values = rng(3).normal(size=(7, 10))
    fit = fit_mean(X, values)
    assert fit is not None and fit.slope == pytest.approx(np.mean([line(X, row)[0] for row in values]))
    assert fit.p_runs == pytest.approx(stats.ttest_1samp([line(X, row)[0] for row in values], 0).pvalue)


def test_a_flat_truth_gives_uniform_p() -> None:
    """Independent noise: both tests are right, each p as likely as any other."""
    draws = [fit_mean(X, rng(seed).normal(size=(8, 10))) for seed in range(300)]
    for name in ("p", "p_runs"):
        values = [getattr(fit, name) for fit in draws]
        assert stats.kstest(values, "uniform").pvalue > 0.01, name


def test_drifting_runs_fool_the_papers_test_but_not_that_over_runs() -> None:
    """Random walks have no trend, but rounds that are not independent: p over rounds is far too small too often."""
    draws = [fit_mean(X, rng(seed).normal(size=(8, 10)).cumsum(axis=1)) for seed in range(300)]
    false_alarms = np.mean([fit.p < 0.05 for fit in draws if fit])
    honest = np.mean([fit.p_runs < 0.05 for fit in draws if fit])
    assert false_alarms > 0.3 and honest < 0.1


@pytest.mark.parametrize("runs", [4, 8, 16])
def test_intervals_hold_the_truth_as_often_as_they_say(runs: int) -> None:
    """Also of drifting runs, and of a variance whose dimensions move together."""
    means, variances = [], []
    for seed in range(300):
        noise = rng(seed).normal(size=(runs, 10, 19))
        means.append(fit_mean(X, 0.1 * X + noise[:, :, 0].cumsum(axis=1)))
        variances.append(fit_variance(X, noise[:, :, :1] + 0.3 * noise[:, :, 1:]))
    assert 0.92 < np.mean([fit.low <= 0.1 <= fit.high for fit in means if fit]) < 0.98
    assert 0.92 < np.mean([fit.low <= 0 <= fit.high for fit in variances if fit]) < 0.995


def test_the_interval_of_a_mean_is_students_over_runs() -> None:
    """So it leaves out 0 just when p_runs is below 0.05."""
    for seed in range(50):
        values = 0.3 * X + rng(seed).normal(size=(6, 10))
        fit, slopes = fit_mean(X, values), [line(X, row)[0] for row in values]
        expected = stats.t.interval(0.95, 5, np.mean(slopes), stats.sem(slopes))
        assert fit is not None and (fit.low, fit.high) == pytest.approx(expected)
        assert (fit.low > 0 or fit.high < 0) == (fit.p_runs < 0.05)


@pytest.mark.parametrize("value", [0.1, 1 / 3, 1e-17, 0.0])
def test_what_does_not_change_has_no_sure_slope(value: float) -> None:
    """Rounding alone must not make a trend."""
    values = value + np.zeros((7, 10)) + rng().choice([-1e-17, 0, 1e-17], size=(7, 10))
    fit = fit_mean(X, values)
    assert fit is not None and (fit.slope, fit.low, fit.high, fit.p, fit.p_runs) == (0, 0, 0, 1, 1)
    vectors = np.repeat(rng().normal(size=(1, 10, 5)), 7, axis=0)
    fit = fit_variance(X, vectors)
    assert fit is not None and (fit.slope, fit.low, fit.high) == (0, 0, 0)


def test_variance_is_the_unbiased_one() -> None:
    vectors = rng().normal(size=(6, 4, 3))
    expected = [np.mean([np.var(vectors[:, t, d], ddof=1) for d in range(3)]) for t in range(4)]
    assert variance_across(vectors) == pytest.approx(expected)


def test_a_falling_variance_is_found_with_its_slope() -> None:
    spread = np.sqrt(0.3 - 0.1 * X)
    vectors = rng().normal(size=(60, 10, 40)) * spread[None, :, None]
    fit = fit_variance(X, vectors)
    assert fit is not None
    assert fit.slope == pytest.approx(-0.1, abs=0.01) and fit.low < -0.1 < fit.high < 0 and fit.p_runs < 1e-6
    assert fit.slope == pytest.approx(line(X, variance_across(vectors))[0])


def test_a_constant_variance_has_no_slope_even_with_few_runs() -> None:
    fits = [fit for seed in range(100) if (fit := fit_variance(X, rng(seed).normal(size=(6, 10, 30))))]
    assert abs(np.mean([fit.low + fit.high for fit in fits])) < 0.02
    assert np.mean([fit.intercept + fit.slope * X.mean() for fit in fits]) == pytest.approx(1, abs=0.03)


@pytest.mark.parametrize("rounds", range(2, MIN_ROUNDS))
def test_too_few_rounds_give_no_number(rounds: int) -> None:
    assert fit_mean(X[:rounds], np.ones((5, rounds))) is None
    assert fit_variance(X[:rounds], np.ones((5, rounds, 2))) is None


def test_few_runs_give_a_line_without_an_interval() -> None:
    fit = fit_mean(X, rng().normal(size=(2, 10)))
    assert fit is not None and np.isfinite(fit.p) and np.isnan(fit.low) and np.isnan(fit.p_runs)
    assert fit_variance(X, np.ones((1, 10, 3))) is None


@pytest.mark.parametrize(("values", "p"), [([0, 0, 0], 1.0), ([2, 2, 2], 0.0)])
def test_values_that_do_not_vary_have_a_p_all_the_same(values: list[float], p: float) -> None:
    mean = np.mean(values)
    found = jackknife(float(mean), (3 * mean - np.array(values, dtype=float)) / 2)
    assert (found.p, found.low, found.high) == (p, mean, mean)


def seeds_of_starters(seed: int, slope: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """(runs, 10) values of 8 starters with 1 to 5 seeds each: what a starter does, all its seeds do."""
    draw = rng(seed)
    families = np.repeat(np.arange(8), draw.integers(1, 6, 8)).astype(str)
    common = draw.normal(size=(8, 1)) * X
    return slope * X + common[families.astype(int)] + 0.5 * draw.normal(size=(len(families), 10)), families


def test_seeds_of_one_starter_are_no_families_of_their_own() -> None:
    """A trend that belongs to each starter is no trend of all: runs as independent would find one far too often."""
    draws = [(values, families) for values, families in map(seeds_of_starters, range(150))]
    nested = [fit_mean(X, values, families) for values, families in draws]
    alone = [fit_mean(X, values) for values, _ in draws]
    assert np.mean([fit.p_runs < 0.05 for fit in nested if fit]) < 0.1
    assert np.mean([fit.p_runs < 0.05 for fit in alone if fit]) > 0.15
    assert all(
        fit.families == 8 and fit.runs == len(values) for fit, (values, _) in zip(nested, draws, strict=True) if fit
    )


def test_an_interval_over_families_holds_a_known_slope() -> None:
    fits = [fit_mean(X, *seeds_of_starters(seed, 0.7)) for seed in range(150)]
    assert 0.9 < np.mean([fit.low <= 0.7 <= fit.high for fit in fits if fit]) < 0.98


def test_the_p_and_the_interval_of_a_variance_agree() -> None:
    draws = [fit_variance(X, rng(seed).normal(size=(8, 10, 6))) for seed in range(150)]
    assert all((fit.low > 0 or fit.high < 0) == (fit.p_runs < 0.05) for fit in draws if fit)
    assert 0.01 < np.mean([fit.p_runs < 0.05 for fit in draws if fit]) < 0.09


@pytest.fixture
def frozen() -> Iterator[None]:
    """All objects so far are left out of collections, because statsmodels collects the garbage in every call."""
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("frozen")
@settings(max_examples=30)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holm_is_that_of_statsmodels(p: list[float]) -> None:
    given = np.array([np.nan, *p])
    assert holm(given)[1:] == pytest.approx(multipletests(p, method="holm")[1]) and np.isnan(holm(given)[0])


def test_of_twenty_sets_without_an_effect_one_has_a_false_alarm() -> None:
    draws = rng().uniform(size=(2000, 12))
    assert np.mean([holm(p).min() < 0.05 for p in draws]) == pytest.approx(0.05, abs=0.015)
    assert np.mean([p.min() < 0.05 for p in draws]) > 0.4
