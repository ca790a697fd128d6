"""Ancestors of champions."""

from __future__ import annotations

import networkx as nx
from matplotlib.axes import Axes

from drq.analysis.lineage import line_of_descent
from drq.plots.style import INK, PALE, colour, whole_rounds
from drq.plots.style import title as heading


def plot_lineage(ax: Axes, graph: nx.DiGraph[int], rounds_of: int, title: str) -> None:
    """Champions and their ancestors: when they were made, against their fitness then; the last champion's line is bold.

    ``rounds_of``: iterations in a round. A step into the next round is a champion that was a seed there.
    """
    place = {
        id: (1 + node["round"] + max(0, node["iteration"] + 1) / (rounds_of + 1), node["fitness"] or 0.0)
        for id, node in graph.nodes(data=True)
    }
    for parent, child in graph.edges:
        ax.plot(*zip(place[parent], place[child], strict=True), color=PALE, linewidth=0.8, zorder=1)
    champions = [id for id, node in graph.nodes(data=True) if node["champion"]]
    path = line_of_descent(graph, max(champions))
    ax.plot(*zip(*(place[id] for id in path), strict=True), color=colour(0), linewidth=1.6, zorder=2)
    _points(ax, [place[id] for id in graph if id not in champions], PALE, 10, "ancestor")
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
