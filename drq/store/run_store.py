"""What the loop writes and reads: one transaction an event, so that a run killed at any instant is whole."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from drq.candidate import Candidate, Elite, Evaluation, Insertion, InsertionStatus, Kind, Record
from drq.errors import StoreError
from drq.store.database import RUN_FILE, errors_of, open_for_writing, transaction
from drq.store.lock import LOCK_FILE, DirectoryLock
from drq.store.reader import RunReader, Starter

_DESCRIPTORS = ("spawned", "covered", "executed", "opcodes", "length")
_CANDIDATE = "id, round, iteration, kind, operator, parents, source, error, name, digest, duplicate_of"
_ADD_CANDIDATE = f"INSERT INTO candidates ({_CANDIDATE}, recorded_at) VALUES ({', '.join('?' * 12)})"
_ADD_EVALUATION = f"INSERT INTO evaluations VALUES ({', '.join('?' * 11)})"


@dataclass(frozen=True)
class OpponentRow:
    """Who a round's opponent is: a starter by position, or a past champion by candidate id."""

    digest: str
    starter: int | None
    candidate_id: int | None


class RunStore(RunReader):
    """``RUN/run.sqlite``. One process writes it; any number may read it meanwhile."""

    def __init__(self, directory: Path, db: sqlite3.Connection, lock: DirectoryLock | None = None) -> None:
        super().__init__(directory, db)
        self._lock = lock

    @classmethod
    def open_or_create(
        cls, directory: Path, config: Mapping[str, Any], provenance: Mapping[str, Any], starters: Sequence[Starter]
    ) -> Self:
        """The run in ``directory``, to go on with; begun with this configuration where there is none.

        An existing run's configuration and starters are left as they are: comparing them is the caller's part.
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
            except Exception:  # whatever it is, the directory is not kept locked
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

        A written file goes back to a single one, without a log beside it, unless somebody is reading it.
        """
        if self._lock is not None:
            with suppress(sqlite3.OperationalError):
                self._db.execute("PRAGMA journal_mode = DELETE")
        self._db.close()
        if self._lock is not None:
            self._lock.close()

    # The run as a whole

    def config(self) -> dict[str, Any]:
        """The configuration that the run began with."""
        config: dict[str, Any] = json.loads(self._row("SELECT config FROM runs")[0])
        return config

    def starters(self) -> list[Starter]:
        """The first opponents, in order."""
        rows = self._db.execute("SELECT name, digest, source FROM starters ORDER BY position")
        return [Starter(*row) for row in rows]

    def begin_invocation(self, provenance: Mapping[str, Any]) -> int:
        """Note that a process goes on with the run; returns the invocation's id. To be called before other writes."""
        with errors_of(self.path):
            self._db.execute("PRAGMA journal_mode = WAL")  # so that others may read while this process writes
        with transaction(self._db, self.path) as db:
            statement = "INSERT INTO invocations (started_at, provenance) VALUES (?, ?) RETURNING id"
            return int(db.execute(statement, (time.time(), json.dumps(provenance))).fetchone()[0])

    def end_invocation(self, id: int, outcome: str) -> None:
        """Note how the process left, as ``Run.execute`` says it. A killed one leaves nothing."""
        with transaction(self._db, self.path) as db:
            db.execute("UPDATE invocations SET ended_at = ?, outcome = ? WHERE id = ?", (time.time(), outcome, id))

    def last_outcome(self) -> str | None:
        """How the last process left, None if it is there still, or was killed."""
        row = self._db.execute("SELECT outcome FROM invocations ORDER BY id DESC LIMIT 1").fetchone()
        return row[0] if row else None

    # Rounds

    def begin_round(
        self, round: int, opponents: Sequence[OpponentRow], entrants: list[list[int]], starts: list[list[int]]
    ) -> None:
        """Record who fights whom and from where; nothing happens if the round was begun before."""
        with transaction(self._db, self.path) as db:
            row = (round, json.dumps(entrants), json.dumps(starts), time.time())
            if db.execute("INSERT OR IGNORE INTO rounds VALUES (?, ?, ?, ?)", row).rowcount:
                rows = [(round, i, o.digest, o.starter, o.candidate_id) for i, o in enumerate(opponents)]
                db.executemany("INSERT INTO opponents VALUES (?, ?, ?, ?, ?)", rows)

    def end_round(self, round: int, champion_id: int | None) -> None:
        """Record the round's champion, or that it has none."""
        with transaction(self._db, self.path) as db:
            db.execute("INSERT INTO champions VALUES (?, ?)", (round, champion_id))

    def champions(self) -> dict[int, int | None]:
        """Candidate id of the champion by finished round."""
        return dict(self._db.execute("SELECT round, candidate_id FROM champions ORDER BY round"))

    # Candidates

    def last_id(self) -> int:
        """The highest candidate id, 0 when there is none."""
        return int(self._db.execute("SELECT coalesce(max(id), 0) FROM candidates").fetchone()[0])

    def counts(self) -> tuple[int, int]:
        """All candidates but the seeds, and those of them that could not fight."""
        row = self._db.execute("SELECT count(*), count(error) FROM candidates WHERE kind <> 'seed'").fetchone()
        return int(row[0]), int(row[1])

    def write(self, candidate: Candidate, evaluation: Evaluation | None, insertion: Insertion | None) -> None:
        """Record a candidate and all that became of it."""
        c, e = candidate, evaluation
        origin = (c.id, c.round, c.iteration, c.kind, c.operator, json.dumps(c.parents))
        text = (c.source, c.error, c.name, c.digest, c.duplicate_of)
        with transaction(self._db, self.path) as db:
            db.execute(_ADD_CANDIDATE, (*origin, *text, time.time()))
            if e is not None:
                means = (e.fitness, e.survived, e.cycles, *(e.descriptors[name] for name in _DESCRIPTORS))
                lists = (json.dumps(e.placement_fitness), json.dumps(e.opponent_shares))
                db.execute(_ADD_EVALUATION, (c.id, *means, *lists))
            if insertion is not None:
                row = (c.id, json.dumps(insertion.cell), insertion.status)
                db.execute("INSERT INTO insertions VALUES (?, ?, ?)", row)

    def find(self, round: int, iteration: int) -> Record | None:
        """What was recorded at (round, iteration), or None."""
        row = self._db.execute(
            "SELECT id, digest, fitness, cell, status FROM candidates"
            " LEFT JOIN evaluations ON evaluations.candidate_id = id"
            " LEFT JOIN insertions ON insertions.candidate_id = id WHERE round = ? AND iteration = ?",
            (round, iteration),
        ).fetchone()
        if row is None:
            return None
        id, digest, fitness, cell, status = row
        insertion = None
        if cell is not None:
            insertion = Insertion(Elite(id, digest, fitness), tuple(json.loads(cell)), InsertionStatus(status))
        return Record(id, iteration, insertion)

    def candidate(self, id: int) -> Candidate:
        """The candidate with this id, which must exist."""
        row = self._row(f"SELECT {_CANDIDATE} FROM candidates WHERE id = ?", id)
        id, round, iteration, kind, operator, parents, *text = row
        return Candidate(id, round, iteration, Kind(kind), operator, tuple(json.loads(parents)), *text)

    def evaluation(self, id: int) -> Evaluation:
        """The evaluation of the candidate with this id, which must have one."""
        row = self._row("SELECT * FROM evaluations WHERE candidate_id = ?", id)
        fitness, survived, cycles, *descriptors, placement_fitness, opponent_shares = row[1:]
        return Evaluation(
            fitness,
            survived,
            cycles,
            dict(zip(_DESCRIPTORS, descriptors, strict=True)),
            tuple(json.loads(placement_fitness)),
            tuple(json.loads(opponent_shares)),
        )

    def _row(self, query: str, *values: int) -> tuple[Any, ...]:
        """The row that must be there; raises StoreError where it is not."""
        row: tuple[Any, ...] | None = self._db.execute(query, values).fetchone()
        if row is None:
            raise StoreError(f"{self.path}: the file is damaged: was it copied without {RUN_FILE}-wal beside it?")
        return row
