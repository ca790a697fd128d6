"""Whether a warrior's code tells how general it is (Kumar 2026, fig. 9)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.linear_model import Ridge
from sklearn.metrics import r2_score
from sklearn.model_selection import GridSearchCV, GroupKFold
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from drq.analysis.fits import jackknife
from drq.analysis.study import Study
from drq.measurements.embeddings.ngrams import CodeNgrams

FOLDS = 5
MIN_GROUPS = 3
FEATURES = 10
"""Shown of each sign."""
ALPHAS = tuple(float(alpha) for alpha in 10.0 ** np.arange(-3, 5))
"""Strengths to choose from: with the last, next to nothing of the code is heeded."""


@dataclass(frozen=True)
class Probe:
    """Ridge regression from embedding to generality, tested on families that it has not seen."""

    actual: NDArray[np.float64]
    """(warriors,) generality, 0 to 1."""
    predicted: NDArray[np.float64]
    """(warriors,) by the fold that did not see the warrior's family."""
    rows: NDArray[np.int64]
    """(warriors,) their positions in ``Study.champions``."""
    r2: float
    """Test R² over all folds; below 0 is worse than if the mean of all were known and told each time."""
    low: float
    """95 % interval of it over families (``drq.analysis.fits.jackknife``)."""
    high: float
    mean_r2: float
    """Of telling for every warrior the mean of those that the fold was fitted to: what a probe must beat."""
    folds: int

    @property
    def tells(self) -> bool:
        """Whether code says more of generality than the mean does, as far as these champions show."""
        return self.low > 0


def probe(study: Study) -> Probe | None:
    """``cross_validated`` for the champions of a study, each code once."""
    rows = distinct(study.champions)
    champions = study.champions.iloc[rows]
    return cross_validated(study.genotypes[rows], champions["generality"], champions["family"], rows)


def cross_validated(
    x: NDArray[np.float64], generality: pd.Series[float], family: pd.Series[str], rows: NDArray[np.int64]
) -> Probe | None:
    """Cross-validated over families; None with fewer than three families or where all are alike.

    ``x``: (warriors, dimensions) embedding of each. A family is all runs of one starter, in every group and with every
    seed: runs of K = 1 and K = all share their first champions, so grouping by run alone would test on what was trained
    on. The strength of the ridge is chosen within each fold, over families again: chosen over single warriors, it would
    be the one that tells relatives best. The interval leaves each family out in turn and fits all anew without it.
    """
    y = np.asarray(generality, dtype=np.float64)
    families = np.unique(family.to_numpy(), return_inverse=True)[1]
    count = int(families.max()) + 1
    if count < MIN_GROUPS or np.ptp(y) == 0:
        return None
    x = _compact(x)
    predicted, means = _predicted(x, y, families)
    without = np.full(count, np.nan)  # of three families two are left, and one to fit to is too few
    for left_out in range(count if count > MIN_GROUPS else 0):
        rest = families != left_out
        without[left_out] = r2_score(y[rest], _predicted(x[rest], y[rest], families[rest])[0])
    r2 = jackknife(float(r2_score(y, predicted)), without)
    return Probe(y, predicted, rows, r2.value, r2.low, r2.high, float(r2_score(y, means)), min(FOLDS, count))


def _compact(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """(warriors, rank) the same points on fewer axes: ridge regression gives the same on any, sooner on fewer."""
    u, scales, _ = np.linalg.svd(x - x.mean(axis=0), full_matrices=False)
    rank = max(1, int((scales > 1e-10 * scales[0]).sum()))
    return np.asarray(u[:, :rank] * scales[:rank])


def _predicted(
    x: NDArray[np.float64], y: NDArray[np.float64], families: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(warriors,) what a fit to other families says of each, and what their mean says."""
    predicted, means = np.empty((2, len(y)))
    for train, test in GroupKFold(min(FOLDS, len(np.unique(families)))).split(x, y, families):
        predicted[test] = _fitted(x[train], y[train], families[train]).predict(x[test])
        means[test] = y[train].mean()
    return predicted, means


def _fitted(x: NDArray[np.float64], y: NDArray[np.float64], families: NDArray[np.int64]) -> GridSearchCV:
    """A ridge regression with the strength that tells families left out best."""
    folds = GroupKFold(min(FOLDS, len(np.unique(families))))
    search = GridSearchCV(Ridge(), {"alpha": ALPHAS}, cv=folds, scoring="neg_mean_squared_error")
    with threadpool_limits(1):  # many small fits: threads would wait for each other ten times longer than they work
        return search.fit(x, y, groups=families)


def weights(study: Study) -> list[tuple[str, float]] | None:
    """The n-gram features that speak most for and against generality, with their weight in a fit to all champions.

    None unless the study's embedding is the n-grams, whose dimensions have names, and where there is one family only.
    """
    ngrams = CodeNgrams()
    if study.embedding != ngrams.name:
        return None
    rows = distinct(study.champions)
    champions = study.champions.iloc[rows]
    families = np.unique(champions["family"], return_inverse=True)[1]
    if families.max() == 0:
        return None
    fitted = _fitted(study.genotypes[rows], champions["generality"].to_numpy(), families).best_estimator_
    order = np.argsort(fitted.coef_)
    chosen = [*order[::-1][:FEATURES], *order[:FEATURES][::-1]]
    return [(ngrams.features[i], float(fitted.coef_[i])) for i in chosen if fitted.coef_[i] != 0]


def distinct(champions: pd.DataFrame) -> NDArray[np.int64]:
    """Positions of the first champion of each code."""
    return np.flatnonzero(~champions["digest"].duplicated().to_numpy())
