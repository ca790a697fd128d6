"""A run in files that need no database: champions as .red, every table as .csv, and as .parquet where pyarrow is."""

from __future__ import annotations

import csv
import io
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from drq.files import replacing
from drq.run.champions import write_champions
from drq.store import RunStore
from drq.store.database import CHAMPIONS_FOLDER, RUN_FILE, errors_of, open_for_reading

BATCH = 1000
"""Rows held in memory at a time."""
_ARROW_TYPES = {"INTEGER": "int64", "REAL": "float64", "TEXT": "string"}


def export(directory: Path, folder: Path) -> list[Path]:
    """Write the run in ``directory`` into ``folder``, over an earlier export of it; returns the files.

    Raises StoreError where there is no run, OSError where ``folder`` cannot be written.
    """
    with closing(RunStore.open(directory)) as store:
        write_champions(store, folder / CHAMPIONS_FOLDER)
    files = sorted((folder / CHAMPIONS_FOLDER).glob("*.red"))
    path = directory / RUN_FILE
    with closing(open_for_reading(path)) as db, errors_of(path):
        for (table,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").fetchall():
            files.append(_write_csv(db, table, folder / f"{table}.csv"))
            if find_spec("pyarrow"):
                files.append(_write_parquet(db, table, folder / f"{table}.parquet"))
    return files


def _columns(db: sqlite3.Connection, table: str) -> dict[str, str]:
    return dict(db.execute("SELECT name, type FROM pragma_table_info(?)", (table,)).fetchall())


def _batches(db: sqlite3.Connection, table: str) -> Iterator[Sequence[tuple[Any, ...]]]:
    rows = db.execute(f"SELECT * FROM {table}")
    while batch := rows.fetchmany(BATCH):
        yield batch


def _write_csv(db: sqlite3.Connection, table: str, path: Path) -> Path:
    with replacing(path) as file:
        text = io.TextIOWrapper(file, "utf-8", newline="")
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(_columns(db, table))
        for batch in _batches(db, table):
            writer.writerows(batch)
        text.detach()  # so that the file is not closed with it
    return path


def _write_parquet(db: sqlite3.Connection, table: str, path: Path) -> Path:
    import pyarrow
    import pyarrow.parquet

    columns = _columns(db, table)
    schema = pyarrow.schema([(name, getattr(pyarrow, _ARROW_TYPES[type])()) for name, type in columns.items()])
    with replacing(path) as file, pyarrow.parquet.ParquetWriter(file, schema) as writer:
        for batch in _batches(db, table):
            writer.write_table(pyarrow.table([list(c) for c in zip(*batch, strict=True)], schema=schema))
    return path
