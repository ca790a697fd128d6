"""Whether a warrior's code tells how general it is (Kumar 2026, fig. 9)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import RidgeCV
from sklearn.metrics import r2_score
from sklearn.model_selection import GroupKFold

from drq.analysis.study import Study
from drq.embeddings.ngrams import CodeNgrams

FOLDS = 5
MIN_GROUPS = 3
ALPHAS = tuple(float(alpha) for alpha in 10.0 ** np.arange(-3, 4))
RESAMPLES = 1000


@dataclass(frozen=True)
class Probe:
    """Ridge regression from embedding to generality, tested on families that it has not seen."""

    actual: NDArray[np.float64]
    """(warriors,) generality, 0 to 1."""
    predicted: NDArray[np.float64]
    """(warriors,) by the fold that did not see the warrior's family."""
    family: NDArray[np.int64]
    """(warriors,) which family."""
    r2: float
    """Test R² over all folds; 0 is what the mean of all gives, below 0 is worse."""
    low: float
    """95 % bootstrap interval of it over families."""
    high: float
    folds: int


def probe(study: Study, seed: int = 0) -> Probe | None:
    """Cross-validated over families, each code once; None with fewer than three families or where all are alike.

    A family is all runs of one starter and seed, in every group: runs of K = 1 and K = all share their first champions,
    so grouping by run alone would test on what was trained on.
    """
    rows = _distinct(study)
    y = study.champions["generality"].to_numpy()[rows]
    families = np.unique(study.champions["family"].to_numpy()[rows], return_inverse=True)[1]
    count = int(families.max()) + 1
    if count < MIN_GROUPS or np.ptp(y) == 0:
        return None
    x, folds, predicted = study.genotypes[rows], min(FOLDS, count), np.empty_like(y)
    for train, test in GroupKFold(folds).split(x, y, families):
        predicted[test] = RidgeCV(ALPHAS).fit(x[train], y[train]).predict(x[test])
    rng = np.random.default_rng(seed)
    draws = []
    members = [np.flatnonzero(families == family) for family in range(count)]
    for _ in range(RESAMPLES):
        chosen = np.concatenate([members[i] for i in rng.integers(count, size=count)])
        if np.ptp(y[chosen]) > 0:
            draws.append(r2_score(y[chosen], predicted[chosen]))
    low, high = np.percentile(draws, (2.5, 97.5))
    return Probe(y, predicted, families, float(r2_score(y, predicted)), float(low), float(high), folds)


def weights(study: Study, count: int = 10) -> list[tuple[str, float]] | None:
    """The n-gram features that speak most for and against generality, with their weight in a fit to all champions.

    None unless the study's embedding is the n-grams, whose dimensions have names.
    """
    ngrams = CodeNgrams()
    if study.embedding != ngrams.name:
        return None
    rows = _distinct(study)
    fitted = RidgeCV(ALPHAS).fit(study.genotypes[rows], study.champions["generality"].to_numpy()[rows])
    order = np.argsort(fitted.coef_)
    chosen = [*order[::-1][:count], *order[:count][::-1]]
    return [(ngrams.features[i], float(fitted.coef_[i])) for i in chosen if fitted.coef_[i] != 0]


def _distinct(study: Study) -> NDArray[np.int64]:
    """Positions of the first champion of each code."""
    return np.flatnonzero(~study.champions["digest"].duplicated().to_numpy())
