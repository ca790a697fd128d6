"""Champions against champions: who beats whom, and in circles (Kumar 2026, fig. 5)."""

from __future__ import annotations

from math import comb

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from drq.analysis.fits import mean_test
from drq.analysis.study import Study

RESAMPLES = 2000


def cyclic_triples(beats: NDArray[np.bool_]) -> int:
    """How many triples a > b > c > a there are in (n, n) ``beats``; a tie is no step of a circle.

    The trace of the third power counts each circle once from each of its three members.
    """
    steps = beats.astype(np.int64)
    return int(np.trace(steps @ steps @ steps)) // 3


def cycle_table(study: Study) -> pd.DataFrame:
    """A row a run: triples of champions, and how many of them are circles."""
    return pd.DataFrame(
        [
            {
                "run": run.label,
                "group": run.group,
                "family": run.family,
                "champions": len(beats),
                "triples": comb(len(beats), 3),
                "cyclic": cyclic_triples(beats),
            }
            for run, beats in zip(study.runs, study.beats, strict=True)
        ]
    )


def compare(table: pd.DataFrame, value: str, seed: int = 0) -> pd.DataFrame:
    """Each two groups of ``table`` (columns group, family and ``value``), on the families that both have.

    Columns: group, other, families, mean and mean_other, difference (of group from other) with the ends of its 95 %
    bootstrap interval over families, relative (difference / mean_other), and p of a paired t test. No row where two
    groups share fewer than three families.
    """
    rng, groups, rows = np.random.default_rng(seed), list(dict.fromkeys(table["group"])), []
    for i, group in enumerate(groups):
        for other in groups[:i]:
            sides = (table[table["group"] == name].groupby("family")[value].mean() for name in (group, other))
            pairs = pd.concat(sides, axis=1, join="inner").to_numpy(dtype=np.float64)
            if len(pairs) < 3:
                continue
            differences = pairs[:, 0] - pairs[:, 1]
            draws = differences[rng.integers(len(pairs), size=(RESAMPLES, len(pairs)))].mean(axis=1)
            low, high = np.percentile(draws, (2.5, 97.5))
            mean, mean_other = pairs.mean(axis=0)
            rows.append(
                {
                    "group": group,
                    "other": other,
                    "value": value,
                    "families": len(pairs),
                    "mean": mean,
                    "mean_other": mean_other,
                    "difference": mean - mean_other,
                    "low": low,
                    "high": high,
                    "relative": (mean - mean_other) / mean_other if mean_other else np.nan,
                    "p": mean_test(differences),
                }
            )
    return pd.DataFrame(rows)
