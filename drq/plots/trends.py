"""Quantities over rounds, with the lines fitted to them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter, ScalarFormatter

from drq.analysis.trends import QUANTITIES, Trend, against
from drq.plots.style import colour, marker, say, short, whole_rounds


def plot_trends(ax: Axes, found: Sequence[Trend], quantity: str) -> None:
    """One quantity, a colour a group: points are means (or variances), thin lines single runs, curves the fits.

    Curves are solid where the bootstrap interval of the slope leaves out 0, dashed otherwise.
    """
    ax.set_title(QUANTITIES[quantity])
    shown = [trend for trend in found if trend.quantity == quantity and len(trend.t)]
    if not shown:
        say(ax, "\n".join(dict.fromkeys(trend.why for trend in found if trend.quantity == quantity)) or "no data")
        return
    for i, trend in enumerate(shown):
        if trend.by_run is not None:
            ax.plot(trend.t, trend.by_run.T, color=colour(i), alpha=0.15, linewidth=0.7)
        label = f"{short(trend.group)}: {_fit_label(trend)}"
        ax.plot(trend.t, trend.mean, marker(i), color=colour(i), label=label)
        if trend.fit is not None:
            t = np.linspace(trend.t[0], trend.t[-1], 100)
            sure = trend.fit.low > 0 or trend.fit.high < 0
            height = trend.fit.intercept + trend.fit.slope * against(quantity, t)
            ax.plot(t, height, "-" if sure else "--", color=colour(i))
    if quantity == "generality":
        ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    else:
        ax.yaxis.set_major_formatter(ScalarFormatter(useMathText=True))
        ax.ticklabel_format(axis="y", scilimits=(-3, 4))
        ax.set_ylim(bottom=0)
    whole_rounds(ax)
    ax.legend(loc="best")


def _fit_label(trend: Trend) -> str:
    if trend.fit is None:
        return trend.why
    unit = "round" if trend.quantity == "genotype_variance" else "ln t"
    interval = f" [{trend.fit.low:.2g}, {trend.fit.high:.2g}]" if np.isfinite(trend.fit.low) else ""
    return f"{trend.fit.slope:.2g}{interval} per {unit}"


def plot_champion_fitness(ax: Axes, table: pd.DataFrame) -> None:
    """Mean fitness of the champions by round, a line a group, bars of one standard error (``champion_fitness``)."""
    for i, (group, part) in enumerate(table.groupby("group", sort=False)):
        error = part["error"].fillna(0)
        ax.errorbar(
            part["t"], part["mean"], error, fmt=f"{marker(i)}-", color=colour(i), label=short(str(group)), capsize=2
        )
    ax.set_title("Fitness of champions in their own round")
    ax.set_ylabel("mean alive share (an even share is 1)")
    whole_rounds(ax)
    ax.legend(loc="best")
