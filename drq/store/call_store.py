"""The table of model calls: the run's implementation of ``CallLog``."""

from __future__ import annotations

import dataclasses
import sqlite3
from pathlib import Path

from drq.operators.base import Call, Usage
from drq.store.database import errors_of

_COLUMNS = tuple(field.name for field in dataclasses.fields(Call))
_INSERT = f"INSERT INTO calls ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"
_FIND = f"SELECT {', '.join(_COLUMNS)} FROM calls WHERE round = ? AND iteration = ? AND turn = ?"


_TALLY = """
SELECT model, count(*), sum(failed), sum(candidates.digest IS NOT NULL), sum(placements.status IN ('new', 'improved')),
       sum(tokens), sum(cost)
FROM (SELECT round, iteration, min(requested_model) AS model, max(error IS NOT NULL) AS failed,
             total(input_tokens) + total(output_tokens) AS tokens, total(cost) AS cost
      FROM calls GROUP BY round, iteration)
JOIN candidates USING (round, iteration) LEFT JOIN placements ON placements.candidate_id = candidates.id
GROUP BY model ORDER BY model"""


@dataclasses.dataclass(frozen=True)
class ModelTally:
    """How the proposals fared that one model was asked for."""

    model: str
    proposals: int
    failed: int
    """Of these, with a call that failed."""
    assembled: int
    placed: int
    """Of these, new in the archive or better than what was there."""
    tokens: int
    """Input and output together."""
    cost: float


class CallStore:
    """Model calls in ``run.sqlite``."""

    def __init__(self, db: sqlite3.Connection, path: Path) -> None:
        self._db = db
        self._path = path

    def find(self, round: int, iteration: int, turn: int) -> Call | None:
        """The recorded call, failed ones included, or None if it was never made."""
        row = self._db.execute(_FIND, (round, iteration, turn)).fetchone()
        return Call(*row) if row else None

    def add(self, call: Call, system_prompt: str) -> None:
        """Record a call, flushed to the disk itself: a reply may have cost money, so it must survive a power cut too.

        Raises StoreError when the disk is full.
        """
        with errors_of(self._path):
            self._db.execute("PRAGMA synchronous = FULL")
            self._db.execute("BEGIN IMMEDIATE")
            try:
                self._db.execute("INSERT OR IGNORE INTO prompts VALUES (?, ?)", (call.system_hash, system_prompt))
                self._db.execute(_INSERT, dataclasses.astuple(call))
                self._db.execute("COMMIT")
            finally:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                self._db.execute("PRAGMA synchronous = NORMAL")

    def usage(self) -> Usage:
        """Totals over every recorded call."""
        row = self._db.execute(
            "SELECT count(*), count(error), total(input_tokens), total(output_tokens), total(cost) FROM calls"
        ).fetchone()
        return Usage(0, row[0], row[1], int(row[2]), int(row[3]), row[4])

    def tally(self) -> list[ModelTally]:
        """Every model asked, by name; proposals that are not placed yet are left out."""
        return [
            ModelTally(model, proposals, failed, assembled, placed or 0, int(tokens), cost)
            for model, proposals, failed, assembled, placed, tokens, cost in self._db.execute(_TALLY)
        ]

    def prompt(self, hash: str) -> str:
        """The system prompt with this hash, which must be that of a recorded call."""
        return str(self._db.execute("SELECT text FROM prompts WHERE hash = ?", (hash,)).fetchone()[0])
