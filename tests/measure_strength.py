"""Which part of the method makes champions strong: ``python -m tests.measure_strength OPPONENTS [SEEDS [SECONDS]]``.

Every arm evolves tiny warriors for as many seconds of one processor (150) and as many seeds (5), from the same built-in
ones; the last arm begins with random code. Then the champions of the first and of the last round and the strongest one
(``drq.strength.strongest``) meet the warriors of the folder OPPONENTS, which no evolution has met, in placements of
each pair's own. Points are 3 per win and 1 per tie, per 100 battles. Two processes work at a time.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, suppress
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np

from drq.battles.engine import LocalEngine
from drq.battles.hill import LOST, WON, draw_placements, fight_pairs, points
from drq.cli.configure import configure
from drq.operators.base import Operator
from drq.opponents.entries import load_entries
from drq.run.observer import Inserted, Observer
from drq.stop import Interrupted
from drq.store.reader import RunReader
from drq.strength import strongest
from drq.student import t_quantile
from redcode import TINY, Warrior, assemble

START = ("rules=tiny", "starter=fitting", "rounds=1000", "history=19", "threads=1", "operator.in_flight=16")
DUELS = ("experiment=paper", "objective=duels", "placements=4", *START)
STRONG = ("experiment=strong", "rules=tiny", "minutes=null", "threads=1")
ARMS = {
    "melee (Kumar 2026)": ("experiment=paper", *START),
    "duels": DUELS,
    "duels, champions in finals": (*DUELS, "crown.among=8", "crown.placements=32"),
    "population": ("experiment=population", *STRONG[1:]),
    "strong": STRONG,
    "strong, from random code": (*STRONG, "archive.seeds=false"),
}
PLACEMENTS = 40


class Strength(NamedTuple):
    """Points and share of opponents beaten."""

    points: float
    beaten: float


class Enough(Observer):
    """Ends a run after some seconds of processor time."""

    def __init__(self, seconds: float) -> None:
        self._end = time.process_time() + seconds

    def inserted(self, event: Inserted) -> None:
        """Look at the clock."""
        if time.process_time() > self._end:
            raise Interrupted


def measure(warrior: Warrior, opponents: Sequence[Warrior]) -> Strength:
    """Against each of ``opponents`` in placements of its own, the same ones for every warrior."""
    pairs = np.array([(0, 1 + other) for other in range(len(opponents))])
    placements = draw_placements(np.random.default_rng(20_260_002), len(pairs), PLACEMENTS, TINY)
    results = np.concatenate(list(fight_pairs([warrior, *opponents], pairs, placements, TINY, LocalEngine(1))))
    beaten = np.sum(results == WON, axis=1) > np.sum(results == LOST, axis=1)
    return Strength(100 * float(points(results).mean()), 100 * float(beaten.mean()))


def evolved(job: tuple[str, int], seconds: float, folder: str) -> tuple[str, int, int, list[Strength]]:
    """Arm, candidates, rounds; strength of the first champion, the last and the strongest."""
    arm, seed = job
    opponents = [one.warrior for one in load_entries([folder], TINY, "opponents").warriors]
    with TemporaryDirectory() as place:
        run = configure([*ARMS[arm], f"seed={seed}", f"run_dir={place}/run"])

        def watch(operator: Operator) -> Observer:
            return Enough(seconds)

        with suppress(Interrupted):
            run.execute(watch)
        with closing(RunReader.open(run.directory)) as record:
            ids = {round: id for round, id in record.champions().items() if id is not None}
            rounds = (min(ids), max(ids), strongest(record, LocalEngine(1))[0])
            warriors = [assemble(record.candidate(ids[round]).source or "", TINY) for round in rounds]
            found = [measure(warrior, opponents) for warrior in warriors]
            print(f"{arm}, seed {seed}: {len(ids)} rounds, {found}", file=sys.stderr, flush=True)
            return arm, record.counts()[0], len(ids), found


def interval(values: Sequence[float]) -> str:
    """Mean and half of its 95 % interval over seeds (Student's t)."""
    n = len(values)
    half = t_quantile(0.975, n - 1) * float(np.std(values, ddof=1)) / np.sqrt(n)
    return f"{np.mean(values):.0f} ± {half:.0f}"


def main(folder: str, seeds: int = 5, seconds: float = 150.0) -> None:
    """Print the table as Markdown, the starters first."""
    starters = configure(["experiment=strong", "rules=tiny"]).starters
    opponents = [one.warrior for one in load_entries([folder], TINY, "opponents").warriors]
    best = max((measure(one.warrior, opponents), one.warrior.name) for one in starters)
    print(f"best of {len(starters)} starters: {best[1]}, {best[0].points:.0f} points, {best[0].beaten:.0f} % beaten")
    print(f"{len(opponents)} opponents, {seeds} seeds, {seconds:.0f} s of one processor each\n")
    print("| | candidates | rounds | first champion | last | strongest | strongest beats, % |")
    print("|---|---|---|---|---|---|---|")
    jobs = [(arm, seed) for seed in range(seeds) for arm in ARMS]
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        rows = list(pool.map(partial(evolved, seconds=seconds, folder=str(Path(folder).resolve())), jobs))
    for arm in ARMS:
        own = [row for row in rows if row[0] == arm]
        cells = [f"{np.mean([row[1] for row in own]):.0f}", f"{np.mean([row[2] for row in own]):.0f}"]
        cells += [interval([row[3][i].points for row in own]) for i in range(3)]
        print("| " + " | ".join([arm, *cells, interval([row[3][2].beaten for row in own])]) + " |")


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:3]), *map(float, sys.argv[3:4]))
