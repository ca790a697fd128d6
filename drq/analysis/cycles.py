"""Champions against champions: who beats whom, and in circles (Kumar 2026, fig. 5)."""

from __future__ import annotations

from math import comb

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from drq.analysis.study import Study


def cyclic_triples(beats: NDArray[np.bool_]) -> int:
    """How many triples a > b > c > a there are in (n, n) ``beats``; a tie is no step of a circle.

    The trace of the third power counts each circle once from each of its three members.
    """
    steps = beats.astype(np.int64)
    return int(np.trace(steps @ steps @ steps)) // 3


def cycle_table(study: Study, rounds: int | None = None) -> pd.DataFrame:
    """A row per run: triples of champions, how many of them are circles, and how many are so beyond chance.

    With ``rounds``: of finished runs alone, and of their first champions, so many.

    ``cyclic`` counts any difference of fitness as a defeat, as Kumar 2026 does, so that it counts circles among equals;
    ``cyclic_sure`` only a difference whose 95 % interval over placements leaves out 0 (``Study.sure``).
    """
    return pd.DataFrame(
        [
            {
                "run": run.label,
                "group": run.group,
                "family": run.family,
                "seed": run.config.seed,
                "champions": len(beats[:rounds]),
                "triples": comb(len(beats[:rounds]), 3),
                "cyclic": cyclic_triples(beats[:rounds, :rounds]),
                "cyclic_sure": cyclic_triples(sure[:rounds, :rounds]),
            }
            for run, beats, sure in zip(study.runs, study.beats, study.sure, strict=True)
            if rounds is None or run.complete
        ]
    )


def matrix_table(study: Study) -> pd.DataFrame:
    """A row per champion and other champion of its run: mean alive share, and whether it defeats the other."""
    return pd.DataFrame(
        [
            {
                "run": run.label,
                "round": one.round,
                "opponent_round": other.round,
                "fitness": matrix[i, j],
                "defeats": beats[i, j],
                "beyond_chance": sure[i, j],
            }
            for run, matrix, beats, sure in zip(study.runs, study.matrices, study.beats, study.sure, strict=True)
            for i, one in enumerate(run.champions)
            for j, other in enumerate(run.champions)
            if i != j
        ]
    )
