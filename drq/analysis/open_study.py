"""From paths to a measured study: what ``drq analyze`` and the notebooks begin with."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from contextlib import closing
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from drq.analysis.firsts import STARTER, Baseline, first_warriors
from drq.analysis.runs import RunRecord, load_runs
from drq.analysis.study import OPPONENT_COPY, STARTER_COPY, Study
from drq.battles.duels import Duel
from drq.battles.engine import build as build_engine
from drq.battles.scoring import Outcome
from drq.measurements import PLACEMENTS, SEED, Cache, Conditions, embeddings, measure_runs, vectors
from drq.measurements.cache import Pair
from drq.opponents.entries import Entries, Skipped, load_entries
from drq.opponents.held_out import held_out_group
from drq.progress import Progress, quiet
from redcode import Warrior
from redcode.machine.unused import used_code
from redcode.text import plural

FEW_OPPONENTS = 10
"""Of fewer a note warns."""
FEW_NAMED = 3
"""Reasons told, and names of each."""


def open_study(
    paths: Iterable[Path],
    *,
    opponents: Sequence[str] = (),
    placements: int = PLACEMENTS,
    seed: int = SEED,
    embedding: Mapping[str, Any] | None = None,
    engine: Mapping[str, Any] | None = None,
    threads: int | None = None,
    progress: Progress = quiet,
) -> Study:
    """Read the runs under ``paths`` and measure their champions against ``opponents``.

    Each pair meets in ``placements`` drawn from ``seed``. ``opponents`` are as in a tournament
    (``drq.opponents.entries.load_entries``), by default the held-out warriors; those that do not assemble are left out,
    and a note of the study names them. ``embedding`` and ``engine`` are the settings of their config groups: code
    n-grams and this machine by default. Raises ConfigError, StoreError, and what the embedding raises.
    """
    embedder = embeddings.build(embedding or {"name": "ngrams"})
    fights = build_engine(engine or {"name": "local"}, threads)
    runs = load_runs(paths)
    conditions = Conditions(runs[0].config.rules, placements, seed)
    found = load_entries(opponents or [held_out_group(conditions.rules)], conditions.rules, "opponents")
    fought = [one.warrior for one in found.warriors]
    names = [warrior.digest for warrior in fought]
    firsts = [first_warriors(run) for run in runs]
    parts = [(run.directory, _pairs(run, own, names)) for run, own in zip(runs, firsts, strict=True)]
    duels = measure_runs(parts, _warriors(runs, firsts, fought), conditions, fights, progress)
    champions, baselines = _champion_rows(runs), _baseline_rows(runs, firsts)
    phenotypes, defeats, ties = _against(champions, names, duels)
    baseline_phenotypes, baseline_defeats, baseline_ties = _against(baselines, names, duels)
    champions["defeats"], champions["ties"] = defeats.mean(axis=1), ties.mean(axis=1)
    champions["generality"] = champions["defeats"] + champions["ties"]
    champions["copy_of"] = _copies(runs, phenotypes, baselines, baseline_phenotypes, fought)
    baselines["generality"] = (baseline_defeats | baseline_ties).mean(axis=1)
    matrices, beats, sure = zip(
        *(_matrices(run, own, placements) for run, own in zip(runs, duels, strict=True)), strict=True
    )
    genotypes = []
    for run in runs:
        with closing(Cache(run.directory)) as cache:
            own = [champion.warrior for champion in run.champions]
            genotypes.append(vectors(own, embedder, conditions.rules, cache))
    return Study(
        runs=runs,
        opponents=[(one.name, one.warrior) for one in found.warriors],
        placements=placements,
        seed=seed,
        champions=champions,
        phenotypes=phenotypes,
        defeats=defeats,
        ties=ties,
        genotypes=np.concatenate(genotypes),
        embedding=embedder.name,
        matrices=list(matrices),
        beats=list(beats),
        sure=list(sure),
        baselines=baselines,
        baseline_defeats=baseline_defeats,
        baseline_ties=baseline_ties,
        notes=[*_runs_notes(runs, found), *_opponents_notes(found)],
    )


def _pairs(run: RunRecord, firsts: Sequence[Baseline], opponents: Sequence[str]) -> list[Pair]:
    """Champions and baselines against the opponents, champions against each other."""
    own = [champion.warrior.digest for champion in run.champions]
    measured = [*own, *(first.warrior.digest for first in firsts)]
    return [(digest, other) for digest in measured for other in opponents] + list(combinations(own, 2))


def _warriors(
    runs: Sequence[RunRecord], firsts: Sequence[Sequence[Baseline]], opponents: Sequence[Warrior]
) -> dict[str, Warrior]:
    """All that fight, by digest."""
    champions = (champion.warrior for run in runs for champion in run.champions)
    others = (first.warrior for own in firsts for first in own)
    return {warrior.digest: warrior for warrior in (*champions, *others, *opponents)}


def _champion_rows(runs: Sequence[RunRecord]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "run": i,
                "label": run.label,
                "group": run.group,
                "family": run.family,
                "seed": run.config.seed,
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
            (i, run.group, run.family, run.config.seed, first.kind, first.warrior.digest)
            for i, (run, own) in enumerate(zip(runs, baselines, strict=True))
            for first in own
        ],
        columns=["run", "group", "family", "seed", "kind", "digest"],
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


def _copies(
    runs: Sequence[RunRecord],
    phenotypes: NDArray[np.float64],
    baselines: pd.DataFrame,
    baseline_phenotypes: NDArray[np.float64],
    opponents: Sequence[Warrior],
) -> pd.Series[int]:
    """``Study.champions.copy_of``; ``phenotypes`` are those of all champions, run after run."""
    found: list[int | None] = []
    rows = iter(phenotypes)
    for i, run in enumerate(runs):
        seen: dict[Hashable, int] = dict.fromkeys(map(used_code, opponents), OPPONENT_COPY)
        seen |= dict.fromkeys(map(used_code, run.starters), STARTER_COPY)
        starters = ((baselines["run"] == i) & (baselines["kind"] == STARTER)).to_numpy()
        seen |= {row.tobytes(): STARTER_COPY for row in baseline_phenotypes[starters]}
        for champion in run.champions:
            keys = (next(rows).tobytes(), used_code(champion.warrior))
            found.append(min((seen[key] for key in keys if key in seen), default=None))
            for key in keys:
                seen.setdefault(key, champion.round)
    return pd.Series(found, dtype="Int64")


def _matrices(
    run: RunRecord, duels: Mapping[Pair, Duel], placements: int
) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_]]:
    """A run's (champions, champions) of ``Study.matrices``, ``beats`` and ``sure``."""
    count = len(run.champions)
    matrix, beats, sure = np.ones((count, count)), *np.zeros((2, count, count), dtype=bool)
    for i, one in enumerate(run.champions):
        for j, other in enumerate(run.champions[i + 1 :], i + 1):
            duel = duels[one.warrior.digest, other.warrior.digest]
            matrix[i, j], matrix[j, i] = duel.fitness, duel.opponent_fitness
            beats[i, j], beats[j, i] = duel.outcome is Outcome.DEFEATS, duel.outcome is Outcome.LOSES
            sure[i, j] = sure[j, i] = _beyond_chance(duel, placements)
    return matrix, beats, sure & beats


