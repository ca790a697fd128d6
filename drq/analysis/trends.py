"""The four trends over rounds (Kumar 2026, fig. 3): generality, phenotype variance and change, genotype variance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from drq.analysis.firsts import STARTER
from drq.analysis.fits import Estimate, Fit, Labels, Values, fit, holm, mean_across, over_families, variance_across
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
    fit_without_first: Fit | None
    """The same without the first round that the quantity has: a step after round 0 alone makes no line."""
    late: Estimate | None
    """Mean of the last half of the rounds; None where there is nothing to average."""
    starters: float
    """Mean generality of the runs' starters; NaN for the other quantities."""
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
    return [
        _trend(study, group, quantity)
        for group in study.groups
        if any(study.runs[i].group == group for i in study.finished)
        for quantity in QUANTITIES
    ]


def members(study: Study, group: str) -> list[int]:
    """Positions in ``study.runs`` of the group's finished runs."""
    return [i for i in study.finished if study.runs[i].group == group]


def families_of(study: Study, runs: list[int]) -> Labels:
    """(runs,) the family of each."""
    return np.array([study.runs[i].family for i in runs])


def values_of(study: Study, quantity: str, runs: list[int], rounds: int) -> tuple[NDArray[np.int64], Values]:
    """The rounds that the quantity has among the first ``rounds``, and its (runs, these, …) values.

    Given to ``SERIES`` of the quantity, the values become one number a round.
    """
    rows = np.array([study.rows_of(i)[:rounds] for i in runs])
    if quantity == "phenotype_change":
        return np.arange(1, rounds), (np.diff(study.phenotypes[rows], axis=1) ** 2).mean(axis=2)
    source = {"phenotype_variance": study.phenotypes, "genotype_variance": study.genotypes}
    return np.arange(rounds), source.get(quantity, study.champions["generality"].to_numpy())[rows]


def late_mean(series: Values, round: NDArray[np.int64]) -> float:
    """Mean of the (rounds,) series over the last half of the rounds: of 8 rounds 4 to 7, of 5 rounds 2 to 4."""
    return float(series[round >= (round[-1] + 1) // 2].mean())


def trend_table(found: list[Trend]) -> pd.DataFrame:
    """A row per trend: first and last value, the fits or why there is none, and the mean of the last half."""
    adjusted = holm(np.array([np.nan if trend.fit is None else trend.fit.p_runs for trend in found]))
    return pd.DataFrame(
        [
            {
                "group": trend.group,
                "quantity": trend.quantity,
                "against": "t" if trend.quantity == "genotype_variance" else "ln t",
                "rounds": len(trend.round),
                "first": trend.mean[0] if len(trend.mean) else np.nan,
                "last": trend.mean[-1] if len(trend.mean) else np.nan,
                **_columns(trend.fit, ("slope", "low", "high", "r2", "p", "p_runs")),
                "p_holm": p_holm,
                **_columns(trend.fit, ("runs", "families")),
                **_columns(trend.fit_without_first, ("slope", "low", "high", "p_runs"), "_without_first"),
                "mean_late": np.nan if trend.late is None else trend.late.value,
                **_columns(trend.late, ("low", "high"), "_late"),
                "starters": trend.starters,
                "note": trend.why,
            }
            for trend, p_holm in zip(found, adjusted, strict=True)
        ]
    )


def trend_values(found: list[Trend]) -> pd.DataFrame:
    """A row per trend and round: the value that the figures draw."""
    return pd.DataFrame(
        [
            {"group": trend.group, "quantity": trend.quantity, "round": int(round), "value": value}
            for trend in found
            for round, value in zip(trend.round, trend.mean, strict=True)
        ]
    )


def _columns(found: Fit | Estimate | None, names: tuple[str, ...], ending: str = "") -> dict[str, float]:
    return {name + ending: np.nan if found is None else getattr(found, name) for name in names}


def _trend(study: Study, group: str, quantity: str) -> Trend:
    runs, series = members(study, group), SERIES[quantity]
    single = series is mean_across
    if not single and len(runs) < 2:
        none = np.array([], dtype=np.int64)
        why = "one run has no variance across runs"
        return Trend(group, quantity, none, np.array([]), None, None, None, None, np.nan, why)
    round, values = values_of(study, quantity, runs, study.rounds(group))
    families, x = families_of(study, runs), against(quantity, round)
    line = fit(x, values, series, families)
    return Trend(
        group=group,
        quantity=quantity,
        round=round,
        mean=series(values),
        by_run=values if single else None,
        fit=line,
        fit_without_first=fit(x[1:], values[:, 1:], series, families),
        late=over_families(lambda part: late_mean(series(values[part]), round), families) if len(round) else None,
        starters=starter_generality(study, runs) if quantity == "generality" else np.nan,
        why="" if line else f"too few rounds for a line: {len(round)}",
    )


def starter_generality(study: Study, runs: list[int]) -> float:
    """Mean generality of the starters of ``runs``, each code once."""
    table = study.baselines
    rows = table[(table["kind"] == STARTER) & table["run"].isin(runs)].drop_duplicates("digest")
    return float(rows["generality"].mean())


SERIES: dict[str, Callable[[Values], Values]] = {
    "generality": mean_across,
    "phenotype_variance": variance_across,
    "phenotype_change": mean_across,
    "genotype_variance": variance_across,
}
"""For each quantity what makes (rounds,) numbers of the (runs, rounds, …) values of runs."""
