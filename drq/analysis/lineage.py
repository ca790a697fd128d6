"""Where a champion comes from: its ancestors through all rounds, and what changed at each step."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pandas as pd

from drq.analysis.runs import RunRecord
from drq.candidate import Kind
from drq.store.reader import reading
from redcode import assemble
from redcode.language.disassembler import code_text
from redcode.text import difference, printable

FOLDER = "lineages"
"""Of the texts, a file a run."""
<<<<<<< HEAD
_HEAD = re.compile(r"(.*): from candidate \d+ to \d+, champion of t = \d+\n")
=======
_HEAD = re.compile(r"(.*): from candidate \d+ to \d+, champion of (?:round|t =) \d+\n")
CONTEXT = 2
"""Unchanged lines shown around a change, as in the report."""
_ROW = """
SELECT round, iteration, kind, operator, parents, source, name, digest, fitness FROM candidates
LEFT JOIN evaluations ON evaluations.candidate_id = id WHERE id = ?
"""
>>>>>>> 0bffe96 (Count rounds from 0 in every table and figure; keep a lineage in a dict, without networkx)


@dataclass(frozen=True)
class Ancestor:
    """A champion, or a warrior that a champion descends from."""

    id: int
    round: int
    iteration: int
    kind: str
    operator: str
    parents: tuple[int, ...]
    """In the order recorded: the child of a crossover has the head of its first parent. A seed's parent is the champion
    that it stands for."""
    name: str
    digest: str
    fitness: float | None
    """None for a warrior that did not fight."""
    champion: bool
    code: str
    """Canonical redcode."""


Lineage = dict[int, Ancestor]
"""By candidate id; it holds the parents of all its members."""


def lineage(run: RunRecord) -> Lineage:
    """The champions of a run and all their ancestors."""
    found: Lineage = {}
    champions = {champion.id for champion in run.champions}
<<<<<<< HEAD
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
=======
    todo = sorted(champions)
    with closing(open_for_reading(run.directory / RUN_FILE)) as db:
        while todo:
            id = todo.pop()
            if id in found:
                continue
            round, iteration, kind, operator, listed, source, name, digest, fitness = db.execute(_ROW, (id,)).fetchone()
            found[id] = Ancestor(
                id=id,
                round=round,
                iteration=iteration,
                kind=kind,
                operator=printable(operator),
                parents=tuple(json.loads(listed)),
                name=printable(name or ""),
                digest=digest,
                fitness=fitness,
                champion=id in champions,
                code=code_text(assemble(source, run.config.rules), run.config.rules),
            )
            todo.extend(found[id].parents)
    return found
>>>>>>> 0bffe96 (Count rounds from 0 in every table and figure; keep a lineage in a dict, without networkx)


def lineage_table(run: RunRecord, lineage: Lineage) -> pd.DataFrame:
    """One row per member of ``lineage``, the oldest first: run, round, id, parents (ids, the first one first), …."""
    names = ("iteration", "kind", "operator", "digest", "fitness", "champion")
    return pd.DataFrame(
        [
            {
                "run": run.label,
                "round": one.round,
                "id": id,
                "parents": " ".join(map(str, one.parents)),
                **{name: getattr(one, name) for name in names},
            }
            for id, one in sorted(lineage.items())
        ]
    )


@dataclass(frozen=True)
class Step:
    """One edge of the way to a champion."""

    parent: int
    child: int
    diff: str
    """Lines that went (``-``) and came (``+``) with their surroundings and place; empty for an exact copy."""


def line_of_descent(lineage: Lineage, id: int) -> list[int]:
    """The champion ``id`` and its first parents, back to a warrior without any; the oldest first."""
    path = [id]
    while parents := lineage[path[-1]].parents:
        path.append(parents[0])
    return path[::-1]


def steps(lineage: Lineage, path: list[int]) -> list[Step]:
    """The changes along a line of descent."""
    return [
        Step(parent, child, difference(lineage[parent].code, lineage[child].code)) for parent, child in pairwise(path)
    ]


def lineage_text(run: RunRecord) -> str:
    """The line of descent of the run's last champion, with the code it began as and the diff of each step."""
    found = lineage(run)
    path = line_of_descent(found, run.champions[-1].id)
    lines = [f"{run.label}: from candidate {path[0]} to {path[-1]}, champion of round {run.champions[-1].round}", ""]
    lines += [_title(found[path[0]]), found[path[0]].code, ""]
    for step in steps(found, path):
        lines += [_title(found[step.child]), step.diff or "  (the same code)", ""]
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


<<<<<<< HEAD
def _title(graph: nx.DiGraph[int], id: int) -> str:
    node = graph.nodes[id]
    fitness = "" if node["fitness"] is None else f", fitness {node['fitness']:.3f}"
    seed, made = f"seed: {node['name']}", f"iteration {node['iteration']}, {node['operator']} {node['kind']}"
    crown = ", champion" if node["champion"] else ""
    return f"{id}: t = {node['round'] + 1}, {seed if node['kind'] is Kind.SEED else made}{fitness}{crown}"
=======
def _title(one: Ancestor) -> str:
    made = f"seed: {one.name}" if one.kind == "seed" else f"iteration {one.iteration}, {one.operator} {one.kind}"
    fitness = "" if one.fitness is None else f", fitness {one.fitness:.3f}"
    return f"{one.id}: round {one.round}, {made}{fitness}{', champion' if one.champion else ''}"
>>>>>>> 0bffe96 (Count rounds from 0 in every table and figure; keep a lineage in a dict, without networkx)