def _beyond_chance(duel: Duel, placements: int) -> bool:
    """Whether the 95 % interval of the difference leaves out 0; never with a single placement, which has none."""
    if placements < 2:
        return False
    half = stats.t.ppf(0.975, placements - 1) * duel.spread / np.sqrt(placements)
    return bool(abs(duel.fitness - duel.opponent_fitness) > half)


def _runs_notes(runs: Sequence[RunRecord], found: Entries) -> list[str]:
    """Which runs are not finished, and which opponents are not unseen."""
    notes = [
        f"{run.label} has {plural(len(run.champions), 'champion')} of {run.planned} planned rounds: it is left out of "
        "everything that needs all rounds"
        for run in runs
        if not run.complete
    ]
    for group, rounds in dict.fromkeys((run.group, run.planned) for run in runs if run.config.minutes is not None):
        notes.append(f"{group}: time decides how many rounds a run has; all its runs have {rounds}, which count here")
    starters = {starter.digest for run in runs for starter in run.starters}
    if met := sorted(one.name for one in found.warriors if one.warrior.digest in starters):
        notes.append(f"not unseen: {len(met)} of the opponents were starters of a run here: {', '.join(met[:5])}")
    return notes


def _opponents_notes(found: Entries) -> list[str]:
    """Who was left out and why, and that too few are left."""
    notes, count = [], len(found.warriors)
    if found.skipped:
        of = count + len(found.skipped)
        why = _reasons(found.skipped)
        notes.append(f"{len(found.skipped)} of {of} opponents are left out, because they do not assemble here: {why}")
    if count < FEW_OPPONENTS:
        notes.append(f"only {plural(count, 'opponent')}: each counts for {100 / count:.0f} % of generality")
    return notes


def _reasons(skipped: Sequence[Skipped]) -> str:
    """Each reason once, without its place in the file, with the names of the first it holds for."""
    names: dict[str, list[str]] = {}
    for file in skipped:
        names.setdefault(file.reason, []).append(file.name)
    told = [f"{reason} ({_first(those, 'more')})" for reason, those in names.items()]
    return _first(told, "other reasons", "; ")


def _first(texts: Sequence[str], what: str, comma: str = ", ") -> str:
    left = len(texts) - FEW_NAMED
    return comma.join(texts[:FEW_NAMED]) + (f" and {left} {what}" if left > 0 else "")
