"""Draws study.svg from the shipped tables of the study: ``python docs/images/study.py [TABLES]``."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from drq.plots import plot_by_round, styled
from drq.plots.style import COLOURS, INK, title

HERE = Path(__file__).parent


def results() -> ModuleType:
    """docs/results.py."""
    spec = importlib.util.spec_from_file_location("results", HERE.parent / "results.py")
    assert spec and spec.loader
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


def plot_differences(ax: Axes, found: list[tuple[str, dict[str, Any]]]) -> None:
    """A row per arm: its difference from K = all with its interval, in points."""
    for place, (name, row) in enumerate(found):
        value, low, high = (100 * row[column] for column in ("difference", "low", "high"))
        ax.errorbar(value, place, xerr=[[value - low], [high - value]], fmt="o", color=COLOURS[0], capsize=2)
        ax.annotate(name, (0, place), (-6, 0), ("axes fraction", "data"), "offset points", ha="right", va="center")
    ax.axvline(0, color=INK, linewidth=0.8)
    ax.set_yticks([])
    ax.invert_yaxis()
    ax.set_xlabel("points of late generality")
    title(ax, "Difference from K = all")


def main(folder: Path | None) -> None:
    """Write the picture."""
    page = results()
    tables = page.read(folder or page.SHIPPED)
    champions, arms = tables["champions"], [arm for arm in page.ARMS if arm in set(tables["runs"]["arm"])]
    whole = pd.concat([page.late(champions), page.starters(tables)])
    compared = [arm for arm in (*arms, page.STARTERS) if arm != page.BASE]
    found = [(page.ARMS.get(arm, arm), page.difference(whole, "both", page.BASE, arm)) for arm in compared]
    with styled():
        figure = Figure(figsize=(11, 4.6))
        grid = figure.add_gridspec(1, 3, width_ratios=[0.15, 1, 1.25])
        plot_differences(figure.add_subplot(grid[0, 1]), [(name, row) for name, row in found if row is not None])
        ax = figure.add_subplot(grid[0, 2])
        shown = pd.concat(
            [champions[(champions["arm"] == arm) & (champions["round"] < page.ROUNDS)] for arm in page.SHOWN]
        )
        plot_by_round(ax, shown.assign(group=shown["arm"].map(page.ARMS)), "both", "Generality by round, both judges")
        firsts = page.starters(tables).groupby("family")["both"].mean()
        ax.axhline(np.mean(firsts), color=INK, linestyle=":", linewidth=1)
        ax.annotate("starters", (1, np.mean(firsts)), (0, 3), ("axes fraction", "data"), "offset points", ha="right")
        ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        figure.savefig(HERE / "study.svg", metadata={"Date": None})


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
