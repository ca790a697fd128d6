"""Ancestors of champions."""

from __future__ import annotations

from matplotlib.axes import Axes

from drq.analysis.lineage import Lineage, line_of_descent
from drq.plots.style import INK, PALE, colour, whole_rounds
from drq.plots.style import title as heading


def plot_lineage(ax: Axes, lineage: Lineage, rounds_of: int, title: str) -> None:
    """Champions and their ancestors: when they were made, against their fitness then; the last champion's line is bold.

    ``rounds_of``: iterations in a round. A step into the next round is a champion that was a seed there.
    """
    place = {
        id: (one.round + max(0, one.iteration + 1) / (rounds_of + 1), one.fitness or 0.0) for id, one in lineage.items()
    }
    for child, one in lineage.items():
        for parent in one.parents:
            ax.plot(*zip(place[parent], place[child], strict=True), color=PALE, linewidth=0.8, zorder=1)
    champions = [id for id, one in lineage.items() if one.champion]
    path = line_of_descent(lineage, max(champions))
    ax.plot(*zip(*(place[id] for id in path), strict=True), color=colour(0), linewidth=1.6, zorder=2)
    _points(ax, [place[id] for id in lineage if id not in champions], PALE, 10, "ancestor")
    _points(ax, [place[id] for id in path if id not in champions], colour(0), 12, "ancestor of the last champion")
    _points(ax, [place[id] for id in champions], colour(1), 34, "champion")
    whole_rounds(ax)
    ax.set_ylabel("fitness in its own round")
    heading(ax, title)
    ax.legend(loc="best")


def _points(ax: Axes, points: list[tuple[float, float]], fill: str, size: int, label: str) -> None:
    if points:
        x, y = zip(*points, strict=True)
        ax.scatter(x, y, s=size, color=fill, edgecolors=INK, linewidths=0.4, zorder=3, label=label)
