"""Small runs for the tests: nano rules, a few dozen battles, a scripted or the genetic operator."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np

from drq.battles.engine import Engine, LocalEngine
from drq.candidate import Elite, Evaluation
from drq.config import ArchiveConfig, RunConfig
from drq.objective import Battles, Counted, Objective
from drq.operators.base import Operator
from drq.opponents.names import Opponent
from drq.run.observer import Observer
from drq.run.red_queen import RedQueen
from drq.run.round import Services
from drq.run.run import Run
from drq.store import RunStore
from drq.store.reader import Starter
from redcode import NANO, Warrior, assemble, disassemble
from redcode.isa import Instruction, Mode, Modifier, Opcode
from redcode.machine.battle import BattleResult

IMP = ";name Imp\nMOV.I $0, $1\n"
DWARF = ";name Dwarf\nADD.AB #4, $3\nMOV.I $2, @2\nJMP.B $-2, $0\nDAT.F #0, #0\n"
POINTS = Objective(Battles.DUELS, Counted.POINTS)


def nano_config(**values: Any) -> RunConfig:
    """Two rounds of 3 + 9 proposals by the genetic operator."""
    small = {"rounds": 2, "initial": 3, "iterations": 9, "placements": 4, "rules": NANO, "crossover_share": 0.3}
    return RunConfig(**(small | values))


def population_config(**values: Any) -> RunConfig:
    """Four rounds of 12 proposals to a population of five that is kept, one on one for points."""
    few = {"rounds": 4, "initial": 0, "iterations": 12, "placements": 2, "history": 1, "hall_of_fame": 1, "elites": 2}
    archive = ArchiveConfig(axes=(), size=5, kept=True)
    operator = {"name": "genetic", "in_flight": 3}
    return nano_config(**({"objective": POINTS, "archive": archive, "operator": operator} | few | values))


def elite(id: int, fitness: float) -> Elite:
    """An imp that has come to that fitness."""
    return Elite(id, IMP, assemble(IMP, NANO), Evaluation(fitness, 1.0, {}, (fitness,)), fitness)


def opponent(source: str = IMP) -> Opponent:
    return Opponent(assemble(source, NANO), source)


def execute(config: RunConfig, directory: Path, starters: tuple[str, ...] = (IMP,)) -> None:
    """Begin the run or go on with it, as ``drq evolve`` does."""
    Run(config, directory, [opponent(source) for source in starters]).execute(lambda operator: Observer())


def in_child(work: Callable[[], None]) -> int:
    """The pid of a forked process that does the work; it exits with 0 when it is done."""
    pid = os.fork()
    if pid == 0:
        try:
            work()
            os._exit(0)
        finally:
            os._exit(1)
    return pid


def candidates(directory: Path) -> int:
    """How many are on record at this moment."""
    try:
        with closing(sqlite3.connect(f"file:{directory / 'run.sqlite'}?mode=ro", uri=True)) as db:
            return int(db.execute("SELECT count(*) FROM candidates").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


class CountingEngine:
    """Fights in one thread, and counts the batches and battles that it is given."""

    def __init__(self) -> None:
        self.batches = self.battles = 0

    def fight(self, *battles: Any) -> BattleResult:
        self.batches += 1
        self.battles += len(battles[1])
        return LocalEngine(1).fight(*battles)


async def evolve(
    config: RunConfig, directory: Path, operator: Operator, engine: Engine | None = None, **services: Any
) -> None:
    """The same with an operator of the test's own."""
    starter = opponent()
    rows = [Starter(starter.warrior.name, starter.warrior.digest, starter.source)]
    store = RunStore.open_or_create(directory, {}, {}, rows)
    try:
        await RedQueen([starter], Services(config, operator, engine or LocalEngine(1), store, **services)).run()
    finally:
        store.close()


def random_warrior(rng: np.random.Generator) -> Warrior:
    """Any warrior that fits the nano rules."""
    length = int(rng.integers(1, NANO.max_length + 1))
    code = tuple(
        Instruction(
            Opcode(int(rng.integers(len(Opcode)))),
            Modifier(int(rng.integers(len(Modifier)))),
            Mode(int(rng.integers(len(Mode)))),
            int(rng.integers(NANO.core_size)),
            Mode(int(rng.integers(len(Mode)))),
            int(rng.integers(NANO.core_size)),
        )
        for _ in range(length)
    )
    return Warrior(code, int(rng.integers(length)))


def random_source(rng: np.random.Generator) -> str:
    return disassemble(random_warrior(rng), NANO)
