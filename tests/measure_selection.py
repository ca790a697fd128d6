"""Whether selection does anything: ``python -m tests.measure_selection SETUP [--out FOLDER]``.

Sixteen families evolve twice at equal candidates: with mutation and selection, and with new warriors only. Champions
are chosen the same way, in finals. Then the last champions of both fight all held-out warriors for their core in
placements that no run fights. All of it once more without the operator's fragments: 64 runs, together about 15 minutes
of a processor. Each writes one file to ``--out``, and the same command goes on with what is missing. ``--workers``
processes work at a time, and none begins after ``--minutes``.

In the setups ``melee`` (the paper's objective) and ``duels`` a family is a starter in a core of 8000, which is also a
parent, and a round fights it and the last champion. In the setup ``strong`` it is a seed of ``experiment=strong`` in a
core of 800: a round fights the built-in warriors for that core, which are also parents, and champions; ``company`` is
the same from random code.
"""

from __future__ import annotations

from argparse import ArgumentParser
from contextlib import closing
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd

from drq.battles.engine import LocalEngine
from drq.battles.hill import draw_placements, fight_pairs, points
from drq.cli.configure import configure
from drq.opponents.held_out import held_out_groups
from drq.opponents.names import load_warriors
from drq.run.observer import Observer
from drq.store.reader import RunReader
from redcode import Rules, Warrior, assemble, builtin_names
from tests.jobs import results
from tests.strength_tables import selection

K1 = ("experiment=paper", "rounds=3", "iterations=200", "history=1", "crown.among=8", "crown.placements=64")
FEW = ("experiment=strong", "rules=tiny", "minutes=null", "rounds=3", "iterations=200", "placements=8")
STARTERS = tuple(f"starter={name}" for name in (*builtin_names("starters"), "silk", "cutter"))
SETUPS = {
    "melee": (K1, STARTERS),
    "duels": ((*K1, "objective=duels", "placements=8"), STARTERS),
    "strong": (FEW, ("starter=fitting",) * 16),
    "company": ((*FEW, "archive.begin=empty"), ("starter=fitting",) * 16),
}
"""By name: the settings of all runs, and those of each family."""
NEW_ONLY = ("initial=0", "new_share=1.0")
PLACEMENTS = 40


def score(warrior: Warrior, rules: Rules) -> float:
    """Points against all held-out warriors, in the same placements for every warrior."""
    opponents = [one.warrior for one in load_warriors(held_out_groups(rules), rules, "opponents")]
    pairs = np.array([(0, 1 + other) for other in range(len(opponents))])
    placements = draw_placements(np.random.default_rng(20_260_003), len(pairs), PLACEMENTS, rules)
    results = list(fight_pairs([warrior, *opponents], pairs, placements, rules, LocalEngine(1)))
    return 100 * float(points(np.concatenate(results)).mean())


def champion(setup: str, fragments: bool, family: int, selection: bool) -> dict[str, Any]:
    """Score and source of the last champion of one run."""
    common, own = SETUPS[setup]
    arm = () if selection else NEW_ONLY
    settings = (*common, own[family], *arm, f"operator.fragments={fragments}", f"seed={family}", "threads=1")
    with TemporaryDirectory() as place:
        run = configure([*settings, f"run_dir={place}/run"])
        run.execute(lambda operator: Observer())
        with closing(RunReader.open(run.directory)) as record:
            last = max((round, id) for round, id in record.champions().items() if id is not None)[1]
            source = record.candidate(last).source or ""
            return {"score": score(assemble(source, run.config.rules), run.config.rules), "source": source}


def main() -> None:
    """Do what is missing, then print the table of all that there is."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("setup", choices=list(SETUPS))
    parser.add_argument("--out", type=Path, default=Path("selection"))
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--minutes", type=float, default=1e6)
    given = parser.parse_args()
    families = range(len(SETUPS[given.setup][1]))
    jobs = [(given.setup, fragments, family, arm) for family, fragments, arm in product(families, *2 * [(True, False)])]
    found = results(champion, jobs, given.out, given.workers, given.minutes)
    columns = ("setup", "fragments", "family", "selection")
    table = pd.DataFrame([dict(zip(columns, job, strict=True)) | {"score": run["score"]} for job, run in found.items()])
    table.to_csv(given.out / "selection.csv", index=False)
    print("\n".join(selection(table)))


if __name__ == "__main__":
    main()
