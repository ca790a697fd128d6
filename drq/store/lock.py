"""One process a run: a lock that the operating system lets go of when its holder dies, however it dies."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from drq.errors import StoreError

LOCK_FILE = ".lock"
WAIT_S = 1.0
"""How long a lock is waited for: longer than it takes another process to ask whether it is held."""


class DirectoryLock:
    """Holds ``DIRECTORY/.lock`` until closed; raises StoreError when another process holds it.

    An exclusive SQLite transaction on an empty file is the lock: it works alike on every system that Python runs on,
    and leaves readers of ``run.sqlite`` alone.
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
    db = sqlite3.connect(f"{(directory / LOCK_FILE).absolute().as_uri()}?mode=ro", uri=True, timeout=0)
    try:
        db.execute("SELECT count(*) FROM sqlite_schema")
    except sqlite3.OperationalError as error:
        if "locked" not in str(error):
            raise
        return True
    finally:
        db.close()
    return False
