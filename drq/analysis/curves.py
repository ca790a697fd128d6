"""Fitness within rounds, and of the champions (Kumar 2026, fig. 8, 11 and 12)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from drq.analysis.runs import RunRecord
from drq.analysis.study import Study
from drq.store.reader import reading


@dataclass(frozen=True)
class Curves:
    """One run's best fitness so far, of what is neither an opponent nor a past champion."""

    label: str
    group: str
    best: NDArray[np.float64]
    """(rounds, iterations) NaN before the first that counts."""

    def steps(self) -> pd.DataFrame:
        """A row where the best changes: run, group, round, iteration (from 1) and best."""
        rises = np.diff(self.best, axis=1, prepend=np.nan) != 0
        rounds, places = np.nonzero(np.isfinite(self.best) & rises)
        values = {"round": rounds, "iteration": places + 1, "best": self.best[rounds, places]}
        return pd.DataFrame({"run": self.label, "group": self.group, **values})


def curves(run: RunRecord) -> Curves:
    """The curves of a run's finished rounds."""
    length = run.config.initial + run.config.iterations
    best = np.full((run.rounds, length), np.nan)
    with reading(run.directory) as record:
        for round in range(run.rounds):
            iterations, fitness = record.contenders(round)
            best[round, iterations] = fitness
    return Curves(run.label, run.group, np.fmax.accumulate(best, axis=1))


def mean_curves(found: list[Curves], group: str) -> NDArray[np.float64]:
    """(rounds, iterations) mean over the group's runs of one length; NaN where none has a value yet."""
    members = [curve.best for curve in found if curve.group == group]
    longest = max(member.shape for member in members)
    stack = np.array([member for member in members if member.shape == longest])
    known = np.isfinite(stack)
    count = known.sum(axis=0)
    return np.asarray(np.where(count > 0, np.where(known, stack, 0).sum(axis=0) / np.maximum(count, 1), np.nan))


def champion_fitness(study: Study) -> pd.DataFrame:
    """A row per group and round: runs, mean fitness of the champions, and its standard error (NaN with one run)."""
    grouped = study.champions.groupby(["group", "round"], sort=False)["fitness"]
    return grouped.agg(runs="count", mean="mean", error="sem").reset_index()
