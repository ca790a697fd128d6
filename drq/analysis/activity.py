"""Evolutionary activity: how long codes hold cells of the archive, beside a neutral shadow.

After Bedau, Snyder & Packard 1998, "A classification of long-term evolutionary dynamics". The activity of a code is the
number of proposals during which it holds a cell, over all cells and rounds. Some codes stay long by chance. So the
shadow, a run in which fitness selects nothing, says how long: a code is persistent if its activity exceeds that of 95 %
of the shadows' codes. Of neutral codes one in twenty does.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from drq.analysis.contrasts import compare_common
from drq.analysis.runs import RunRecord
from drq.analysis.study import Study
from drq.candidate import InsertionStatus
from drq.config import RunConfig, Selection
from drq.store.reader import reading

NEUTRAL = 0.95
"""Share of the shadows' codes that a persistent one exceeds."""
MEASURES = {
    "codes": "New codes in the archive",
    "activity": "Activity, proposals per code",
    "persistent": "Share of codes that persist",
}
"""Each column of ``activity_table`` that is measured, and its meaning."""


def tenures(run: RunRecord) -> pd.DataFrame:
    """A row per code that the run's proposals brought into the archive: digest, round (its first), activity.

    Rounds that are not finished are left out, and so are the codes of the starters.
    """
    with reading(run.directory) as record:
        columns = ["id", "round", "iteration", "digest"]
        candidates = pd.DataFrame(record.ordered_rows("candidates", columns), columns=columns)
        names = ["id", "cell", "status"]
        entries = record.ordered_rows("insertions", ["candidate_id", "cell", "status"])
    table = candidates.merge(pd.DataFrame(entries, columns=names), on="id").sort_values("id")
    table = table[(table["status"] != InsertionStatus.NOT_ADDED) & (table["round"] < run.rounds)]
    begins = table["iteration"].clip(lower=0)
    ends = begins.groupby([table["round"], table["cell"]]).shift(-1, fill_value=_size(run.config))
    held = table.assign(activity=ends - begins)[~table["digest"].isin([one.digest for one in run.starters])]
    return held.groupby("digest", sort=False).agg(round=("round", "min"), activity=("activity", "sum")).reset_index()


def activity_table(study: Study) -> pd.DataFrame:
    """A row per run and finished round: run, group, family, seed, round, and the ``MEASURES`` of codes that came then.

    ``persistent`` is measured by the codes of the same round of those shadows that have as many candidates and another
    family; it is NaN where there are none.
    """
    found = [tenures(run) for run in study.runs]
    rows = []
    for run, codes in zip(study.runs, found, strict=True):
        others = [
            held for other, held in zip(study.runs, found, strict=True) if _is_shadow(other) and _comparable(other, run)
        ]
        for round in range(run.rounds):
            own = codes.loc[codes["round"] == round, "activity"]
            neutral = pd.concat([held.loc[held["round"] == round, "activity"] for held in others] or [own[:0]])
            bound = neutral.quantile(NEUTRAL) if len(neutral) else np.nan
            persistent = (own > bound).mean() if len(own) and len(neutral) else np.nan
            start = (run.label, run.group, run.family, run.config.seed)
            rows.append((*start, round, len(own), own.mean(), persistent))
    return pd.DataFrame(rows, columns=["run", "group", "family", "seed", "round", *MEASURES])


def compare_activity(study: Study, table: pd.DataFrame) -> pd.DataFrame:
    """Groups with as many candidates as the shadow against it: ``compare_common`` of what ``activity_table`` gave."""
    shadow = shadow_group(study)
    size = None if shadow is None else _size(study.config(shadow))
    pairs = [(shadow, one) for one in study.groups if shadow not in (None, one) and _size(study.config(one)) == size]
    return compare_common(study, pairs, MEASURES, lambda rounds: table[table["round"] < rounds])


def shadow_group(study: Study) -> str | None:
    """The first group in which fitness selects nothing; None without one."""
    return next((run.group for run in study.runs if _is_shadow(run)), None)


def shadow_band(table: pd.DataFrame, shadow: str | None, value: str) -> pd.DataFrame:
    """Between which values 95 % of the shadow's families lie: a row per round with low and high."""
    part = table[table["group"] == shadow].groupby(["round", "family"])[value].mean().groupby("round")
    return pd.DataFrame({"low": part.quantile(0.025), "high": part.quantile(0.975)}).reset_index()


def _is_shadow(run: RunRecord) -> bool:
    return run.config.selection is Selection.RANDOM


def _comparable(one: RunRecord, other: RunRecord) -> bool:
    """Whether both have as many rounds of as many candidates and began from different warriors."""
    return one.family != other.family and (one.config.rounds, _size(one.config)) == (
        other.config.rounds,
        _size(other.config),
    )


def _size(config: RunConfig) -> int:
    """Proposals of a round."""
    return config.initial + config.iterations
