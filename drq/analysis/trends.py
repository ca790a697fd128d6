"""The four trends over rounds (Kumar 2026, fig. 3): generality, phenotype variance and change, genotype variance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from drq.analysis.fits import Fit, fit_mean, fit_variance, variance_across
from drq.analysis.study import Study

QUANTITIES = {
    "generality": "Share of held-out warriors defeated or tied",
    "phenotype_variance": "Phenotype variance across runs",
    "phenotype_change": "Phenotype change between rounds",
    "genotype_variance": "Genotype variance across runs",
}
"""Name and meaning of each. Change is the mean over opponents of the squared difference of a champion's fitness from
that of the champion before it; variances are means over opponents, or over an embedding's dimensions."""


@dataclass(frozen=True)
class Trend:
    """One quantity of one group over rounds."""

    group: str
    quantity: str
    round: NDArray[np.int64]
    """(rounds,) counted from 0."""
    mean: NDArray[np.float64]
    """(rounds,) mean over runs, or variance across runs."""
    by_run: NDArray[np.float64] | None
    """(runs, rounds) each run's value; None for a variance across runs."""
    fit: Fit | None
    """Against ln t, for genotype variance against t, as in Kumar 2026, where t is round + 1; None with too few."""
    why: str
    """Why there is no fit; empty where there is one."""

    @property
    def x(self) -> NDArray[np.float64]:
        """(rounds,) what the line is fitted against."""
        return against(self.quantity, self.round)


def against(quantity: str, round: NDArray[np.int64] | NDArray[np.float64]) -> NDArray[np.float64]:
    """Ln t of (n,) rounds, but t itself for genotype variance, as in Kumar 2026, where t is round + 1."""
    t = np.asarray(round, dtype=np.float64) + 1
    return t if quantity == "genotype_variance" else np.asarray(np.log(t))


def trends(study: Study) -> list[Trend]:
    """Every quantity of every group, over the runs that have all their rounds."""
    found = []
    for group in study.groups:
        rows = _rows(study, group)
        if not len(rows):
            continue
        for quantity in QUANTITIES:
            found.append(_MAKERS[quantity](study, group, rows))
    return found


def trend_table(found: list[Trend]) -> pd.DataFrame:
    """A row a trend: first and last value, and the fit or why there is none."""
    return pd.DataFrame(
        [
            {
                "group": trend.group,
                "quantity": trend.quantity,
                "against": "t" if trend.quantity == "genotype_variance" else "ln t",
                "rounds": len(trend.round),
                "first": trend.mean[0] if len(trend.mean) else np.nan,
                "last": trend.mean[-1] if len(trend.mean) else np.nan,
                **_fit_columns(trend.fit),
                "note": trend.why,
            }
            for trend in found
        ]
    )


def trend_values(found: list[Trend]) -> pd.DataFrame:
    """A row a trend and round: the value that the figures draw."""
    return pd.DataFrame(
        [
            {"group": trend.group, "quantity": trend.quantity, "round": int(round), "value": value}
            for trend in found
            for round, value in zip(trend.round, trend.mean, strict=True)
        ]
    )


def _fit_columns(fit: Fit | None) -> dict[str, float]:
    names = ("slope", "low", "high", "r2", "p", "p_runs", "runs")
    return {name: np.nan if fit is None else getattr(fit, name) for name in names}


def _rows(study: Study, group: str) -> NDArray[np.int64]:
    """(runs, rounds) positions in ``study.champions`` of the group's complete runs, which are equally long."""
    members = [i for i, run in enumerate(study.runs) if run.group == group and run.complete]
    return np.array([study.rows_of(i) for i in members])


def _generality(study: Study, group: str, rows: NDArray[np.int64]) -> Trend:
    values = study.champions["generality"].to_numpy()[rows]
    return _mean_trend("generality", group, values, np.arange(rows.shape[1]))


def _change(study: Study, group: str, rows: NDArray[np.int64]) -> Trend:
    values = (np.diff(study.phenotypes[rows], axis=1) ** 2).mean(axis=2)
    return _mean_trend("phenotype_change", group, values, np.arange(1, rows.shape[1]))


def _mean_trend(quantity: str, group: str, values: NDArray[np.float64], round: NDArray[np.int64]) -> Trend:
    fit = fit_mean(against(quantity, round), values)
    why = "" if fit else f"too few rounds for a line: {len(round)}"
    return Trend(group, quantity, round, values.mean(axis=0), values, fit, why)


def _variance(quantity: str, vectors_of: Callable[[Study], NDArray[np.float64]]) -> Callable[..., Trend]:
    def make(study: Study, group: str, rows: NDArray[np.int64]) -> Trend:
        vectors, round = vectors_of(study)[rows], np.arange(rows.shape[1])
        if len(rows) < 2:
            return Trend(group, quantity, round[:0], np.array([]), None, None, "one run has no variance across runs")
        fit = fit_variance(against(quantity, round), vectors)
        why = "" if fit else f"too few rounds for a line: {len(round)}"
        return Trend(group, quantity, round, variance_across(vectors), None, fit, why)

    return make


_MAKERS: dict[str, Callable[..., Trend]] = {
    "generality": _generality,
    "phenotype_variance": _variance("phenotype_variance", lambda study: study.phenotypes),
    "phenotype_change": _change,
    "genotype_variance": _variance("genotype_variance", lambda study: study.genotypes),
}
