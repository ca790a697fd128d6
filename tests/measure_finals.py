"""How far to trust a champion's fitness, and whether it was the best: ``python -m tests.measure_finals RUN... [N]``.

RUN are directories of runs with ``crown``. All finalists of each round are fought again in N placements (1000) that no
run knows, which gives their true fitness, close enough. The paper's rule would have crowned the fittest of them in the
round; both choices are judged on the same rounds.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from drq.battles.engine import LocalEngine
from drq.battles.evaluate import draw_arena, evaluate
from drq.measurements.intervals import wilson_interval
from drq.store.reader import RunReader, reading
from redcode import Warrior, assemble

SEED = 20_260_000


class Choice(NamedTuple):
    """A champion: of the paper's rule, or of the finals."""

    reported: float
    """Fitness in the placements that the rule reports."""
    true: float
    """Fitness in the placements of this measurement."""
    best: float
    """The highest true fitness among the round's finalists."""


def choices(run: RunReader, placements: int, threads: int | None = None) -> Iterator[tuple[Choice, Choice]]:
    """For each round of ``run`` with finals the choice of the paper's rule, and that of the finals."""
    config, fitness = run.run_config(), run.champion_fitness()
    rules = config.rules
    starters = [assemble(starter.source, rules) for starter in run.starters()]

    def warrior(id: int) -> Warrior:
        return assemble(run.candidate(id).source or "", rules)

    for round, champion in run.champions().items():
        finalists = [row.candidate_id for row in run.finals(round) if row.heat == 0]
        if not finalists or champion is None:
            continue
        opponents = tuple(
            starters[opponent.starter] if opponent.candidate_id is None else warrior(opponent.candidate_id)
            for opponent in run.opponents(round)
        )
        arena = draw_arena(np.random.default_rng((SEED, round)), placements, opponents, config)
        fought = evaluate([warrior(id) for id in finalists], arena, LocalEngine(threads))
        true = {id: evaluation.fitness for id, evaluation in zip(finalists, fought, strict=True)}
        fittest = max(finalists, key=lambda id: (run.evaluation(id).fitness, -id))
        best = max(true.values())
        yield (
            Choice(run.evaluation(fittest).fitness, true[fittest], best),
            Choice(fitness[round], true[champion], best),
        )


def main(directories: list[Path], placements: int) -> None:
    """Print a line for each rule."""
    found = []
    for directory in directories:
        with reading(directory) as run:
            found += list(choices(run, placements))
    for name, chosen in zip(("fittest of the round", "winner of the finals"), zip(*found, strict=True), strict=True):
        reported, true, best = np.array(chosen).T
        shrinkage, lost = reported - true, best - true
        error = 1.96 * np.std(shrinkage, ddof=1) / np.sqrt(len(shrinkage))
        hits = int(np.sum(true == best))
        share = wilson_interval(hits, len(true))
        print(
            f"{name}: reported {reported.mean():.3f}, true {true.mean():.3f}, shrinkage {shrinkage.mean():.3f}"
            f" ({shrinkage.mean() - error:.3f} to {shrinkage.mean() + error:.3f});"
            f" the best finalist in {hits} of {len(true)} rounds ({share.low:.0%} to {share.high:.0%}),"
            f" {lost.mean():.3f} below the best"
        )


if __name__ == "__main__":
    given = sys.argv[1:]
    number = int(given.pop()) if given[-1].isdigit() else 1000
    main([Path(name) for name in given], number)
