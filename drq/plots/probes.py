"""The probe: what the code says of generality."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from drq.analysis.probe import Probe
from drq.plots.style import INK, PALE, colour, say


def plot_probe(ax: Axes, probe: Probe | None) -> None:
    """Predicted against actual generality of champions whose family the regression did not see."""
    ax.set_title("Generality told from code, families left out")
    if probe is None:
        say(ax, "a probe needs champions of three families at least: of three starters")
        return
    low = min(probe.actual.min(), probe.predicted.min())
    high = max(probe.actual.max(), probe.predicted.max())
    ax.plot([low, high], [low, high], "--", color=PALE)
    ax.scatter(probe.actual, probe.predicted, s=14, color=colour(0), alpha=0.6, linewidths=0)
    text = f"test R² {probe.r2:.2f} [{probe.low:.2f}, {probe.high:.2f}]\nthe mean alone {probe.mean_r2:.2f}"
    if not probe.tells:
        text += "\nso the code tells no more than the mean"
    ax.text(0, -0.17, text, va="top", transform=ax.transAxes)  # under the axis, where no point is
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set_xlabel("actual generality")
    ax.set_ylabel("predicted generality")


def plot_weights(ax: Axes, weights: Sequence[tuple[str, float]]) -> None:
    """The features that speak most for and against generality."""
    names, values = zip(*weights[::-1], strict=True) if weights else ((), ())
    place = np.arange(len(names))
    ax.barh(place, values, color=[colour(0) if value > 0 else colour(1) for value in values])
    ax.axvline(0, color=INK, linewidth=0.8)
    ax.set_yticks(place, names, fontsize=7)
    ax.set_xlabel("weight in the regression")
    ax.set_title("Features for and against generality")
