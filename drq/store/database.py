"""Opening ``run.sqlite``, and SQLite's errors as messages that tell the user what to do."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from drq.errors import StoreError
from drq.store.migrations import MIGRATIONS, migrate, schema_version

RUN_FILE = "run.sqlite"
CHAMPIONS_FOLDER = "champions"

_MEANINGS = {
    "SQLITE_FULL": "the disk is full; free some room, then give the same command again to go on",
    "SQLITE_NOTADB": "expected a run of this program, got a file that is no SQLite database",
    "SQLITE_CORRUPT": "the file is damaged",
    "SQLITE_READONLY": "the file or its directory is not writable",
    "SQLITE_CANTOPEN": "the file cannot be opened",
    "SQLITE_BUSY": "another program holds the file",
}


def champion_path(folder: Path, round: int) -> Path:
    """Where the champion of ``round`` lies in ``folder``."""
    return folder / f"round_{round:03d}.red"


@contextmanager
def errors_of(path: Path) -> Iterator[None]:
    """Turn SQLite's errors about the file ``path`` into a StoreError of one line; a wrong statement raises as it is."""
    try:
        yield
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
        raise
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorname", "")
        if code == "SQLITE_ERROR":
            raise
        raise StoreError(f"{path}: {_MEANINGS.get(code, str(error))}") from None


@contextmanager
def transaction(db: sqlite3.Connection, path: Path) -> Iterator[sqlite3.Connection]:
    """Commit everything done inside, or nothing if it raises; raises StoreError as ``errors_of`` does."""
    with errors_of(path):
        db.execute("BEGIN IMMEDIATE")
        try:
            yield db
            db.execute("COMMIT")
        finally:
            if db.in_transaction:
                db.execute("ROLLBACK")


def open_for_writing(path: Path) -> sqlite3.Connection:
    """Open or create the file at ``path`` with the current schema; the caller must hold the directory's lock.

    The schema belongs to a transaction that the caller ends with ``COMMIT``, so a file is either empty or whole.
    Raises StoreError for a file that is not a run.
    """
    with errors_of(path), _closing_on_error(sqlite3.connect(path, timeout=30, isolation_level=None)) as db:
        db.execute("PRAGMA foreign_keys = ON")
        db.execute("PRAGMA synchronous = NORMAL")
        db.execute("BEGIN IMMEDIATE")
        migrate(db, path)
        return db


def open_for_reading(path: Path) -> sqlite3.Connection:
    """Open an existing run, also while it is written; raises StoreError when there is none.

    A file of an earlier version stays as it is: a copy of it is brought up to date and read.
    """
    if not path.is_file():
        raise StoreError(f"expected a run, found no {path}")
    # only the writer may change the index of the log, because a network file system cannot share it
    index = "&readonly_shm=1" if path.with_name(f"{path.name}-shm").exists() else ""
    uri = f"{path.absolute().as_uri()}?mode=ro{index}"
    with errors_of(path), _closing_on_error(sqlite3.connect(uri, uri=True, timeout=30, isolation_level=None)) as db:
        if schema_version(db, path) == len(MIGRATIONS):
            return db
        copy = sqlite3.connect("", isolation_level=None)  # temporary: in memory, or in an unnamed file if it is large
        db.backup(copy)
        db.close()
        migrate(copy, path)
        return copy


@contextmanager
def _closing_on_error(db: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    try:
        yield db
    except Exception:  # of any class: the connection is closed and the error goes on
        db.close()
        raise
