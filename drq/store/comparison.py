"""Two runs, row for row: everything on record except what the clock and the machine decide."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

from drq.store.database import RUN_FILE, open_for_reading

TIMING = {
    "runs": {"provenance", "created_at"},
    "invocations": {"id", "started_at", "ended_at", "outcome", "provenance"},
    "rounds": {"started_at"},
    "candidates": {"recorded_at"},
    "calls": {"attempts", "started_at", "duration_s"},
    "outstanding": {"id", "round", "iteration", "turn", "calls", "input_tokens", "output_tokens", "cost"},
}
"""Columns that may differ between two runs of one configuration; all others are equal."""


def comparable_rows(directory: str | Path) -> dict[str, list[tuple[Any, ...]]]:
    """By table, the rows of the run in ``directory`` in the order of their keys, without the columns of ``TIMING``."""
    with closing(open_for_reading(Path(directory, RUN_FILE))) as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")]
        rows = {}
        for table in tables:
            info = db.execute("SELECT name, pk FROM pragma_table_info(?)", (table,)).fetchall()
            columns = [name for name, _ in info if name not in TIMING.get(table, ())]
            keys = [name for name, key in info if key]
            if columns:
                rows[table] = db.execute(
                    f"SELECT {', '.join(columns)} FROM {table} ORDER BY {', '.join(keys)}"
                ).fetchall()
        return rows
