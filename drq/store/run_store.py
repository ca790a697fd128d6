"""Writing a run: each event is one transaction, so that a run killed at any instant is whole."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from drq.candidate import Candidate, Final
from drq.descriptors import DESCRIPTORS
from drq.errors import StoreError
from drq.store.database import RUN_FILE, errors_of, open_for_writing, transaction
from drq.store.lock import LOCK_FILE, DirectoryLock
from drq.store.reader import CANDIDATE, EVALUATION, OpponentRow, RunReader, Starter

_ADD_CANDIDATE = f"INSERT INTO candidates ({CANDIDATE}, recorded_at) VALUES ({', '.join('?' * 12)})"
_ADD_EVALUATION = (
    f"INSERT INTO evaluations (candidate_id, {EVALUATION}) VALUES ({', '.join('?' * (4 + len(DESCRIPTORS)))})"
)


class RunStore(RunReader):
    """``RUN/run.sqlite``. One process writes it; any number may read it meanwhile."""

    def __init__(self, directory: Path, db: sqlite3.Connection, lock: DirectoryLock | None = None) -> None:
        super().__init__(directory, db)
        self._lock = lock

    @classmethod
    def open_or_create(
        cls, directory: Path, config: Mapping[str, Any], provenance: Mapping[str, Any], starters: Sequence[Starter]
    ) -> Self:
        """Open the run in ``directory``, or begin one there with this configuration.

        An existing run keeps its configuration and starters, which the caller compares.
        Raises StoreError for a directory that is in use, holds anything else, or cannot be written.
        """
        directory.mkdir(parents=True, exist_ok=True)
        path = directory / RUN_FILE
        if not path.exists() and (others := sorted(p.name for p in directory.iterdir() if p.name != LOCK_FILE)):
            raise StoreError(f"expected an empty directory or a run, got {directory} with {others[0]!r} in it")
        with errors_of(path):
            lock = DirectoryLock(directory)
            try:
                db = open_for_writing(path)
            except Exception:  # of any class: unlock the directory
                lock.close()
                raise
            store = cls(directory, db, lock)
            try:
                store._begin(config, provenance, starters)
            except Exception:  # likewise
                store.close()
                raise
            return store

    def _begin(self, config: Mapping[str, Any], provenance: Mapping[str, Any], starters: Sequence[Starter]) -> None:
        db, now = self._db, time.time()
        if db.execute("SELECT count(*) FROM runs").fetchone()[0] == 0:
            db.execute("INSERT INTO runs VALUES (1, ?, ?, ?)", (json.dumps(config), json.dumps(provenance), now))
            rows = [(i, starter.name, starter.digest, starter.source) for i, starter in enumerate(starters)]
            db.executemany("INSERT INTO starters VALUES (?, ?, ?, ?)", rows)
        db.execute("COMMIT")

    def close(self) -> None:
        """Close the file and let go of the directory.

        A run that was written becomes a single file again, unless another process is reading it.
        """
        if self._lock is not None:
            with suppress(sqlite3.OperationalError):
                self._db.execute("PRAGMA journal_mode = DELETE")
        self._db.close()
        if self._lock is not None:
            self._lock.close()

    def begin_invocation(self, provenance: Mapping[str, Any]) -> int:
        """Record that a process works on the run; returns the invocation's id. Call it before other writes."""
        with errors_of(self.path):
            self._db.execute("PRAGMA journal_mode = WAL")  # so that others may read while this process writes
        with transaction(self._db, self.path) as db:
            statement = "INSERT INTO invocations (started_at, provenance) VALUES (?, ?) RETURNING id"
            return int(db.execute(statement, (time.time(), json.dumps(provenance))).fetchone()[0])

    def end_invocation(self, id: int, outcome: str) -> None:
        """Record how the process ended, as ``Run.execute`` words it. A killed process has no outcome."""
        with transaction(self._db, self.path) as db:
            db.execute("UPDATE invocations SET ended_at = ?, outcome = ? WHERE id = ?", (time.time(), outcome, id))

    def begin_round(
        self,
        round: int,
        opponents: Sequence[OpponentRow],
        entrants: list[list[int]],
        starts: list[list[int]],
        arrivals: Sequence[str] = (),
    ) -> None:
        """Record who fights whom and from where, and who arrives; nothing happens if the round was begun before."""
        with transaction(self._db, self.path) as db:
            row = (round, json.dumps(entrants), json.dumps(starts), time.time())
            if db.execute("INSERT OR IGNORE INTO rounds VALUES (?, ?, ?, ?)", row).rowcount:
                rows = [(round, i, o.digest, o.starter, o.candidate_id) for i, o in enumerate(opponents)]
                db.executemany("INSERT INTO opponents VALUES (?, ?, ?, ?, ?)", rows)
                texts = [(round, i, text) for i, text in enumerate(arrivals)]
                db.executemany("INSERT INTO arrivals VALUES (?, ?, ?)", texts)

    def end_round(self, round: int, champion_id: int | None, finals: Sequence[Final] = ()) -> None:
        """Record the round's champion, or that it has none, with the finals that it won."""
        rows = [(round, row.heat, row.candidate_id, row.fitness, json.dumps(row.placement_fitness)) for row in finals]
        with transaction(self._db, self.path) as db:
            db.executemany("INSERT INTO finals VALUES (?, ?, ?, ?, ?)", rows)
            db.execute("INSERT INTO champions VALUES (?, ?)", (round, champion_id))

    def write(self, candidate: Candidate) -> None:
        """Record a candidate and all that became of it."""
        c, evaluation, insertion = candidate, candidate.evaluation, candidate.insertion
        origin = (c.id, c.round, c.iteration, c.kind, c.operator, json.dumps(c.parents))
        text = (c.source, c.error, c.name, c.digest, c.duplicate_of)
        with transaction(self._db, self.path) as db:
            db.execute(_ADD_CANDIDATE, (*origin, *text, time.time()))
            if evaluation is not None:
                means = (evaluation.fitness, evaluation.survived, json.dumps(evaluation.placement_fitness))
                db.execute(_ADD_EVALUATION, (c.id, *means, *(evaluation.descriptors[name] for name in DESCRIPTORS)))
            if insertion is not None:
                row = (c.id, json.dumps(insertion.cell), insertion.status)
                db.execute("INSERT INTO insertions VALUES (?, ?, ?)", row)
