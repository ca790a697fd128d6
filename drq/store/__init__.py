"""A run's record: one SQLite file, written as things happen, read by everything that comes after. All SQL is here.

Read the files in this order; each uses only those before it:

``migrations``  the schema
``database``    opens and checks the file, and explains SQLite's errors
``lock``        keeps two processes apart
``call_store``  writes and reads model calls
``reader``      answers every question about a run
``run_store``   writes the loop's events
``status``      a sweep at a glance
``comparison``  two runs, row for row

``docs/run_file.md`` documents every table.
"""

from __future__ import annotations

from drq.store.run_store import RunStore

__all__ = ["RunStore"]
