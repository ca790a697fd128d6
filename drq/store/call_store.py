"""The table of model calls: the run's implementation of ``CallLog``."""

from __future__ import annotations

import dataclasses
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from drq.llm.calls import NOTHING, SILENT_AFTER, Amount, Call, Usage
from drq.store.database import errors_of, open_for_writing, transaction

_COLUMNS = tuple(field.name for field in dataclasses.fields(Call))
_INSERT = f"INSERT INTO calls ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"
_FIND = f"SELECT {', '.join(_COLUMNS)} FROM calls WHERE round = ? AND iteration = ? AND turn = ?"
_SILENT = """
SELECT requested_model FROM calls WHERE (round, iteration) < (?, ?)
GROUP BY requested_model HAVING count(*) >= ? AND count(reply) = 0 ORDER BY requested_model"""
_RESERVE = f"INSERT INTO outstanding VALUES (NULL, {', '.join('?' * 7)}) RETURNING id"
_TALLY = """
SELECT model, count(*), sum(failed), sum(candidates.digest IS NOT NULL), sum(insertions.status IN ('new', 'improved')),
       sum(tokens + coalesce(lost_tokens, 0)), sum(cost + coalesce(lost_cost, 0))
FROM (SELECT round, iteration, min(requested_model) AS model, max(error IS NOT NULL) AS failed,
             total(input_tokens) + total(output_tokens) AS tokens, total(cost) AS cost
      FROM calls GROUP BY round, iteration)
LEFT JOIN (SELECT round, iteration, total(input_tokens) + total(output_tokens) AS lost_tokens, total(cost) AS lost_cost
           FROM outstanding GROUP BY round, iteration) USING (round, iteration)
JOIN candidates USING (round, iteration) LEFT JOIN insertions ON insertions.candidate_id = candidates.id
GROUP BY model ORDER BY model"""
_BY_MODEL = """
SELECT requested_model, resolved_model, count(*), count(error), sum(coalesce(input_tokens, 0)),
       sum(coalesce(output_tokens, 0)), total(cost), avg(duration_s)
FROM calls GROUP BY requested_model, resolved_model ORDER BY count(*) DESC"""


@dataclasses.dataclass(frozen=True)
class ModelTally:
    """What became of the proposals of one model."""

    model: str
    proposals: int
    failed: int
    """Proposals with a failed call."""
    assembled: int
    inserted: int
    """Proposals that entered the archive."""
    tokens: int
    """Input and output together; a request without a reply counts with its maximum."""
    cost: float


@dataclasses.dataclass(frozen=True)
class ModelUse:
    """Calls that asked for one model and were answered by one model."""

    requested: str
    resolved: str | None
    """None for calls without an answer."""
    calls: int
    failed: int
    input_tokens: int
    output_tokens: int
    cost: float
    mean_s: float
    """Mean time of a call, waits included."""


class CallStore:
    """Model calls in ``run.sqlite``."""

    def __init__(self, db: sqlite3.Connection, path: Path) -> None:
        self._db = db
        self._path = path

    @classmethod
    def in_memory(cls) -> Self:
        """A log without a run: for checking a configuration, and for using an operator on its own."""
        db = open_for_writing(Path(":memory:"))
        db.execute("COMMIT")
        return cls(db, Path(":memory:"))

    def find(self, round: int, iteration: int, turn: int) -> Call | None:
        """The recorded call, failed ones included, or None if it was never made."""
        row = self._db.execute(_FIND, (round, iteration, turn)).fetchone()
        return Call(*row) if row else None

    def silent(self, round: int, iteration: int) -> tuple[str, ...]:
        """Models that were asked ``SILENT_AFTER`` times or more before this proposal and gave no reply, by name."""
        return tuple(model for (model,) in self._db.execute(_SILENT, (round, iteration, SILENT_AFTER)))

    def reserve(self, round: int, iteration: int, turn: int, most: Amount) -> int:
        """Record the most that a call can cost, before it is sent; returns the id of the row."""
        with self._flushed() as db:
            row = (round, iteration, turn, *dataclasses.astuple(most))
            return int(db.execute(_RESERVE, row).fetchone()[0])

    def amend(self, reservation: int, amount: Amount) -> None:
        """Change a reservation; NOTHING deletes it."""
        with self._flushed() as db:
            _amend(db, reservation, amount)

    def add(self, call: Call, system_prompt: str, reservation: int | None = None, lost: Amount = NOTHING) -> None:
        """Record a call, and reduce its reservation to ``lost``."""
        with self._flushed() as db:
            db.execute("INSERT OR IGNORE INTO prompts VALUES (?, ?)", (call.system_hash, system_prompt))
            db.execute(_INSERT, dataclasses.astuple(call))
            if reservation is not None:
                _amend(db, reservation, lost)

    @contextmanager
    def _flushed(self) -> Iterator[sqlite3.Connection]:
        """A transaction that survives a power cut, because a reply may have cost money.

        Raises StoreError when the disk is full.
        """
        with errors_of(self._path):
            self._db.execute("PRAGMA synchronous = FULL")
            try:
                with transaction(self._db, self._path) as db:
                    yield db
            finally:
                self._db.execute("PRAGMA synchronous = NORMAL")

    def usage(self) -> Usage:
        """Totals over every recorded call and every reservation."""
        sums = "total(input_tokens), total(output_tokens), total(cost)"
        done, failed, *recorded = self._db.execute(f"SELECT count(*), count(error), {sums} FROM calls").fetchone()
        lost, *reserved = self._db.execute(f"SELECT total(calls), {sums} FROM outstanding").fetchone()
        read, written, cost = (a + b for a, b in zip(recorded, reserved, strict=True))
        return Usage(0, done, failed, int(read), int(written), cost, int(lost))

    def failures(self) -> list[tuple[str, int]]:
        """Why calls failed and how many did so, the most frequent reason first."""
        return self._db.execute(
            "SELECT error, count(*) FROM calls WHERE error IS NOT NULL GROUP BY error ORDER BY count(*) DESC, error"
        ).fetchall()

    def tally(self) -> list[ModelTally]:
        """Every model asked, by name; proposals that are not inserted yet are left out."""
        return [
            ModelTally(model, proposals, failed, assembled, inserted or 0, int(tokens), cost)
            for model, proposals, failed, assembled, inserted, tokens, cost in self._db.execute(_TALLY)
        ]

    def by_model(self) -> list[ModelUse]:
        """Calls by the model asked and the one that answered, the most used first."""
        return [ModelUse(*row) for row in self._db.execute(_BY_MODEL)]

    def models(self) -> dict[tuple[int, int], str]:
        """The model that was asked for the proposal of each round and iteration."""
        rows = self._db.execute("SELECT round, iteration, min(requested_model) FROM calls GROUP BY round, iteration")
        return {(round, iteration): model for round, iteration, model in rows}

    def prompt(self, hash: str) -> str:
        """The system prompt with this hash, which must be that of a recorded call."""
        return str(self._db.execute("SELECT text FROM prompts WHERE hash = ?", (hash,)).fetchone()[0])


def _amend(db: sqlite3.Connection, reservation: int, amount: Amount) -> None:
    if amount == NOTHING:
        db.execute("DELETE FROM outstanding WHERE id = ?", (reservation,))
        return
    values = (*dataclasses.astuple(amount), reservation)
    db.execute("UPDATE outstanding SET calls = ?, input_tokens = ?, output_tokens = ?, cost = ? WHERE id = ?", values)
