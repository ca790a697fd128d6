"""Baselines, circles, what the operators did, and what was learnt of their proposals."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import PercentFormatter

from drq.analysis.learnt import MEASURES, SHARES
from drq.plots.style import INK, colour, marker, short, title
from redcode.text import plural


def plot_baselines(ax: Axes, table: pd.DataFrame) -> None:
    """Shares of held-out warriors that each kind defeats or ties: one warrior's mean, and the whole set's."""
    place = np.arange(len(table))[::-1]
    bars = (("generality", "one warrior, mean", 0.2, 0), ("collective_generality", "the set together", -0.2, 1))
    for name, label, shift, i in bars:
        ax.barh(place + shift, table[name], 0.36, color=colour(i), label=f"{label}: defeats or ties")
    defeats = ((table["defeats"], 0.2), (table["collective_defeats"], -0.2))
    for i, (values, shift) in enumerate(defeats):
        ax.plot(values, place + shift, "|", color=INK, markersize=11, label="defeats" if i == 0 else None)
    kinds = zip(table["kind"], table["warriors"], strict=True)
    names = [f"{short(kind)}\n({plural(count, 'warrior')})" for kind, count in kinds]
    ax.set_yticks(place, names)
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set_xlim(0, 1)
    ax.set_xlabel("share of held-out warriors")
    ax.set_title("What one target gives, and what the Red Queen gives")
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.15), ncols=3)


def plot_cycles(ax: Axes, table: pd.DataFrame) -> None:
    """Cyclic triples among the champions of each run, one column of points per group; the bars are the means.

    Hollow, on the left of a column: every difference counts as a defeat. Full, on the right: only those beyond chance.
    """
    groups = list(dict.fromkeys(table["group"]))
    for i, group in enumerate(groups):
        part = table[(table["group"] == group) & (table["triples"] > 0)]
        for value, side, fill in (("cyclic", -0.2, "none"), ("cyclic_sure", 0.2, colour(i))):
            share = (part[value] / part["triples"]).to_numpy()
            if len(share):
                place = i + side + np.linspace(-0.13, 0.13, len(share))
                ax.plot(place, share, marker(i), color=colour(i), markerfacecolor=fill, alpha=0.8)
                ax.hlines(share.mean(), i + side - 0.17, i + side + 0.17, color=INK)
    ax.set_xticks([])
    ax.set_xlim(-0.6, len(groups) - 0.4)
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=1))
    ax.set_ylim(bottom=-0.0005)
    ax.set_ylabel("share of triples")
    ax.set_title("Cyclic triples among a run's champions")
    names = [Line2D([], [], color=colour(i), marker=marker(i), ls="", label=group) for i, group in enumerate(groups)]
    kinds = [Line2D([], [], color=INK, marker="o", ls="", label="beyond chance")]
    kinds.insert(0, Line2D([], [], color=INK, marker="o", markerfacecolor="none", ls="", label="any difference"))
    ax.legend(handles=[*names, *kinds], loc="upper center", bbox_to_anchor=(0.5, -0.02), ncols=2)


def plot_outcomes(ax: Axes, table: pd.DataFrame) -> None:
    """What proposals came to, one bar per operator and kind (``outcome_table``)."""
    parts = ("new", "improved", "duplicate", "failed")
    labels = ("took an empty place", "took a less fit one's place", "a duplicate", "did not assemble")
    names = [
        f"{row.operator} {row.kind}, {short(str(row.group))}\n({row.proposals} proposals)" for row in table.itertuples()
    ]
    place, left = np.arange(len(table))[::-1], np.zeros(len(table))
    for i, (part, label) in enumerate(zip(parts, labels, strict=True)):
        ax.barh(place, table[part], 0.6, left=left, color=colour(i), label=label)
        left += table[part].to_numpy()
    ax.barh(place, 1 - left, 0.6, left=left, color="#e6e8ec", label="not fit enough for a place")
    ax.set_yticks(place, names)
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set_xlim(0, 1)
    ax.set_title("What the operators' proposals came to")
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.1), ncols=3)


def plot_learnt(axes: Sequence[Axes], table: pd.DataFrame) -> None:
    """One panel for each of ``MEASURES``, a row per group, operator and model with its 95 % interval."""
    keys = list(dict.fromkeys(zip(table["group"], table["operator"], table["model"], strict=True)))
    names = [short(", ".join(filter(None, key)), 30) for key in keys]
    for ax, (measure, meaning) in zip(axes, MEASURES.items(), strict=True):
        for row in table[table["measure"] == measure].to_dict("records"):
            i = keys.index((row["group"], row["operator"], row["model"]))
            ax.hlines(len(keys) - 1 - i, row["low"], row["high"], color=colour(i))
            ax.plot(row["value"], len(keys) - 1 - i, marker(i), color=colour(i))
        if measure in SHARES:
            ax.xaxis.set_major_formatter(PercentFormatter(1))
        ax.set_xlim(left=0)
        ax.set_ylim(-0.6, len(keys) - 0.4)
        ax.set_yticks(range(len(keys)), names[::-1])
        title(ax, meaning)
