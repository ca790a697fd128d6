"""What the operators did: how often what they wrote assembled, was new, was better; and from which parents."""

from __future__ import annotations

import json
from contextlib import closing

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from drq.analysis.runs import RunRecord
from drq.analysis.study import Study
from drq.measurements.intervals import wilson
from drq.store.database import RUN_FILE, open_for_reading

_PROPOSALS = """
SELECT operator, kind, error IS NOT NULL AS failed, duplicate_of IS NOT NULL AS duplicate,
    coalesce(insertions.status = 'new', 0) AS new, coalesce(insertions.status = 'improved', 0) AS improved,
    json_extract(parents, '$[0]') AS parent, fitness
FROM candidates LEFT JOIN insertions ON insertions.candidate_id = id
LEFT JOIN evaluations ON evaluations.candidate_id = id WHERE kind <> 'seed' ORDER BY id
"""


def proposals(run: RunRecord) -> pd.DataFrame:
    """A row a proposal of the run, seeds left out.

    Columns: operator, kind, failed, duplicate, new, improved, cell (the first parent's, None for a new warrior),
    fitness, parent_fitness and better (fitness above the parent's; False without a parent), run and group.
    """
    with closing(open_for_reading(run.directory / RUN_FILE)) as db:
        table = pd.read_sql(_PROPOSALS, db)
        cells = dict(db.execute("SELECT candidate_id, cell FROM insertions").fetchall())
        scores = dict(db.execute("SELECT candidate_id, fitness FROM evaluations").fetchall())
    table["run"], table["group"] = run.label, run.group
    table["cell"] = [cells.get(parent) for parent in table["parent"]]
    table["parent_fitness"] = [scores.get(parent, np.nan) for parent in table["parent"]]
    table["better"] = table["fitness"] > table["parent_fitness"]
    return table


def outcome_table(study: Study) -> pd.DataFrame:
    """A row a group, operator and kind.

    Columns: proposals, and the shares of them that failed (did not assemble, or no answer), were duplicates, filled a
    new cell, improved one, beat their parent; accepted (new or improved) with the ends of its Wilson interval.
    """
    table = pd.concat([proposals(run) for run in study.runs], ignore_index=True)
    flags = ["failed", "duplicate", "new", "improved", "better"]
    grouped = table.groupby(["group", "operator", "kind"], sort=False)
    shares = grouped[flags].mean()
    shares.insert(0, "proposals", grouped.size())
    shares["accepted"] = shares["new"] + shares["improved"]
    shares["low"], shares["high"] = wilson(shares["accepted"] * shares["proposals"], shares["proposals"])
    return shares.reset_index()


def accepted_by_cell(study: Study, group: str) -> tuple[NDArray[np.float64], NDArray[np.int64]] | None:
    """Share of changes accepted, by the cell of the parent, and how many there were: both in the archive's shape.

    NaN where no change began; None where the group's archive has not two axes.
    """
    runs = [run for run in study.runs if run.group == group]
    axes = runs[0].config.archive.axes
    if len(axes) != 2:
        return None
    shape = tuple(len(runs[0].config.archive.bins[axis]) + 1 for axis in axes)
    count, accepted = np.zeros(shape, dtype=np.int64), np.zeros(shape)
    for run in runs:
        changes = proposals(run).dropna(subset=["cell"])
        for cell, good in zip(changes["cell"], changes["new"] + changes["improved"], strict=True):
            place = tuple(json.loads(cell))
            count[place] += 1
            accepted[place] += good
    return np.where(count > 0, accepted / np.maximum(count, 1), np.nan), count
