"""The archives at the end of rounds (Kumar 2026, fig. 6 and 13)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from drq.analysis.runs import RunRecord
from drq.analysis.study import Study
from drq.store.reader import reading


@dataclass(frozen=True)
class Heat:
    """Fitness over an archive's cells: the first axis up, the second to the right."""

    fitness: NDArray[np.float64]
    """(bins of axis 1, bins of axis 2) elite's fitness, of which 1 is an even share, or its mean over the archives in
    which the cell is filled; NaN in a cell that is empty in all."""
    filled: NDArray[np.float64]
    """(the same) share of the archives in which the cell is filled."""
    axes: tuple[str, str]
    bins: tuple[tuple[float, ...], tuple[float, ...]]
    """Upper bounds of all bins but the last."""
    archives: int


def archives(run: RunRecord) -> dict[int, Heat]:
    """The archive at the end of each finished round; nothing for a run without two axes."""
    axes = run.config.archive.axes
    if len(axes) != 2:
        return {}
    bins = (run.config.archive.bins[axes[0]], run.config.archive.bins[axes[1]])
    shape = (len(bins[0]) + 1, len(bins[1]) + 1)
    fitness = np.full((run.rounds, *shape), np.nan)
    with reading(run.directory) as record:
        for elite in record.elites():
            if elite.round < run.rounds:
                fitness[elite.round, *elite.cell] = elite.fitness
    filled = np.isfinite(fitness).astype(np.float64)
    return {i: Heat(fitness[i], filled[i], (axes[0], axes[1]), bins, 1) for i in range(run.rounds)}


def mean_archive(study: Study, group: str) -> Heat | None:
    """Mean over all rounds and runs of a group; None where its archive has not two axes."""
    heats = [heat for run in study.runs if run.group == group for heat in archives(run).values()]
    if not heats:
        return None
    stack = np.array([heat.fitness for heat in heats])
    filled = np.isfinite(stack)
    count = filled.sum(axis=0)
    total = np.where(filled, stack, 0).sum(axis=0)
    mean = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    return Heat(mean, filled.mean(axis=0), heats[0].axes, heats[0].bins, len(heats))
