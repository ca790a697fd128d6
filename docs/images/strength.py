"""Draw strength.svg anew: ``python docs/images/strength.py``, from the runs in tests/data/strength."""

from __future__ import annotations

import runpy
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from drq.plots.style import INK, colour, styled, title

HERE = Path(__file__).parent
TABLES = runpy.run_path(str(HERE.parents[1] / "tests" / "strength_tables.py"))
BEST_STARTER = 178
"""Points of ``tiny_silk``, as ``python -m tests.measure_strength arms FOLDER`` says."""


def draw(arms: pd.DataFrame, selection: pd.DataFrame) -> Figure:
    """A point a run, beside the mean and its 95 % interval."""
    with styled():
        figure = Figure(figsize=(10.5, 4.0))
        left, right = figure.subplots(1, 2)
        _rows(left, {str(arm): own["strongest"].to_numpy() for arm, own in arms.groupby("arm", sort=False)})
        left.axvline(BEST_STARTER, color=INK, linewidth=0.6)
        title(left, "Strongest champion: points (line: the best starter)", 9)
        differences = {}
        for (setup, fragments), own in selection.groupby(["setup", "fragments"], sort=False):
            pairs = own.pivot(index="family", columns="selection", values="score")
            name = f"{setup}, {'with' if fragments else 'without'} fragments"
            differences[name] = (pairs[True] - pairs[False]).to_numpy()
        _rows(right, differences)
        right.axvline(0, color=INK, linewidth=0.6)
        title(right, "Selection − sampling, points, by family", 9)
    return figure


def _rows(ax: Axes, groups: dict[str, np.ndarray]) -> None:
    for place, values in enumerate(reversed(groups.values())):
        mean, half = TABLES["interval"](values)
        ax.plot(values, np.full(len(values), place), ".", color=colour(1), alpha=0.35, markersize=5)
        ax.hlines(place, mean - half, mean + half, color=colour(0))
        ax.plot(mean, place, "o", color=colour(0))
    ax.set_yticks(range(len(groups)), list(groups)[::-1])


if __name__ == "__main__":
    with mpl.rc_context({"svg.hashsalt": "drq"}):
        tables = (pd.read_csv(TABLES["SHIPPED"] / f"{name}.csv") for name in ("arms", "selection"))
        draw(*tables).savefig(HERE / "strength.svg", metadata={"Date": None})
