"""One process a run: a lock that the operating system lets go of when its holder dies, however it dies."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from drq.errors import StoreError

LOCK_FILE = ".lock"


class DirectoryLock:
    """Holds ``DIRECTORY/.lock`` until closed; raises StoreError when another process holds it.

    An exclusive SQLite transaction on an empty file is the lock: it works alike on every system that Python runs on,
    and leaves readers of ``run.sqlite`` alone.
    """

    def __init__(self, directory: Path) -> None:
        self._db = sqlite3.connect(directory / LOCK_FILE, timeout=0, isolation_level=None)
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
    try:
        DirectoryLock(directory).close()
    except StoreError:
        return True
    return False
