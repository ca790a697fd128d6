"""Runs and what was measured of their champions, ready for every table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from drq.analysis.firsts import Baseline, first_warriors
from drq.analysis.runs import RunRecord, to_flat
from drq.battles.duels import Duel
from drq.battles.engine import Engine
from drq.battles.scoring import Outcome
from drq.config import RunConfig
from drq.measurements import Cache, Conditions, measure_runs, vectors
from drq.measurements.cache import Pair
from drq.measurements.embeddings.base import Embedding
from drq.progress import Progress, quiet
from redcode import Rules, Warrior


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
    """A row a champion: run (position in ``runs``), group, family, round, id, digest, fitness,
    length, operator, kind; defeats, ties, generality (shares of the opponents; the last is defeated or tied); copy_of,
    the round of the first champion of its run with exactly its phenotype, NA where that is itself: a neutral copy."""
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
    """A row a warrior that a run wrote before there was any selection over rounds: see ``drq.analysis.firsts``."""
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

    def history(self, group: str) -> str:
        """The paper's K: ``all`` where every past champion is fought."""
        config = self.config(group)
        return "all" if config.history is None or config.history >= config.rounds - 1 else str(config.history)

    def pairs(self, key: str) -> list[tuple[str, str]]:
        """Each two groups of several rounds whose configurations differ in ``key`` alone."""
        flat = {group: to_flat(self.config(group)) for group in self.groups if self.config(group).rounds > 1}
        return [
            (one, other)
            for one, other in combinations(flat, 2)
            if {name for name in flat[one] | flat[other] if flat[one].get(name) != flat[other].get(name)} == {key}
        ]

    @property
    def rules(self) -> Rules:
        """The one set of rules."""
        return self.runs[0].config.rules

    def last_champions(self, group: str) -> NDArray[np.int64]:
        """Positions in ``champions`` of the last one of each of the group's runs."""
        last = self.champions[self.champions["group"] == group].groupby("run").tail(1)
        return np.asarray(last.index.to_numpy(), dtype=np.int64)

    def rows_of(self, run: int) -> NDArray[np.int64]:
        """Positions in ``champions`` of one run's, by round."""
        return np.flatnonzero(self.champions["run"].to_numpy() == run)


@dataclass(frozen=True)
class Measurer:
    """How a study is measured."""

    opponents: Sequence[tuple[str, Warrior]]
    conditions: Conditions
    embedding: Embedding
    engine: Engine


def measure(runs: Sequence[RunRecord], measurer: Measurer, progress: Progress = quiet) -> Study:
    """Fight what has not been fought yet, embed what has not been embedded, and lay it out.

    Raises what the embedding raises. Results are kept beside each run (``drq.measurements``).
    """
    firsts = [first_warriors(run) for run in runs]
    parts = [(run.directory, _pairs(run, own, measurer)) for run, own in zip(runs, firsts, strict=True)]
    duels = measure_runs(parts, _warriors(runs, firsts, measurer), measurer.conditions, measurer.engine, progress)
    champions = _champion_rows(runs)
    names = [warrior.digest for _, warrior in measurer.opponents]
    phenotypes, defeats, ties = _against(champions, names, duels)
    champions["defeats"], champions["ties"] = defeats.mean(axis=1), ties.mean(axis=1)
    champions["generality"] = champions["defeats"] + champions["ties"]
    champions["copy_of"] = _copies(champions, phenotypes)
    baselines = _baseline_rows(runs, firsts)
    _, baseline_defeats, baseline_ties = _against(baselines, names, duels)
    fought = [_matrices(run, own, measurer.conditions) for run, own in zip(runs, duels, strict=True)]
    matrices, beats, sure = zip(*fought, strict=True)
    return Study(
        runs=list(runs),
        opponents=list(measurer.opponents),
        placements=measurer.conditions.placements,
        seed=measurer.conditions.seed,
        champions=champions,
        phenotypes=phenotypes,
        defeats=defeats,
        ties=ties,
        genotypes=np.concatenate([_genotypes(run, measurer) for run in runs]),
        embedding=measurer.embedding.name,
        matrices=list(matrices),
        beats=list(beats),
        sure=list(sure),
        baselines=baselines,
        baseline_defeats=baseline_defeats,
        baseline_ties=baseline_ties,
        notes=_notes(runs, measurer.opponents),
    )


def _pairs(run: RunRecord, firsts: Sequence[Baseline], measurer: Measurer) -> list[Pair]:
    """Champions and baselines against the opponents, champions against each other."""
    own = [champion.warrior.digest for champion in run.champions]
    measured = [*own, *(first.warrior.digest for first in firsts)]
    pairs = [(digest, other.digest) for digest in measured for _, other in measurer.opponents]
    return pairs + list(combinations(own, 2))


