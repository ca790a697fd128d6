"""A sweep at a glance: how far each run under a folder has come."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from drq.config import RunConfig
from drq.errors import DrqError
from drq.store import RunStore
from drq.store.database import RUN_FILE, errors_of
from drq.store.lock import is_held
from drq.typed import from_mapping


@dataclass(frozen=True)
class Status:
    """Where one run stands."""

    directory: Path
    state: str
    """``running``, ``finished``, ``stopped`` (it can go on), or what is wrong with its file."""
    rounds: int = 0
    """Rounds finished."""
    of_rounds: int = 0
    candidates: int = 0
    failed: int = 0
    """Candidates that could not fight."""
    champion: float | None = None
    """Fitness of the last champion, in its own round."""
    calls: int = 0
    cost: float = 0.0


def statuses(folder: Path) -> Iterator[Status]:
    """The status of each run in and under ``folder``, in the order of their paths."""
    for path in sorted(folder.rglob(RUN_FILE)):
        try:
            with closing(RunStore.open(path.parent)) as store, errors_of(path):
                yield _status(store)
        except DrqError as error:
            yield Status(path.parent, str(error))


def _status(store: RunStore) -> Status:
    config = from_mapping(RunConfig, store.config())
    champions = store.champions()
    ids = [id for id in champions.values() if id is not None]
    done = len(champions) >= config.rounds
    usage = store.calls.usage()
    candidates, failed = store.counts()
    return Status(
        directory=store.directory,
        state="running" if is_held(store.directory) else "finished" if done else "stopped",
        rounds=len(champions),
        of_rounds=config.rounds,
        candidates=candidates,
        failed=failed,
        champion=store.evaluation(ids[-1]).fitness if ids else None,
        calls=usage.done,
        cost=usage.cost,
    )
