"""A sweep at a glance: how far each run under a folder has come, and why it stopped where it did."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from drq.errors import DrqError
from drq.store.database import RUN_FILE
from drq.store.lock import is_held
from drq.store.reader import RunReader, reading


class State(StrEnum):
    """State of a run; its own command resumes one that is stopped or failed."""

    FINISHED = "finished"
    RUNNING = "running"
    STOPPED = "stopped"
    """By the user, by a spent budget, by the end of its minutes, or killed."""
    FAILED = "failed"
    UNREADABLE = "unreadable"


_STOPS = {
    "BudgetSpent": "",
    "Interrupted": "Ctrl-C",
    "LeftAtOnce": "Ctrl-C",
    "SystemExit": "told to end",
    "finished": "its minutes are over",
}
"""Recorded classes of endings that are not failures, and their names; empty to show the recorded message."""


@dataclass(frozen=True)
class Status:
    """Where one run stands."""

    directory: Path
    state: State
    reason: str = ""
    """Why it stopped or failed, or what is wrong with its file."""
    rounds: int = 0
    """Rounds finished."""
    of_rounds: int = 0
    candidates: int = 0
    failed: int = 0
    """Candidates that could not fight."""
    champion: float | None = None
    """Fitness of the last champion (``RunReader.champion_fitness``)."""
    calls: int = 0
    """Model calls that were recorded."""
    cost: float = 0.0


def statuses(folder: Path) -> Iterator[Status]:
    """The status of each run in and under ``folder``, in the order of their paths; only reads, and waits for no run."""
    for path in sorted(folder.rglob(RUN_FILE)):
        try:
            with reading(path.parent) as run:
                yield _status(run)
        except DrqError as error:
            yield Status(path.parent, State.UNREADABLE, str(error).removeprefix(f"{path}: "))


def _status(run: RunReader) -> Status:
    champions = run.champions()
    of_rounds = run.config()["rounds"]
    state, reason = _state(run, len(champions) >= of_rounds)
    usage = run.calls.usage()
    candidates, failed = run.counts()
    return Status(
        directory=run.directory,
        state=state,
        reason=reason,
        rounds=len(champions),
        of_rounds=of_rounds,
        candidates=candidates,
        failed=failed,
        champion=next(reversed(run.champion_fitness().values()), None),
        calls=usage.done,
        cost=usage.cost,
    )


def _state(run: RunReader, done: bool) -> tuple[State, str]:
    if is_held(run.directory):
        return State.RUNNING, ""
    if done:
        return State.FINISHED, ""
    processes = run.invocations()
    outcome = processes[-1].outcome if processes else None
    if outcome is None:
        return State.STOPPED, "killed"
    kind, _, message = outcome.partition(": ")
    return (State.STOPPED if kind in _STOPS else State.FAILED), _STOPS.get(kind) or message or kind
