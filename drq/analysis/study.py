"""Runs and what was measured of their champions: the value that every table is made from."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from drq.analysis.runs import RunRecord, to_flat
from drq.config import RunConfig
from redcode import Rules, Warrior

STARTER_COPY = -1
"""In ``Study.champions.copy_of``: the champion is a copy of a starter of its run."""
OPPONENT_COPY = -2
"""The same of a warrior that it is measured against."""


@dataclass(frozen=True)
class Study:
    """Everything that the tables are made from."""

    runs: list[RunRecord]
    opponents: list[tuple[str, Warrior]]
    """Name and code of the warriors that every champion fights."""
    placements: int
    seed: int
    """Of the placements."""
    champions: pd.DataFrame
    """A row per champion: run (position in ``runs``), label, group, family, seed, round, id, digest, fitness, length,
    operator, kind; defeats, ties, generality (shares of the opponents; the last is defeated or tied); copy_of, the
    round of the first champion of its run that it is a copy of, ``STARTER_COPY``, ``OPPONENT_COPY``, or NA. A copy has
    exactly the phenotype, or the same code up to parts that its instructions do not use (``redcode.machine.unused``);
    of an opponent the code alone is compared."""
    phenotypes: NDArray[np.float64]
    """(champions, opponents) mean alive share of each champion against each opponent, one on one, 0 to 2."""
    defeats: NDArray[np.bool_]
    """(champions, opponents) whether the champion's fitness is the higher."""
    ties: NDArray[np.bool_]
    """(champions, opponents) whether both are equal."""
    genotypes: NDArray[np.float64]
    """(champions, dimensions) embedding of its code, unit length."""
    embedding: str
    matrices: list[NDArray[np.float64]]
    """By run: (champions, champions) mean alive share of the row's champion against the column's; 1 on the diagonal."""
    beats: list[NDArray[np.bool_]]
    """By run: (champions, champions) whether the row's champion defeats the column's."""
    sure: list[NDArray[np.bool_]]
    """By run: (champions, champions) whether it does so beyond chance: the 95 % interval (Student's t over placements)
    of the difference of both fitnesses leaves out 0."""
    baselines: pd.DataFrame
    """A row per warrior that a run had before any selection over rounds (``drq.analysis.firsts``): run, group, family,
    seed, kind, digest, generality."""
    baseline_defeats: NDArray[np.bool_]
    """(baselines, opponents) which opponents it defeats."""
    baseline_ties: NDArray[np.bool_]
    notes: list[str] = field(default_factory=list)
    """What a reader must know of these runs: unfinished ones, seen opponents."""

    @property
    def groups(self) -> list[str]:
        """The groups' names, in the order in which they first occur."""
        return list(dict.fromkeys(run.group for run in self.runs))

    def config(self, group: str) -> RunConfig:
        """The configuration of a group, but for seed and starter."""
        return next(run.config for run in self.runs if run.group == group)

    @property
    def unit(self) -> str:
        """What a fitness is, in words; where the runs select for different things it is only a ``fitness``."""
        units = {run.config.objective.unit for run in self.runs}
        return units.pop() if len(units) == 1 else "fitness"

    def history(self, group: str) -> str:
        """The paper's K: ``all`` where every past champion is fought."""
        config = self.config(group)
        return "all" if config.history is None or config.history >= self.rounds(group) - 1 else str(config.history)

    def pairs(self, key: str) -> list[tuple[str, str]]:
        """Each two groups of several rounds whose configurations differ in ``key`` alone."""
        flat = {group: to_flat(self.config(group)) for group in self.groups if self.rounds(group) > 1}
        return [
            (one, other)
            for one, other in combinations(flat, 2)
            if {name for name in flat[one] | flat[other] if flat[one].get(name) != flat[other].get(name)} == {key}
        ]

    @property
    def rules(self) -> Rules:
        """The one set of rules."""
        return self.runs[0].config.rules

    @property
    def finished(self) -> list[int]:
        """Positions in ``runs`` of those that have all rounds of their group."""
        return [i for i, run in enumerate(self.runs) if run.complete]

    def common_rounds(self, *groups: str) -> int:
        """How many rounds all of ``groups`` have, from round 0 on."""
        return min(self.rounds(group) for group in groups)

    def rounds(self, group: str) -> int:
        """How many rounds the group's runs have (``RunRecord.planned``)."""
        return next(run.planned for run in self.runs if run.group == group)

    def champions_of(self, rounds: range) -> pd.DataFrame:
        """Rows of ``champions`` of finished runs, in these rounds alone."""
        return self.champions[self.champions["run"].isin(self.finished) & self.champions["round"].isin(rounds)]

    def rows_of(self, run: int) -> NDArray[np.int64]:
        """Positions in ``champions`` of one run's, by round."""
        return np.flatnonzero(self.champions["run"].to_numpy() == run)
