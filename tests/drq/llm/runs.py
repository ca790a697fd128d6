"""Small runs with a model, and what is on record of them."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

from drq.config import RunConfig
from drq.opponents.names import Opponent
from drq.run.observer import Observer
from drq.run.run import Run
from drq.store.database import RUN_FILE, open_for_reading
from redcode import NANO, Rules, assemble

STARTER = ";name Starter\nMOV.I $0, $1\n"
TABLES = {
    "candidates": "id, round, iteration, kind, operator, parents, source, error, name, digest, duplicate_of",
    "evaluations": "candidate_id, fitness, survived, spawned, covered, executed, opcodes, length, placement_fitness",
    "insertions": "*",
    "champions": "*",
}
CALLS = "round, iteration, turn, requested_model, messages, options, reply, finish_reason, error"


def config_for(llm: dict[str, Any], rules: Rules = NANO, **values: Any) -> RunConfig:
    """Two rounds of 2 + 4 proposals."""
    small = {"rounds": 2, "initial": 2, "iterations": 4, "placements": 2}
    return RunConfig(**(small | {"rules": rules, "operator": {"name": "llm"}, "llm": llm} | values))


def execute(config: RunConfig, directory: Path) -> None:
    """Begin the run or go on with it; raises what ends it early."""
    starter = Opponent(assemble(STARTER, config.rules), STARTER)
    Run(config, directory, [starter]).execute(lambda operator: Observer())


def rows(directory: Path, calls: bool = True) -> dict[str, list[tuple[Any, ...]]]:
    """Everything on record that does not depend on the clock."""
    tables = TABLES | ({"calls": CALLS} if calls else {})
    with closing(open_for_reading(directory / RUN_FILE)) as db:
        return {
            table: sorted(db.execute(f"SELECT {columns} FROM {table}").fetchall(), key=repr)
            for table, columns in tables.items()
        }


def select(directory: Path, sql: str) -> list[tuple[Any, ...]]:
    """The answer to one query."""
    with closing(open_for_reading(directory / RUN_FILE)) as db:
        return db.execute(sql).fetchall()
