"""A run's record: one SQLite file, written as things happen, read by everything that comes after.

``migrations`` holds the schema, ``lock`` keeps two processes apart, ``database`` opens and checks the file,
``call_store`` writes and reads model calls, ``run_store`` the loop's events, ``contenders`` reads who may be champion,
``comparison`` tells two runs apart, ``status`` shows a sweep at a glance. ``docs/run_file.md`` documents every table.
"""

from __future__ import annotations

from drq.store.run_store import RunStore

__all__ = ["RunStore"]
