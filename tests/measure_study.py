"""The runs of docs/study.md: ``python -m tests.measure_study RUNS HUMAN MINUTES PROCESSES [--pack FOLDER]``.

Makes the runs of all arms below RUNS, family after family, and fights their champions against the judges: the built-in
held-out warriors, and those of the folder HUMAN that are its every fourth file. After MINUTES every process stops where
it is; the same command goes on with it. Runs that are finished and measured are packed into FOLDER. The runs are
those of ``drq evolve -m experiment=study`` with the settings of each arm.
"""

from __future__ import annotations

import argparse
import sys
import tarfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from functools import partial
from itertools import combinations, product
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

from drq.battles.engine import LocalEngine
from drq.cli.compose import compose_config
from drq.cli.configure import configure
from drq.config import RunConfig
from drq.measurements import Cache, Conditions
from drq.measurements.measure import measure
from drq.opponents.entries import load_entries
from drq.opponents.held_out import held_out_groups
from drq.run.observer import Inserted, Observer
from drq.stop import Interrupted
from drq.store.reader import reading
from redcode import Rules, Warrior, assemble

ARMS = {
    "kall": (),
    "k3": ("history=3",),
    "k1": ("history=1",),
    "k0": ("history=0",),
    "long": ("rounds=1", "iterations=992"),
    "new": ("new_share=1.0",),
    "no_fragments": ("operator.fragments=false",),
    "shadow": ("selection=random", "crown.among=1"),
    "single": ("archive=single_cell",),
}
"""By the name of their folder: what each differs in from the first one."""
HEADLINE = ("kall", "k0")
FIRST, LONGER = 16, 8
"""Families whose runs come first, and how many of them have twenty rounds with their second seed."""
SECOND = 100
"""Added to the seed: the arms of the headline have two."""
PLACEMENTS = 8
"""Of each champion with each judge."""
FILES = 8
"""Packed files."""
DONE = "measured"
"""Empty file in the folder of a run that is finished and measured."""


class Job(NamedTuple):
    """One run."""

    arm: str
    seed: int
    starter: str
    settings: tuple[str, ...]

    @property
    def folder(self) -> str:
        """Below RUNS."""
        return f"{self.arm}/{self.seed}_{self.starter}"


class Until(Observer):
    """Ends a run at a time."""

    def __init__(self, end: float) -> None:
        self._end = end

    def inserted(self, event: Inserted) -> None:
        """Look at the clock."""
        if time.time() > self._end:
            raise Interrupted


def starters() -> list[str]:
    """Those of the sweep, in its order."""
    composed = compose_config("config", RunConfig, ["experiment=study", "seed=0"])
    return str(composed.hydra.sweeper.params.starter).split(",")


def jobs() -> Iterator[Job]:
    """All runs, the most wanted first."""
    families = list(enumerate(starters()))
    for seed, name in families[:FIRST]:
        yield from (Job(arm, seed, name, ARMS[arm]) for arm in ARMS)
    for seed, name in families[:FIRST]:
        longer = ("rounds=20",) if seed < LONGER else ()
        yield from (Job(arm, SECOND + seed, name, (*ARMS[arm], *longer)) for arm in HEADLINE)
    for seed, name in families[FIRST:]:
        yield from (Job(arm, seed, name, ARMS[arm]) for arm in ARMS)
        yield from (Job(arm, SECOND + seed, name, ARMS[arm]) for arm in HEADLINE)


def judges(human: Path) -> list[str]:
    """Names of the opponents of the measurement."""
    return [*held_out_groups(Rules()), *map(str, sorted(human.glob("*.red"))[::4])]


def judge(directory: Path, rules: Rules, opponents: list[str]) -> None:
    """Fight what ``drq export`` asks of a run, into the cache beside it, without the libraries of the analysis."""
    fought = [one.warrior for one in load_entries(opponents, rules, "opponents").warriors]
    with reading(directory) as run:
        champions = [assemble(run.candidate(id).source or "", rules) for id in run.champions().values() if id]
        early = run.first_warriors(8)
        sources = {source for i, (iteration, source) in enumerate(early) if i == 0 or iteration == 0}
        firsts = [assemble(source, rules) for source in (*(one.source for one in run.starters()), *sources)]
    pairs = list(product((*champions, *firsts), fought)) + list(combinations(champions, 2))
    warriors: dict[str, Warrior] = {one.digest: one for pair in pairs for one in pair}
    digests = [(one.digest, other.digest) for one, other in pairs]
    with closing(Cache(directory)) as cache:
        measure(digests, warriors, Conditions(rules, PLACEMENTS), cache, LocalEngine(1))


def make(job: Job, runs: Path, human: Path, end: float) -> str:
    """One run with its measures, unless there is no time left; a line about it."""
    directory = runs / job.folder
    if (directory / DONE).exists() or time.time() > end:
        return ""
    began = time.process_time()
    common = ("experiment=study", f"seed={job.seed}", f"starter={job.starter}", "threads=1", f"run_dir={directory}")
    run = configure([*common, *job.settings])
    try:
        if not run.is_finished():
            run.execute(lambda operator: Until(end))
    except Interrupted:
        return f"{job.folder}: stopped"
    evolved = time.process_time()
    judge(directory, run.config.rules, judges(human))
    (directory / DONE).touch()
    return f"{job.folder}: {evolved - began:.1f} s of a processor, measured in {time.process_time() - evolved:.1f} s"


def pack(number: int, runs: Path, folder: Path) -> None:
    """Every ``FILES``-th run that is done, from ``number`` on, as one file."""
    done = sorted(path.parent for path in runs.rglob(DONE))[number::FILES]
    if done:
        with tarfile.open(folder / f"runs{number}.tar.xz", "w:xz", preset=6) as archive:
            for directory in done:
                archive.add(directory, directory.relative_to(runs))


def main() -> None:
    """Make the runs."""
    parser = argparse.ArgumentParser()
    parser.add_argument("runs", type=Path)
    parser.add_argument("human", type=Path)
    parser.add_argument("minutes", type=float)
    parser.add_argument("processes", type=int)
    parser.add_argument("--pack", type=Path)
    given = parser.parse_args()
    end = time.time() + 60 * given.minutes
    task = partial(make, runs=given.runs.resolve(), human=given.human, end=end)
    with ProcessPoolExecutor(given.processes, get_context("spawn")) as pool:
        for line in filter(None, pool.map(task, jobs())):
            print(line, file=sys.stderr, flush=True)
        if given.pack:
            given.pack.mkdir(parents=True, exist_ok=True)
            list(pool.map(partial(pack, runs=given.runs.resolve(), folder=given.pack.resolve()), range(FILES)))


if __name__ == "__main__":
    main()
