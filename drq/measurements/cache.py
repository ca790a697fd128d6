"""A cache beside a run's file: it may be deleted at any time, and is made again."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

CACHE_FILE = "measured.sqlite"
VERSION = 2
"""Of the table of scores: those of a file of another version are measured again."""
Pair = tuple[str, str]
"""Digests of a warrior and its opponent."""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS scores (
    conditions TEXT NOT NULL, warrior TEXT NOT NULL, opponent TEXT NOT NULL, fitness REAL NOT NULL,
    opponent_fitness REAL NOT NULL, spread REAL NOT NULL, PRIMARY KEY (conditions, warrior, opponent)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS embeddings (
    embedding TEXT NOT NULL, warrior TEXT NOT NULL, vector BLOB NOT NULL, PRIMARY KEY (embedding, warrior)
) STRICT, WITHOUT ROWID;
"""


class Score(NamedTuple):
    """How a pair fought."""

    fitness: float
    """Mean alive share over the placements, 0 to 2."""
    opponent_fitness: float
    spread: float
    """Standard deviation over the placements of the difference of both alive shares; 0 for a single placement."""


class Cache:
    """``RUN/measured.sqlite``; where that cannot be written or is damaged, what is found lives as long as this does."""

    def __init__(self, directory: Path) -> None:
        self._db = _open(directory / CACHE_FILE)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def scores(self, conditions: str) -> dict[Pair, Score]:
        """Scores by pair, of all battles fought under ``conditions``."""
        columns = "warrior, opponent, fitness, opponent_fitness, spread"
        rows = self._db.execute(f"SELECT {columns} FROM scores WHERE conditions = ?", (conditions,))
        return {(warrior, opponent): Score(*score) for warrior, opponent, *score in rows}

    def add_scores(self, conditions: str, scores: Mapping[Pair, Score]) -> None:
        """Keep scores."""
        rows = [(conditions, *pair, *score) for pair, score in scores.items()]
        self._write("INSERT OR REPLACE INTO scores VALUES (?, ?, ?, ?, ?, ?)", rows)

    def embeddings(self, embedding: str) -> dict[str, NDArray[np.float64]]:
        """Vectors by digest."""
        rows = self._db.execute("SELECT warrior, vector FROM embeddings WHERE embedding = ?", (embedding,))
        return {warrior: np.frombuffer(vector, dtype="<f4").astype(np.float64) for warrior, vector in rows}

    def add_embeddings(self, embedding: str, vectors: Mapping[str, NDArray[np.float64]]) -> None:
        """Keep vectors, in single precision."""
        rows = ((embedding, warrior, vector.astype("<f4").tobytes()) for warrior, vector in vectors.items())
        self._write("INSERT OR REPLACE INTO embeddings VALUES (?, ?, ?)", list(rows))

    def _write(self, statement: str, rows: Sequence[tuple[object, ...]]) -> None:
        with suppress(sqlite3.OperationalError), self._db:  # a full disk: what was measured is used, and lost later
            self._db.executemany(statement, rows)


def _open(path: Path) -> sqlite3.Connection:
    for name in (str(path), ":memory:"):
        if name != ":memory:" and not _writable(path):
            continue
        db = None
        try:
            db = sqlite3.connect(name, timeout=30)
            if db.execute("PRAGMA user_version").fetchone() != (VERSION,):
                db.executescript(f"DROP TABLE IF EXISTS scores; PRAGMA user_version = {VERSION};")
            db.executescript(_SCHEMA)
            return db
        except sqlite3.DatabaseError:
            if db is not None:
                db.close()
    raise AssertionError("a database in memory can always be made")


def _writable(path: Path) -> bool:
    """Whether SQLite could make or change ``path``; it makes a file before it finds that it cannot."""
    return os.access(path if path.exists() else path.parent, os.W_OK)
