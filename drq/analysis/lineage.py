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
"""Folder of the texts, one file per run."""
_HEAD = re.compile(r"(.*): from candidate \d+ to \d+, champion of (?:round|t =) \d+\n")


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
    with reading(run.directory) as record:
        for candidate in record.candidates(record.ancestors(champions)):
            found[candidate.id] = Ancestor(
                id=candidate.id,
                round=candidate.round,
                iteration=candidate.iteration,
                kind=str(candidate.kind),
                operator=printable(candidate.operator),
                parents=tuple(candidate.parents),
                name=printable(candidate.name or ""),
                digest=candidate.digest or "",
                fitness=candidate.fitness,
                champion=candidate.id in champions,
                code=code_text(assemble(candidate.source or "", run.config.rules), run.config.rules),
            )
    return found


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


def _title(one: Ancestor) -> str:
    made = f"seed: {one.name}" if one.kind == Kind.SEED else f"iteration {one.iteration}, {one.operator} {one.kind}"
    fitness = "" if one.fitness is None else f", fitness {one.fitness:.3f}"
    return f"{one.id}: round {one.round}, {made}{fitness}{', champion' if one.champion else ''}"
