"""Baselines, circles, and what the operators did."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from drq.plots.style import INK, colour, marker, short


def plot_baselines(ax: Axes, table: pd.DataFrame) -> None:
    """Shares of held-out warriors that each kind defeats or ties: one warrior's mean, and the whole set's."""
    place = np.arange(len(table))[::-1]
    bars = (("generality", "one warrior, mean", 0.2, 0), ("collective_generality", "the set together", -0.2, 1))
    for name, label, shift, i in bars:
        ax.barh(place + shift, table[name], 0.36, color=colour(i), label=f"{label}: defeats or ties")
    defeats = ((table["defeats"], 0.2), (table["collective_defeats"], -0.2))
    for i, (values, shift) in enumerate(defeats):
        ax.plot(values, place + shift, "|", color=INK, markersize=11, label="defeats" if i == 0 else None)
    names = [f"{short(kind)}\n({count} warriors)" for kind, count in zip(table["kind"], table["warriors"], strict=True)]
    ax.set_yticks(place, names)
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set_xlim(0, 1)
    ax.set_xlabel("share of held-out warriors")
    ax.set_title("What one target gives, and what the Red Queen gives")
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.15), ncols=3)


def plot_cycles(ax: Axes, table: pd.DataFrame) -> None:
    """Share of cyclic triples among the champions of each run, a column of points a group; the bar is the mean."""
    groups = list(dict.fromkeys(table["group"]))
    for i, group in enumerate(groups):
        part = table[(table["group"] == group) & (table["triples"] > 0)]
        share = (part["cyclic"] / part["triples"]).to_numpy()
        if len(share):
            spread = np.linspace(-0.18, 0.18, len(share))
            ax.plot(i + spread, share, marker(i), color=colour(i), alpha=0.7)
            ax.hlines(share.mean(), i - 0.3, i + 0.3, color=INK)
    ax.set_xticks(range(len(groups)), [short(group, 18) for group in groups])
    ax.set_xlim(-0.6, len(groups) - 0.4)
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=1))
    ax.set_ylim(bottom=0)
    ax.set_title("Cyclic triples among a run's champions")


def plot_outcomes(ax: Axes, table: pd.DataFrame) -> None:
    """What proposals came to, a bar an operator and kind (``outcome_table``)."""
    parts = ("new", "improved", "duplicate", "failed")
    labels = ("filled a new cell", "improved a cell", "a duplicate", "did not assemble")
    names = [
        f"{row.operator} {row.kind}, {short(str(row.group))}\n({row.proposals} proposals)" for row in table.itertuples()
    ]
    place, left = np.arange(len(table))[::-1], np.zeros(len(table))
    for i, (part, label) in enumerate(zip(parts, labels, strict=True)):
        ax.barh(place, table[part], 0.6, left=left, color=colour(i), label=label)
        left += table[part].to_numpy()
    ax.barh(place, 1 - left, 0.6, left=left, color="#e6e8ec", label="not fitter than its cell's elite")
    ax.set_yticks(place, names)
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set_xlim(0, 1)
    ax.set_title("What the operators' proposals came to")
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.1), ncols=3)
