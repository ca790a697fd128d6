"""Whether champions become more general against strong opponents, or against weak ones only.

How strong an opponent is, is measured: by the points that it gets from the starters of all runs, so that no champion
has a say in it.
"""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from drq.analysis.contrasts import compare_common
from drq.analysis.firsts import STARTER
from drq.analysis.fits import fit_mean, over_families
from drq.analysis.study import Study
from drq.analysis.trends import against, families_of, late_mean, members

SIDES = {"strong": "the strongest third of the opponents", "others": "the other opponents"}
"""Each part of the opponents, and its meaning."""


def strength(study: Study) -> NDArray[np.float64]:
    """(opponents,) mean points from the starters, each code once: 3 for one that it defeats, 1 for a tie."""
    rows = study.baselines[study.baselines["kind"] == STARTER].drop_duplicates("digest").index.to_numpy()
    won, tied = study.baseline_defeats[rows], study.baseline_ties[rows]
    return np.asarray((3 * ~(won | tied) + tied).mean(axis=0))


def strongest_third(points: NDArray[np.float64]) -> NDArray[np.bool_]:
    """(opponents,) whether each is among the third with the most ``points``; of equal ones the first."""
    chosen = np.zeros(len(points), dtype=bool)
    chosen[np.argsort(-points, kind="stable")[: -(-len(points) // 3)]] = True
    return chosen


def strong_values(study: Study) -> pd.DataFrame:
    """A row per champion: run (its label), group, family, seed, round, and its generality against both ``SIDES``."""
    strong, either = strongest_third(strength(study)), study.defeats | study.ties
    table = study.champions[["label", "group", "family", "seed", "round"]].rename(columns={"label": "run"})
    return table.assign(strong=_share(either, strong), others=_share(either, ~strong))


def _share(either: NDArray[np.bool_], opponents: NDArray[np.bool_]) -> NDArray[np.float64]:
    """(warriors,) mean over these opponents; NaN if there are none."""
    chosen = either[:, opponents]
    return np.asarray(chosen.mean(axis=1)) if chosen.shape[1] else np.full(len(either), np.nan)


def strong_table(study: Study, values: pd.DataFrame) -> pd.DataFrame:
    """A row per group and side, over finished runs: first and last value, slope against ln t, mean of the last half.

    The ends of the 95 % intervals are over families; t is round + 1. ``starters`` is the mean of all starters.
    """
    firsts = study.baselines[study.baselines["kind"] == STARTER].drop_duplicates("digest").index.to_numpy()
    either, chosen = (study.baseline_defeats | study.baseline_ties)[firsts], strongest_third(strength(study))
    rows = []
    for (group, runs), (side, opponents) in product(
        _finished(study).items(), (("strong", chosen), ("others", ~chosen))
    ):
        rounds, families = np.arange(study.rounds(group)), families_of(study, runs)
        own = np.array([values[side].to_numpy()[study.rows_of(run)[: len(rounds)]] for run in runs])
        line = fit_mean(against("generality", rounds), own, families)
        late = over_families(lambda part, own=own, rounds=rounds: late_mean(own[part].mean(axis=0), rounds), families)  # type: ignore[misc]
        rows.append(
            {
                "group": group,
                "side": side,
                "opponents": int(opponents.sum()),
                "starters": _share(either, opponents).mean(),
                "first": own[:, 0].mean(),
                "last": own[:, -1].mean(),
                **{name: np.nan if line is None else getattr(line, name) for name in ("slope", "low", "high")},
                "mean_late": late.value,
                "low_late": late.low,
                "high_late": late.high,
                "families": late.families,
            }
        )
    return pd.DataFrame(rows)


def _finished(study: Study) -> dict[str, list[int]]:
    """Finished runs by group, of those groups that have any."""
    return {group: runs for group in study.groups if (runs := members(study, group))}


def compare_strong(study: Study, values: pd.DataFrame) -> pd.DataFrame:
    """All groups against each other on both sides, in the mean over the last half of their common rounds."""

    def late(rounds: int) -> pd.DataFrame:
        return values[values["round"].isin(range(rounds // 2, rounds))]

    return compare_common(study, combinations(study.groups, 2), SIDES, late)
