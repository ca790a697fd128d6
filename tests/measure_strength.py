"""How strong evolution makes warriors in a given time of one processor, and which part of the method does it.

    python -m tests.measure_strength arms FOLDER [--seconds 150] [--seeds 12] [--rules tiny]
    python -m tests.measure_strength targets FOLDER --rules nano [--seconds 240] [--seeds 5]

``arms``: each arm evolves tiny warriors from the same built-in ones, unless its name says otherwise. ``targets``:
``experiment=population``, in the nano and tiny core from random code, at a core of 8000 from the built-in warriors.

Then champions meet the warriors of FOLDER, which no evolution has met, in placements of each pair's own, in the nano
core in all. Points are 3 per win and 1 per tie, per 100 battles. Each run writes one file to ``--out``; the same
command goes on with what is missing. ``--workers`` processes work at a time, and none begins after ``--minutes``.
"""

from __future__ import annotations

import time
from argparse import ArgumentParser
from collections.abc import Sequence
from contextlib import closing, suppress
from functools import cache, partial
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from drq.battles.engine import LocalEngine
from drq.battles.hill import LOST, WON, all_placements, draw_placements, fight_pairs, points
from drq.cli.configure import configure
from drq.operators.base import Operator
from drq.opponents.entries import load_entries
from drq.run.branches import is_end
from drq.run.observer import Inserted, Observer
from drq.stop import Interrupted
from drq.store.reader import RunReader
from drq.strength import polished, strongest
from redcode import Rules, Warrior, assemble, disassemble
from tests.jobs import results
from tests.strength_tables import arms, contrasts, rows

MELEE = ("experiment=paper", "starter=fitting", "rounds=1000", "history=19", "operator.in_flight=16")
DUELS = (*MELEE, "objective=duels", "placements=4")
ARMS = {
    "melee (Kumar 2026)": MELEE,
    "melee, last champion only": (*MELEE, "history=1"),
    "duels": DUELS,
    "duels, last champion only": (*DUELS, "history=1"),
    "duels, one cell": (*DUELS, "archive=single_cell"),
    "duels, new warriors only": (*DUELS, "new_share=1.0"),
    "strong": ("experiment=strong",),
    "population": ("experiment=population",),
    "population, old built-ins": (
        "experiment=population",
        "starter=[core_clear,dwarf,gate_bomber,imp,imp_spiral,stone]",
    ),
    "population, from random code": ("experiment=population", "archive.begin=empty"),
    "population, from random code, starters never met": (
        "experiment=population",
        "archive.begin=empty",
        "starter=dwarf",
    ),
}
TARGET = "target"
PLACEMENTS = {"nano": None, "tiny": 40, "icws94": 20}
"""Placements of a pair at the end; None for all."""
CURVE = 6
"""How many times the processor time of a run is halved for the curve of its champions' strength."""


class Enough(Observer):
    """Ends a run after some seconds of processor time, and knows when each round ended."""

    def __init__(self, seconds: float) -> None:
        self._began = time.process_time()
        self._seconds = seconds
        self.ends: dict[int, float] = {}

    def inserted(self, event: Inserted) -> None:
        """Look at the clock."""
        if self._now() > self._seconds:
            raise Interrupted

    def round_ended(self, round: int, fitness: float | None) -> None:
        """Note the time."""
        self.ends[round] = self._now()

    def _now(self) -> float:
        return time.process_time() - self._began


def measure(warrior: Warrior, opponents: Sequence[Warrior], rules: Rules, placements: int | None) -> dict[str, float]:
    """Points, and share of opponents beaten in per cent, in the same placements for every warrior."""
    pairs = np.array([(0, 1 + other) for other in range(len(opponents))])
    rng = np.random.default_rng(20_260_002)
    seats = draw_placements(rng, len(pairs), placements, rules) if placements else all_placements(len(pairs), rules)
    fought = np.concatenate(list(fight_pairs([warrior, *opponents], pairs, seats, rules, LocalEngine(1))))
    beaten = np.sum(fought == WON, axis=1) > np.sum(fought == LOST, axis=1)
    return {"points": 100 * float(points(fought).mean()), "beaten": 100 * float(beaten.mean())}


