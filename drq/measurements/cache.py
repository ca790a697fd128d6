"""A cache beside a run's file: it may be deleted at any time, and is made again."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from drq.battles.duels import Duel

CACHE_FILE = "measured.sqlite"
VERSION = 3
"""Of the table of duels: those of a file of another version are fought again."""
Pair = tuple[str, str]
"""Digests of a warrior and its opponent."""
_KEY = ("warrior", "opponent")
_SCHEMA = """
CREATE TABLE IF NOT EXISTS duels (
    conditions TEXT NOT NULL, warrior TEXT NOT NULL, opponent TEXT NOT NULL, fitness REAL NOT NULL,
    opponent_fitness REAL NOT NULL, spread REAL NOT NULL, fitness_spread REAL NOT NULL, opponent_spread REAL NOT NULL,
    wins INTEGER NOT NULL, losses INTEGER NOT NULL, PRIMARY KEY (conditions, warrior, opponent)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS embeddings (
    embedding TEXT NOT NULL, warrior TEXT NOT NULL, vector BLOB NOT NULL, PRIMARY KEY (embedding, warrior)
) STRICT, WITHOUT ROWID;
"""


class Cache:
    """``RUN/measured.sqlite``; where it cannot be written or is damaged, what is found lives as long as this object.

    ``directory``: the run's, None for warriors that belong to no run.
    """

    def __init__(self, directory: Path | None) -> None:
        self._db = _open(None if directory is None else directory / CACHE_FILE)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def duels(self, conditions: str) -> dict[Pair, Duel]:
        """Duels by pair, of all battles fought under ``conditions``."""
        rows = self._db.execute(
            f"SELECT {', '.join(_KEY + Duel._fields)} FROM duels WHERE conditions = ?", (conditions,)
        )
        return {(warrior, opponent): Duel(*numbers) for warrior, opponent, *numbers in rows}

    def add_duels(self, conditions: str, duels: Mapping[Pair, Duel]) -> None:
        """Keep duels."""
        rows = [(conditions, *pair, *duel) for pair, duel in duels.items()]
        columns = ("conditions", *_KEY, *Duel._fields)
        self._write(
            f"INSERT OR REPLACE INTO duels ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})", rows
        )

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


def _open(path: Path | None) -> sqlite3.Connection:
    for name in ([str(path)] if path is not None and _writable(path) else []) + [":memory:"]:
        db = None
        try:
            db = sqlite3.connect(name, timeout=30)
            if db.execute("PRAGMA user_version").fetchone() != (VERSION,):
                db.executescript(
                    f"DROP TABLE IF EXISTS scores; DROP TABLE IF EXISTS duels; PRAGMA user_version = {VERSION};"
                )
            db.executescript(_SCHEMA)
            return db
        except sqlite3.DatabaseError:
            if db is not None:
                db.close()
    raise AssertionError("a database in memory can always be made")


def _writable(path: Path) -> bool:
    """Whether SQLite could make or change ``path``; it makes a file before it finds that it cannot."""
    return os.access(path if path.exists() else path.parent, os.W_OK)
