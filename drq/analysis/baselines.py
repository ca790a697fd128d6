"""Static baselines: what one target, or none, gives (Kumar 2026 §4, figure 2)."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from drq.analysis.firsts import STARTER
from drq.analysis.study import Study
from drq.measurements.intervals import wilson_interval


def baseline_table(study: Study) -> pd.DataFrame:
    """A row for each baseline of ``drq.analysis.firsts``, and one for the last champions of each group's finished runs.

    Columns: kind, warriors (of different code); defeats and generality, means over warriors of the share of opponents
    defeated, and defeated or tied; collective_defeats and collective_generality, the share of opponents that at least
    one of the set defeats, or defeats or ties, each with the ends of its Wilson interval over opponents.
    """
    rows = []
    for kind in dict.fromkeys(study.baselines["kind"]):
        part = study.baselines[study.baselines["kind"] == kind].drop_duplicates("digest").index.to_numpy()
        rows.append(_row(str(kind), study.baseline_defeats[part], study.baseline_ties[part]))
    for group in study.groups:
        last = study.common_rounds(group) - 1
        of_group = study.champions_of(range(last, last + 1)).query("group == @group").index.to_numpy()
        label = f"champion of round {last}" + (f", {group}" if len(study.groups) > 1 else "")
        if len(of_group):
            rows.append(_row(label, study.defeats[of_group], study.ties[of_group]))
    return pd.DataFrame(rows)


def starter_rows(study: Study) -> pd.DataFrame:
    """The starters of every run in the columns of ``Study.champions``, as far as they have them; run is the label."""
    chosen = (study.baselines["kind"] == STARTER).to_numpy()
    rows = study.baselines[chosen].assign(
        run=[study.runs[i].label for i in study.baselines["run"][chosen]],
        defeats=study.baseline_defeats[chosen].mean(axis=1),
        ties=study.baseline_ties[chosen].mean(axis=1),
    )
    columns = study.champions.columns.drop(["run"]).str.replace("label", "run")
    lengths = {one.digest: len(one) for run in study.runs for one in run.starters}
    return rows.assign(length=rows["digest"].map(lengths)).reindex(columns=list(columns))


def _row(kind: str, defeats: NDArray[np.bool_], ties: NDArray[np.bool_]) -> dict[str, object]:
    either = defeats | ties
    row: dict[str, object] = {
        "kind": kind,
        "warriors": len(defeats),
        "defeats": float(defeats.mean()),
        "generality": float(either.mean()),
    }
    for name, table in (("collective_defeats", defeats), ("collective_generality", either)):
        interval = wilson_interval(int(table.any(axis=0).sum()), table.shape[1])
        row |= {name: float(table.any(axis=0).mean()), f"{name}_low": interval.low, f"{name}_high": interval.high}
    return row
