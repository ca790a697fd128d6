"""One process per run: a lock that the operating system releases when its holder dies, however it dies."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from drq.errors import StoreError

LOCK_FILE = ".lock"
WAIT_S = 1.0
"""How long a process waits for the lock: longer than another one takes to ask whether it is held."""


class DirectoryLock:
    """Holds ``DIRECTORY/.lock`` until closed; raises StoreError when another process holds it.

    The lock is an exclusive SQLite transaction on an empty file. It works wherever ``run.sqlite`` works, and other
    processes can ask whether it is held without taking it, which the library filelock does not offer.
    """

    def __init__(self, directory: Path) -> None:
        self._db = sqlite3.connect(directory / LOCK_FILE, timeout=WAIT_S, isolation_level=None)
        try:
            self._db.execute("PRAGMA journal_mode = MEMORY")
            self._db.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            self._db.close()
            if "locked" in str(error):
                raise StoreError(f"expected no other process in {directory}, but one is running there") from None
            raise

    def close(self) -> None:
        """Let go."""
        self._db.close()


def is_held(directory: Path) -> bool:
    """Whether a process is running in ``directory`` at this moment."""
    if not (directory / LOCK_FILE).exists():
        return False
    with closing(sqlite3.connect(f"{(directory / LOCK_FILE).absolute().as_uri()}?mode=ro", uri=True, timeout=0)) as db:
        try:
            db.execute("SELECT count(*) FROM sqlite_schema")
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                return True
            raise
    return False