def _warriors(
    runs: Sequence[RunRecord], firsts: Sequence[Sequence[Baseline]], measurer: Measurer
) -> dict[str, Warrior]:
    """All that fight, by digest."""
    champions = (champion.warrior for run in runs for champion in run.champions)
    others = (first.warrior for own in firsts for first in own)
    everyone = (*champions, *others, *(warrior for _, warrior in measurer.opponents))
    return {warrior.digest: warrior for warrior in everyone}


def _genotypes(run: RunRecord, measurer: Measurer) -> NDArray[np.float64]:
    with closing(Cache(run.directory)) as cache:
        own = [champion.warrior for champion in run.champions]
        return vectors(own, measurer.embedding, measurer.conditions.rules, cache)


def _champion_rows(runs: Sequence[RunRecord]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "run": i,
                "label": run.label,
                "group": run.group,
                "family": run.family,
                "round": champion.round,
                "id": champion.id,
                "digest": champion.warrior.digest,
                "fitness": champion.fitness,
                "length": len(champion.warrior),
                "operator": champion.operator,
                "kind": champion.kind,
            }
            for i, run in enumerate(runs)
            for champion in run.champions
        ]
    )


def _baseline_rows(runs: Sequence[RunRecord], baselines: Sequence[Sequence[Baseline]]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"run": i, "group": run.group, "kind": first.kind, "digest": first.warrior.digest}
            for i, (run, own) in enumerate(zip(runs, baselines, strict=True))
            for first in own
        ],
        columns=["run", "group", "kind", "digest"],
    )


def _against(
    rows: pd.DataFrame, opponents: Sequence[str], duels: Sequence[Mapping[Pair, Duel]]
) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_]]:
    """(rows, opponents) fitness, defeated and tied, for rows with a run and a digest; an equal code ties."""
    fought = [
        [duels[run][digest, other] for other in opponents]
        for run, digest in zip(rows["run"], rows["digest"], strict=True)
    ]
    shape = (len(rows), len(opponents))
    fitness = np.array([[duel.fitness for duel in row] for row in fought]).reshape(shape)
    outcomes = np.array([[duel.outcome for duel in row] for row in fought]).reshape(shape)
    return fitness, outcomes == Outcome.DEFEATS, outcomes == Outcome.TIES


def _copies(champions: pd.DataFrame, phenotypes: NDArray[np.float64]) -> pd.Series[int]:
    """``Study.champions.copy_of``."""
    keys = pd.Series([row.tobytes() for row in phenotypes], index=champions.index)
    first = champions.groupby(["run", keys])["round"].transform("min")
    return first.where(first < champions["round"]).astype("Int64")


def _matrices(
    run: RunRecord, duels: Mapping[Pair, Duel], conditions: Conditions
) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_]]:
    """A run's (champions, champions) of ``Study.matrices``, ``beats`` and ``sure``."""
    count = len(run.champions)
    matrix, beats, sure = np.ones((count, count)), *np.zeros((2, count, count), dtype=bool)
    for i, one in enumerate(run.champions):
        for j, other in enumerate(run.champions[i + 1 :], i + 1):
            duel = duels[one.warrior.digest, other.warrior.digest]
            matrix[i, j], matrix[j, i] = duel.fitness, duel.opponent_fitness
            beats[i, j], beats[j, i] = duel.outcome is Outcome.DEFEATS, duel.outcome is Outcome.LOSES
            sure[i, j] = sure[j, i] = _beyond_chance(duel, conditions.placements)
    return matrix, beats, sure & beats


def _beyond_chance(duel: Duel, placements: int) -> bool:
    """Whether the 95 % interval of the difference leaves out 0; never with a single placement, which has none."""
    if placements < 2:
        return False
    half = stats.t.ppf(0.975, placements - 1) * duel.spread / np.sqrt(placements)
    return bool(abs(duel.fitness - duel.opponent_fitness) > half)


def _notes(runs: Sequence[RunRecord], opponents: Sequence[tuple[str, Warrior]]) -> list[str]:
    notes = [
        f"{run.label} has {len(run.champions)} champions of {run.config.rounds} planned rounds: "
        "it is left out of everything that needs all rounds"
        for run in runs
        if not run.complete
    ]
    names = {warrior.digest: name for name, warrior in opponents}
    met = sorted({names[starter.digest] for run in runs for starter in run.starters if starter.digest in names})
    if met:
        notes.append(f"not unseen: {len(met)} of the opponents were starters of a run here: {', '.join(met[:5])}")
    return notes
