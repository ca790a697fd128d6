"""The phylogeny of a run: how deep it is, how often it is swept, and how much of it descends from the starters.

A warrior descends from its first parent. A seed is the champion or the starter that it stands for, so lines go on from
round to round.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from drq.analysis.contrasts import compare_common
from drq.analysis.runs import RunRecord
from drq.analysis.study import Study
from drq.candidate import Kind
from drq.store.reader import reading

MEASURES = {
    "depth": "Depth of the archive, changes",
    "sweep": "Rounds with a sweep",
    "from_starters": "Archive descended from starters",
    "champion_from_starters": "Champions descended from starters",
}
"""Each column of ``phylogeny_table`` that is compared, and its meaning."""


@dataclass(frozen=True)
class Tree:
    """Who descends from whom."""

    parents: Mapping[int, int]
    """The first parent of each warrior; one that is not in it has none."""
    stands_for: Mapping[int, int]
    """Of a seed the warrior that it is. Starters have negative numbers."""

    def path(self, id: int) -> list[int]:
        """The warrior and its ancestors, the oldest last."""
        found = [self._itself(id)]
        while (parent := self.parents.get(found[-1])) is not None:
            found.append(self._itself(parent))
        return found

    def _itself(self, id: int) -> int:
        while id in self.stands_for:
            id = self.stands_for[id]
        return id


def common_ancestor(paths: Collection[Collection[int]]) -> int | None:
    """The youngest warrior that is on more than half of the ``paths``, each with the oldest last; None without one."""
    counts = Counter(id for path in paths for id in path)
    shared = max(([id for id in path if 2 * counts[id] > len(paths)] for path in paths), key=len, default=[])
    return shared[0] if shared else None


def tree(run: RunRecord) -> Tree:
    """All candidates of the run."""
    starters = {one.digest: -1 - i for i, one in enumerate(run.starters)}
    parents, stands_for = {}, {}
    with reading(run.directory) as record:
        rows = record.ordered_rows("candidates", ["id", "kind", "digest", "parents"])
    for id, kind, digest, own in rows:
        first = next(iter(json.loads(own)), None)
        if kind == Kind.SEED:
            original = starters.get(digest, first)
            if original is not None:
                stands_for[id] = original
        elif first is not None:
            parents[id] = first
    return Tree(parents, stands_for)


def phylogeny_table(study: Study) -> pd.DataFrame:
    """A row per run and finished round: run, group, family, seed, round, elites, and what the archive descends from.

    ``depth`` is the mean number of changes from an elite back to a warrior without parents; ``founders`` how many of
    those the archive descends from. ``ancestor`` is the candidate that is ``common_ancestor`` of the elites (NA without
    one, negative for a starter) and ``sweep`` says whether it is another than that of the round before, so round 0 has
    none. ``from_starters`` is the share of elites that are a starter or descend from one, and ``champion_depth`` and
    ``champion_from_starters`` are of the round's champion.
    """
    return pd.concat([_of_run(run) for run in study.runs], ignore_index=True)


def _of_run(run: RunRecord) -> pd.DataFrame:
    found, before, rows = tree(run), None, []
    champions = {champion.round: champion.id for champion in run.champions}
    with reading(run.directory) as record:
        archives = [record.archive(round) for round in range(run.rounds)]
    for round, elites in enumerate(archives):
        paths = [found.path(id) for id in elites]
        ancestor = common_ancestor(paths)
        champion = found.path(champions[round]) if round in champions else None
        rows.append(
            {
                "round": round,
                "elites": len(paths),
                "depth": _depth(paths),
                "founders": len({path[-1] for path in paths}),
                "ancestor": ancestor,
                "sweep": np.nan if round == 0 else float(ancestor is not None and ancestor != before),
                "from_starters": _from_starters(paths),
                "champion_depth": _depth([champion] if champion else []),
                "champion_from_starters": _from_starters([champion] if champion else []),
            }
        )
        before = ancestor
    table = pd.DataFrame(rows).astype({"ancestor": "Int64"})
    start = {"run": run.label, "group": run.group, "family": run.family, "seed": run.config.seed}
    return pd.DataFrame(start, index=table.index).join(table)


def _depth(paths: Iterable[Collection[int]]) -> float:
    return _mean([len(path) - 1 for path in paths])


def _from_starters(paths: Iterable[list[int]]) -> float:
    return _mean([path[-1] < 0 for path in paths])


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values)) if values else np.nan


def compare_phylogenies(study: Study, table: pd.DataFrame) -> pd.DataFrame:
    """All groups against each other: ``compare_common`` of what ``phylogeny_table`` gave."""
    pairs = combinations(study.groups, 2)
    return compare_common(study, pairs, MEASURES, lambda rounds: table[table["round"] < rounds])
