"""Champions against champions: who beats whom, and in circles (Kumar 2026, fig. 5)."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations
from math import comb

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from drq.analysis.fits import half_width, mean_test
from drq.analysis.study import Study

MIN_FAMILIES = 3
_NUMBERS = ("families", "mean", "mean_other", "difference", "low", "high", "relative", "p")


def cyclic_triples(beats: NDArray[np.bool_]) -> int:
    """How many triples a > b > c > a there are in (n, n) ``beats``; a tie is no step of a circle.

    The trace of the third power counts each circle once from each of its three members.
    """
    steps = beats.astype(np.int64)
    return int(np.trace(steps @ steps @ steps)) // 3


def cycle_table(study: Study) -> pd.DataFrame:
    """A row a run: triples of champions, how many of them are circles, and how many are so beyond chance.

    ``cyclic`` takes any difference of fitness for a defeat, as Kumar 2026 does, so that it counts circles among equals;
    ``cyclic_sure`` only a difference whose 95 % interval over placements leaves out 0 (``Study.sure``).
    """
    return pd.DataFrame(
        [
            {
                "run": run.label,
                "group": run.group,
                "family": run.family,
                "champions": len(beats),
                "triples": comb(len(beats), 3),
                "cyclic": cyclic_triples(beats),
                "cyclic_sure": cyclic_triples(sure),
            }
            for run, beats, sure in zip(study.runs, study.beats, study.sure, strict=True)
        ]
    )


def compare(table: pd.DataFrame, value: str, pairs: Iterable[tuple[str, str]] | None = None) -> pd.DataFrame:
    """Two groups of ``table`` (columns group, family and ``value``) at a time, on the families that both have.

    ``pairs`` (other, group): all two groups by default. Columns: group, other, families, mean and mean_other,
    difference (of group from other) with the ends of its 95 % interval (Student's t over families), relative
    (difference / mean_other), and p of a paired t test. No row where two groups share fewer than three families.
    """
    means, rows = table.groupby(["group", "family"], sort=False)[value].mean(), []
    for other, group in combinations(dict.fromkeys(table["group"]), 2) if pairs is None else pairs:
        both = pd.concat([means[group], means[other]], axis=1, join="inner").to_numpy(dtype=np.float64)
        if len(both) < MIN_FAMILIES:
            continue
        differences, (mean, mean_other) = both[:, 0] - both[:, 1], both.mean(axis=0)
        difference, half = mean - mean_other, half_width(differences)
        relative = difference / mean_other if mean_other else np.nan
        ends = (difference - half, difference + half)
        numbers = (len(both), mean, mean_other, difference, *ends, relative, mean_test(differences))
        rows.append((group, other, value, *numbers))
    return pd.DataFrame(rows, columns=["group", "other", "value", *_NUMBERS])
