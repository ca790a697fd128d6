"""Fitness within rounds."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from drq.analysis.curves import Curves
from drq.plots.style import SEQUENTIAL, round_bar, whole
from drq.plots.style import title as heading


def plot_curves(ax: Axes, mean: NDArray[np.float64], title: str) -> None:
    """Mean best fitness so far by iteration, one line per round: (rounds, iterations)."""
    norm = mpl.colors.Normalize(0, max(1, len(mean) - 1))
    for round, values in enumerate(mean):
        ax.plot(np.arange(1, len(values) + 1), values, color=mpl.colormaps[SEQUENTIAL](norm(round)), linewidth=1.2)
    heading(ax, title)
    ax.set_xlabel("iteration")
    ax.set_ylabel("best fitness so far, mean of runs")
    ax.set_ylim(bottom=0)
    round_bar(ax, norm)


def plot_run_curves(ax: Axes, curve: Curves) -> None:
    """One run, its rounds one after the other, each around its number."""
    rounds, length = curve.best.shape
    norm = mpl.colors.Normalize(0, max(1, rounds - 1))
    for round, values in enumerate(curve.best):
        x = round - 0.5 + np.arange(1, length + 1) / length
        ax.plot(x, values, color=mpl.colormaps[SEQUENTIAL](norm(round)), linewidth=1)
    heading(ax, curve.label, 7, 1)
    ax.tick_params(labelsize=6)
    ax.xaxis.set_major_locator(whole())
    ax.set_xlim(-0.5, rounds - 0.5)
    ax.set_ylim(bottom=0)
