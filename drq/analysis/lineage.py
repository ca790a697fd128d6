"""Where a champion comes from: its ancestors through all rounds, and what changed at each step."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import networkx as nx
import pandas as pd

from drq.analysis.runs import RunRecord
from drq.candidate import Kind
from drq.store.reader import reading
from redcode import assemble
from redcode.language.disassembler import code_text
from redcode.text import difference, printable

FOLDER = "lineages"
"""Of the texts, a file a run."""
_HEAD = re.compile(r"(.*): from candidate \d+ to \d+, champion of t = \d+\n")


def lineage(run: RunRecord) -> nx.DiGraph[int]:
    """The champions of a run and all their ancestors: an edge from each parent to its child.

    Nodes are candidate ids with round, iteration, kind, operator, parents (in the order recorded: a child of crossover
    has the head of the first), name, digest, fitness (None for what did not fight), champion (bool) and code, the
    canonical text. A seed's edge comes from the champion that it stands for.
    """
    graph: nx.DiGraph[int] = nx.DiGraph()
    champions = {champion.id for champion in run.champions}
    with reading(run.directory) as record:
        for candidate, evaluation in record.candidates(record.ancestors(champions)):
            graph.add_node(
                candidate.id,
                round=candidate.round,
                iteration=candidate.iteration,
                kind=candidate.kind,
                operator=printable(candidate.operator),
                parents=list(candidate.parents),
                name=printable(candidate.name or ""),
                digest=candidate.digest,
                fitness=evaluation.fitness if evaluation else None,
                champion=candidate.id in champions,
                code=code_text(assemble(candidate.source or "", run.config.rules), run.config.rules),
            )
            graph.add_edges_from((parent, candidate.id) for parent in candidate.parents)
    return graph


def lineage_table(run: RunRecord, graph: nx.DiGraph[int]) -> pd.DataFrame:
    """A row a node of ``lineage``, the oldest first: run, t, id, parents (ids, the first one first), and its own."""
    names = ("iteration", "kind", "operator", "digest", "fitness", "champion")
    return pd.DataFrame(
        [
            {
                "run": run.label,
                "t": graph.nodes[id]["round"] + 1,
                "id": id,
                "parents": " ".join(map(str, graph.nodes[id]["parents"])),
                **{name: graph.nodes[id][name] for name in names},
            }
            for id in sorted(graph)
        ]
    )


@dataclass(frozen=True)
class Step:
    """One edge of the way to a champion."""

    parent: int
    child: int
    diff: str
    """Lines that went (``-``) and came (``+``) with their surroundings and place; empty for an exact copy."""


def line_of_descent(graph: nx.DiGraph[int], id: int) -> list[int]:
    """The champion ``id`` and its first parents, back to a warrior without any; the oldest first."""
    path = [id]
    while parents := graph.nodes[path[-1]]["parents"]:
        path.append(parents[0])
    return path[::-1]


def steps(graph: nx.DiGraph[int], path: list[int]) -> list[Step]:
    """The changes along a line of descent."""
    return [
        Step(parent, child, difference(graph.nodes[parent]["code"], graph.nodes[child]["code"]))
        for parent, child in pairwise(path)
    ]


def lineage_text(run: RunRecord) -> str:
    """The line of descent of the run's last champion, with the code it began as and the diff of each step."""
    graph = lineage(run)
    path = line_of_descent(graph, run.champions[-1].id)
    lines = [f"{run.label}: from candidate {path[0]} to {path[-1]}, champion of t = {run.champions[-1].round + 1}", ""]
    lines += [_title(graph, path[0]), graph.nodes[path[0]]["code"], ""]
    for step in steps(graph, path):
        lines += [_title(graph, step.child), step.diff or "  (the same code)", ""]
    return "\n".join(lines)


def lineage_file(label: str) -> str:
    """Where the text of the run with this label is written, below the folder of the results."""
    return f"{FOLDER}/{label.replace('/', '_')}.txt"


def stale_lineages(folder: Path, written: Collection[Path]) -> list[Path]:
    """Texts of other runs than those ``written`` now, from an earlier analysis into the same ``folder``.

    A file whose name and first line do not say the same run is somebody's own.
    """
    others = (path for path in sorted((folder / FOLDER).glob("*.txt")) if path not in written and path.is_file())
    return [
        path for path in others if (head := _HEAD.match(_first_line(path))) and path == folder / lineage_file(head[1])
    ]


def _first_line(path: Path) -> str:
    with path.open(encoding="utf-8", errors="replace") as file:
        return file.readline()


def _title(graph: nx.DiGraph[int], id: int) -> str:
    node = graph.nodes[id]
    fitness = "" if node["fitness"] is None else f", fitness {node['fitness']:.3f}"
    seed, made = f"seed: {node['name']}", f"iteration {node['iteration']}, {node['operator']} {node['kind']}"
    crown = ", champion" if node["champion"] else ""
    return f"{id}: t = {node['round'] + 1}, {seed if node['kind'] is Kind.SEED else made}{fitness}{crown}"
