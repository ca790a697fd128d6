"""Draw model_study.svg anew: ``python docs/images/model_study.py``, from the data in tests/data/model_study."""

from __future__ import annotations

import runpy
from pathlib import Path

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from drq.plots.style import INK, colour, marker, styled, title

HERE = Path(__file__).parent
PANELS = (
    ("better", "Children better than their parent"),
    ("best of 4, beyond the parent", "Best of 4 children, fitness beyond the parent's"),
    ("run: generality", "Last champion of a run: held-out warriors defeated or tied"),
)


def draw(table: pd.DataFrame) -> Figure:
    """A panel an outcome, a row an arm with its 95 % interval over families."""
    with styled():
        figure = Figure(figsize=(10.5, 3.6))
        for ax, (result, meaning) in zip(figure.subplots(1, len(PANELS)), PANELS, strict=True):
            rows = table[(table["result"] == result) & ~table["arm"].str.contains(" - ")]
            _panel(ax, rows)
            title(ax, meaning, 9)
    return figure


def _panel(ax: Axes, rows: pd.DataFrame) -> None:
    for i, row in enumerate(rows[::-1].to_dict("records")):
        asks = row["arm"] not in ("genetic", "no_fragments", "new_only")
        ax.hlines(i, row["low"], row["high"], color=colour(asks))
        ax.plot(row["value"], i, marker(asks), color=colour(asks))
    ax.set_yticks(range(len(rows)), rows["arm"][::-1])
    if (rows["value"] < 0).any():
        ax.axvline(0, color=INK, linewidth=0.6)
    else:
        ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        ax.set_xlim(left=0)


if __name__ == "__main__":
    results = runpy.run_path(str(HERE.parent / "model_study.py"))["results"]
    with mpl.rc_context({"svg.hashsalt": "drq"}):
        data = HERE.parents[1] / "tests" / "data" / "model_study"
        draw(results(data)).savefig(HERE / "model_study.svg", metadata={"Date": None})
