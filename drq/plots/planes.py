"""Pictures with two axes of one kind: projections, archives, matrices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from numpy.typing import ArrayLike, NDArray

from drq.analysis.archives import Heat
from drq.analysis.projection import Projection
from drq.descriptors import DESCRIPTORS
from drq.plots.style import COLOURS, PALE, SEQUENTIAL, below, marker, round_bar, say, short
from drq.plots.style import title as heading

WON_OR_LOST = mpl.colors.LinearSegmentedColormap.from_list("won_or_lost", [COLOURS[1], "white", COLOURS[0]])
"""Orange is lost, blue is won, as in the report."""
FEW = 10
"""Changes from which on a cell's share is shown."""


def plot_projection(
    ax: Axes, projection: Projection | None, rounds: ArrayLike, groups: Sequence[str], title: str
) -> None:
    """Two principal components; colour is the round, the marker the group.

    ``rounds``, ``groups``: (points,) of each.
    """
    heading(ax, title)
    if projection is None:
        say(ax, f"{title}:\nthe vectors vary in fewer than two directions")
        return
    at = np.asarray(rounds)
    norm = mpl.colors.Normalize(at.min(), at.max())
    names = list(dict.fromkeys(groups))
    for i, name in enumerate(names):
        part = np.array([group == name for group in groups])
        x, y = projection.points[part].T
        look: dict[str, Any] = {"cmap": SEQUENTIAL, "norm": norm, "marker": marker(i), "s": 18, "alpha": 0.85}
        ax.scatter(x, y, c=at[part], linewidths=0, label=short(name), **look)
    first, second = projection.explained
    ax.set_xlabel(f"first component, {first:.0%} of the variance")
    ax.set_ylabel(f"second component, {second:.0%}")
    round_bar(ax, norm)
    if len(names) > 1:
        for handle in below(ax, 4).legend_handles:
            if isinstance(handle, PathCollection):
                handle.set_array(None)  # colour says the round, not the group
                handle.set_color("grey")


def plot_matrix(ax: Axes, matrix: NDArray[np.float64], rounds: Sequence[int], title: str) -> None:
    """Fitness, (champions, champions), of the row's against the column's: blue wins, orange loses, white is even.

    ``rounds``: (champions,) in which each was crowned.
    """
    shown = np.where(np.eye(len(matrix), dtype=bool), np.nan, matrix)
    image = ax.imshow(shown, cmap=WON_OR_LOST, vmin=0, vmax=2)
    ticks = range(0, len(rounds), max(1, len(rounds) // 10))
    ax.set_xticks(list(ticks), [str(rounds[i]) for i in ticks])
    ax.set_yticks(list(ticks), [str(rounds[i]) for i in ticks])
    ax.set_xlabel("opponent: champion of round")
    ax.set_ylabel("champion of round")
    heading(ax, title, 8)
    ax.spines[:].set_visible(False)
    ax.figure.colorbar(image, ax=ax, label="alive share (1 is even)", shrink=0.8)


def plot_archive(ax: Axes, heat: Heat | None, title: str, top: float, unit: str, *, bar: bool = True) -> None:
    """Fitness by cell, in ``unit``, colours from 0 to ``top``; a number is how often a cell is filled, in per cent."""
    heading(ax, title)
    if heat is None:
        say(ax, f"{title}:\nno archive with two axes")
        return
    image = ax.imshow(heat.fitness, cmap=SEQUENTIAL, origin="lower", aspect="auto", vmin=0, vmax=top)
    if heat.archives > 1:
        for (row, column), share in np.ndenumerate(heat.filled):
            if share > 0:
                ink = "white" if heat.fitness[row, column] < 0.6 * top else "black"
                ax.text(column, row, f"{100 * share:.0f}", ha="center", va="center", color=ink, fontsize=7)
    _bin_ticks(ax, heat)
    if bar:
        numbers = "\nnumbers: % of archives with the cell" if heat.archives > 1 else ""
        ax.figure.colorbar(image, ax=ax, label=f"{unit}{numbers}", shrink=0.8)


def plot_accepted(
    ax: Axes, share: NDArray[np.float64], count: NDArray[np.int64], heat: Heat, title: str, top: float
) -> None:
    """Share of changes that the archive accepted, by the parent's cell; the number is how many there were.

    ``share`` and ``count`` have the archive's shape, that of ``heat``, which gives the axes. Colours go from 0 to
    ``top``. A cell with fewer than ``FEW`` is white, because its share would be chance; an empty one is grey.
    """
    shown = np.where(count >= FEW, share, np.nan)
    few = np.where((count > 0) & (count < FEW), 0.0, np.nan)
    ax.imshow(few, cmap="Greys", origin="lower", aspect="auto", vmin=0, vmax=1)
    image = ax.imshow(shown, cmap=SEQUENTIAL, origin="lower", aspect="auto", vmin=0, vmax=top)
    for (row, column), number in np.ndenumerate(count):
        if number:
            ink = "white" if shown[row, column] < 0.6 * top else "black"
            ax.text(column, row, str(number), ha="center", va="center", color=ink, fontsize=7)
    _bin_ticks(ax, heat)
    heading(ax, title)
    numbers = f"numbers: changes of parents there\n(white: fewer than {FEW}, grey: none)"
    ax.figure.colorbar(image, ax=ax, label=f"share accepted\n{numbers}", shrink=0.8)


def _bin_ticks(ax: Axes, heat: Heat) -> None:
    """The bins' bounds on the lines between the cells."""
    vertical, horizontal = heat.bins
    ax.set_xticks(np.arange(len(horizontal)) + 0.5, [f"{bound:g}" for bound in horizontal])
    ax.set_yticks(np.arange(len(vertical)) + 0.5, [f"{bound:g}" for bound in vertical])
    ax.set_ylabel(DESCRIPTORS[heat.axes[0]].label)
    ax.set_xlabel(DESCRIPTORS[heat.axes[1]].label)
    ax.spines[:].set_visible(False)
    ax.set_facecolor(PALE)
