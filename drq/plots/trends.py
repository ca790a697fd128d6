"""Quantities over rounds, with the lines fitted to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter, ScalarFormatter
from scipy.stats import sem

from drq.analysis.trends import QUANTITIES, Trend, against
from drq.plots.style import INK, PALE, below, colour, marker, say, shift, short, title, whole_rounds

FEW_GROUPS = 2


def plot_trends(ax: Axes, found: Sequence[Trend], quantity: str) -> None:
    """One quantity, a colour per group: points are means (or variances), curves the fits.

    Of one or two groups thin lines show the single runs, of more a bar of one standard error over runs does.

    A dotted line is the starters' generality. Curves are solid where the 95 % interval of the slope leaves out 0,
    dashed otherwise. Points are moved aside a little by group, so that equal values do not hide each other.
    """
    ax.set_title(QUANTITIES[quantity])
    shown = [trend for trend in found if trend.quantity == quantity and len(trend.round)]
    if not shown:
        say(ax, "\n".join(dict.fromkeys(trend.why for trend in found if trend.quantity == quantity)) or "no data")
        return
    lowest = 0.0
    for i, trend in enumerate(shown):
        aside = trend.round + shift(i, len(shown))
        if trend.by_run is not None and len(shown) <= FEW_GROUPS:
            ax.plot(trend.round, trend.by_run.T, color=colour(i), alpha=0.15, linewidth=0.7)
        elif trend.by_run is not None and len(trend.by_run) > 1:
            ax.errorbar(aside, trend.mean, sem(trend.by_run), fmt="none", ecolor=colour(i), elinewidth=0.8)
        label = f"{short(trend.group)}: {_fit_label(trend)}"
        ax.plot(aside, trend.mean, marker(i), color=colour(i), label=label)
        if trend.fit is not None:
            rounds = np.linspace(trend.round[0], trend.round[-1], 100)
            sure = trend.fit.low > 0 or trend.fit.high < 0
            height = trend.fit.intercept + trend.fit.slope * against(quantity, rounds)
            ax.plot(rounds, height, "-" if sure else "--", color=colour(i))
            lowest = min(lowest, 1.05 * float(height.min()))
    for i, trend in enumerate(shown):
        if np.isfinite(trend.starters) and trend.starters not in [other.starters for other in shown[:i]]:
            ax.axhline(trend.starters, color=INK, linestyle=":", label=f"starters: {trend.starters:.0%}")
    if quantity == "generality":
        ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    else:
        ax.yaxis.set_major_formatter(ScalarFormatter(useMathText=True))
        ax.ticklabel_format(axis="y", scilimits=(-3, 4))
        ax.set_ylim(bottom=lowest)
    whole_rounds(ax)
    below(ax, 1)


def _fit_label(trend: Trend) -> str:
    if trend.fit is None:
        return trend.why
    unit = "round" if trend.quantity == "genotype_variance" else "ln t"
    interval = f" [{trend.fit.low:.2g}, {trend.fit.high:.2g}]" if np.isfinite(trend.fit.low) else ""
    return f"{trend.fit.slope:.2g}{interval} per {unit}"


def plot_by_round(ax: Axes, table: pd.DataFrame, value: str, heading: str, band: pd.DataFrame | None = None) -> None:
    """Mean over families of ``value`` by round, a line per group, bars of one standard error over families.

    ``table`` has columns group, family, round and ``value``; ``band`` has round, low and high, and is shaded.
    """
    means = table.groupby(["group", "round", "family"], sort=False)[value].mean().dropna()
    groups = dict.fromkeys(means.index.get_level_values("group"))
    if band is not None and len(band):
        ax.fill_between(band["round"], band["low"], band["high"], color=PALE, linewidth=0, label="95 % of the shadows")
    for i, group in enumerate(groups):
        part = means[group].groupby("round").agg(["mean", "sem"])
        aside = part.index + shift(i, len(groups))
        look: dict[str, Any] = {"fmt": f"{marker(i)}-", "color": colour(i), "label": short(str(group)), "linewidth": 1}
        ax.errorbar(aside, part["mean"], part["sem"].fillna(0), elinewidth=0.8, **look)
    if not groups:
        say(ax, "no data")
        return
    title(ax, heading)
    whole_rounds(ax)
    below(ax, 2)


def plot_champion_fitness(ax: Axes, table: pd.DataFrame, styles: Mapping[str, int], heading: str, unit: str) -> None:
    """Mean fitness of the champions by round, one line per group, bars of one standard error (``champion_fitness``).

    ``styles``: which colour and marker a group has; ``unit``: what a fitness is.
    """
    for place, (group, part) in enumerate(table.groupby("group", sort=False)):
        i, aside = styles[str(group)], part["round"] + shift(place, table["group"].nunique())
        look: dict[str, Any] = {"fmt": f"{marker(i)}-", "color": colour(i), "label": short(str(group)), "capsize": 2}
        ax.errorbar(aside, part["mean"], part["error"].fillna(0), **look)
    title(ax, heading)
    ax.set_ylabel(unit)
    whole_rounds(ax)
    ax.legend(loc="best")
