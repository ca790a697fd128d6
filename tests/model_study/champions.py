"""Judge the champions of the runs: ``python -m tests.model_study.champions FOLDER``.

Reads FOLDER/runs and writes FOLDER/champions.csv, a row a finished run: how its last champion fares against the
held-out warriors, and its first one in 400 placements that no run fights, against the starter.
"""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pandas as pd

from drq.battles.engine import LocalEngine
from drq.battles.evaluate import draw_arena, evaluate
from drq.battles.scoring import Outcome
from drq.candidate import Kind
from drq.measurements import Cache, Conditions, against
from drq.opponents.held_out import held_out
from drq.randomness import Purpose, generator
from drq.store.reader import RunReader
from redcode import assemble, builtin
from tests.model_study.arms import RUNS
from tests.model_study.families import CONFIG, RULES, STARTERS

PLACEMENTS, SEED = 400, 20_261_128
ENGINE = LocalEngine(1)


def judged(directory: Path) -> dict[str, Any] | None:
    """The row of a run; None for one that is not finished."""
    family = STARTERS.index(directory.name)
    with closing(RunReader.open(directory)) as run:
        champions = run.champions()
        if len(champions) < run.run_config().rounds or None in champions.values():
            return None
        first, last = (assemble(run.candidate(champions[i] or 0).source or "", RULES) for i in (0, max(champions)))
        made = [one for one in run.candidates(range(1, run.last_id() + 1)) if one.kind is not Kind.SEED]
    duels = against([last], held_out(RULES), Conditions(RULES), Cache(None), ENGINE)[0]
    arena = draw_arena(
        generator(SEED, Purpose.PLACEMENTS, family), PLACEMENTS, (builtin(directory.name, RULES),), CONFIG
    )
    return {
        "arm": directory.parent.name,
        "family": directory.name,
        "seed": family,
        "candidates": len(made),
        "fought": sum(one.evaluation is not None for one in made),
        "generality": sum(duel.outcome is not Outcome.LOSES for duel in duels) / len(duels),
        "share": sum(duel.fitness for duel in duels) / len(duels),
        "fitness": evaluate([first], arena, ENGINE)[0].fitness,
    }


def main(folder: Path, jobs: str = "1") -> None:
    """Write the table."""
    places = [folder / "runs" / arm / starter for arm in RUNS for starter in STARTERS]
    with ProcessPoolExecutor(int(jobs), get_context("spawn")) as pool:
        rows = list(pool.map(judged, [place for place in places if place.is_dir()]))
    pd.DataFrame([row for row in rows if row]).to_csv(folder / "champions.csv", index=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