def evolved(folder: str, rules: str, seconds: float, seed: int, arm: str, more: str = "") -> dict[str, Any]:
    """One run: its size, and the strength of its first champion, its last, the strongest as it is and polished."""
    if arm == TARGET:
        begin = "champions" if rules == "icws94" else "empty"
        settings: tuple[str, ...] = ("experiment=population", f"archive.begin={begin}")
    else:
        settings = ARMS[arm]
    common = ("minutes=null", "threads=1", f"rules={rules}", f"seed={seed}", *more.split())
    with TemporaryDirectory() as place:
        run = configure([*settings, *common, f"run_dir={place}/run"])
        opponents = [one.warrior for one in load_entries([folder], run.config.rules, "opponents").warriors]
        measure(opponents[0], opponents[:1], run.config.rules, 1)  # compiles the kernel before the clock starts
        clock = Enough(seconds * (1 - run.config.polish))

        def watch(operator: Operator) -> Observer:
            return clock

        with suppress(Interrupted):
            run.execute(watch)
        with closing(RunReader.open(run.directory)) as record:
            ids = {round: id for round, id in record.champions().items() if id is not None}

            @cache
            def strength(round: int) -> dict[str, float]:
                warrior = assemble(record.candidate(ids[round]).source or "", run.config.rules)
                return measure(warrior, opponents, run.config.rules, PLACEMENTS[rules])

            if not ids:
                return {"candidates": record.counts()[0], "rounds": 0}
            best = strongest(record, LocalEngine(1))[0]
            source = record.candidate(ids[best]).source or ""
            tuned = assemble(source, run.config.rules)
            if run.config.polish:
                tuned = polished(record, best, LocalEngine(1), seconds * run.config.polish)
            moments = [seconds / 2**i for i in range(CURVE, -1, -1)] if arm == TARGET else []
            crowned = [[r for r in ids if clock.ends[r] <= moment] for moment in moments]
            last_ones = [max(rs, key=lambda r: (is_end(r, run.config.branch), r)) for rs in crowned if rs]
            curve = [(clock.ends[r], strength(r)["points"]) for r in last_ones]
            return {
                "candidates": record.counts()[0],
                "rounds": len(ids),
                "first": strength(min(ids)),
                "last": strength(max(ids)),
                "strongest": strength(best),
                "polished": measure(tuned, opponents, run.config.rules, PLACEMENTS[rules]),
                "curve": curve,
                "source": source,
                "polished_source": disassemble(tuned, run.config.rules),
            }


def print_arms(found: dict[tuple[Any, ...], dict[str, Any]], folder: str, rules: str) -> None:
    """The tables as Markdown, the best starter first."""
    starters = configure(["experiment=strong", f"rules={rules}"])
    board = starters.config.rules
    opponents = [one.warrior for one in load_entries([folder], board, "opponents").warriors]
    measured = [(measure(one.warrior, opponents, board, PLACEMENTS[rules]), one.warrior) for one in starters.starters]
    best, warrior = max(measured, key=lambda row: row[0]["points"])
    print(
        f"best of {len(measured)} starters, {warrior.name}: {best['points']:.0f} points, {best['beaten']:.0f} % beaten"
    )
    runs = rows(found)
    print("\n".join([*arms(runs), "", *contrasts(runs)]))


def print_targets(found: dict[tuple[Any, ...], dict[str, Any]]) -> None:
    """Points and share beaten of every seed's strongest champion, and the curve of the last one of a branch."""
    rows = list(found.values())
    for which, key in product(("strongest", "polished"), ("points", "beaten")):
        values = sorted(row[which][key] for row in rows)
        print(f"{which}: {key} {' '.join(f'{value:.0f}' for value in values)}, median {np.median(values):.0f}")
    for row in rows:
        print(f"{row['candidates']} candidates: " + " ".join(f"{s:.0f} s {value:.0f}" for s, value in row["curve"]))


def main() -> None:
    """Do what is missing, then print the table of all that there is."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("arms", "targets"))
    parser.add_argument("folder")
    parser.add_argument("--rules", default="tiny", choices=list(PLACEMENTS))
    parser.add_argument("--seconds", type=float, default=150.0)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--more", default="", help="further settings of all runs, such as 'archive.size=300'")
    parser.add_argument("--out", type=Path, default=Path("strength"))
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--minutes", type=float, default=1e6)
    given = parser.parse_args()
    names = tuple(ARMS) if given.what == "arms" else (TARGET,)
    folder = str(Path(given.folder).resolve())
    jobs = [(given.rules, given.seconds, seed, arm, given.more) for seed, arm in product(range(given.seeds), names)]
    found = results(partial(evolved, folder), jobs, given.out, given.workers, given.minutes)
    found = {job: row for job, row in found.items() if row["rounds"]}
    if not found:
        print("no run with a champion yet")
    elif given.what == "arms":
        rows(found).to_csv(given.out / "arms.csv", index=False)
        print_arms(found, folder, given.rules)
    else:
        print_targets(found)


if __name__ == "__main__":
    main()
