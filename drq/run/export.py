"""A run in files that need no database: champions as .red, every table as .csv, and as .parquet if pyarrow is there."""

from __future__ import annotations

import csv
import io
from importlib.util import find_spec
from pathlib import Path

from drq.files import replacing
from drq.run.champions import write_champions
from drq.store.database import CHAMPIONS_FOLDER
from drq.store.reader import RunReader, reading

AT_ONCE = 1000
"""Rows held in memory at a time."""
_ARROW_TYPES = {"INTEGER": "int64", "REAL": "float64", "TEXT": "string"}


def export(directory: Path, folder: Path) -> list[Path]:
    """Write the run in ``directory`` into ``folder``, over an earlier export of it; returns the files.

    Raises StoreError where there is no run, OSError where ``folder`` cannot be written.
    """
    with reading(directory) as run:
        write_champions(run, folder / CHAMPIONS_FOLDER)
        files = sorted((folder / CHAMPIONS_FOLDER).glob("*.red"))
        for table, columns in run.tables().items():
            files.append(_write_csv(run, table, columns, folder / f"{table}.csv"))
            if find_spec("pyarrow"):
                files.append(_write_parquet(run, table, columns, folder / f"{table}.parquet"))
    return files


def _write_csv(run: RunReader, table: str, columns: dict[str, str], path: Path) -> Path:
    with replacing(path) as file:
        text = io.TextIOWrapper(file, "utf-8", newline="")
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(columns)
        for rows in run.rows(table, AT_ONCE):
            writer.writerows(rows)
        text.detach()  # so that the file is not closed with it
    return path


def _write_parquet(run: RunReader, table: str, columns: dict[str, str], path: Path) -> Path:
    import pyarrow
    import pyarrow.parquet

    schema = pyarrow.schema([(name, getattr(pyarrow, _ARROW_TYPES[type])()) for name, type in columns.items()])
    with replacing(path) as file, pyarrow.parquet.ParquetWriter(file, schema) as writer:
        for rows in run.rows(table, AT_ONCE):
            writer.write_table(pyarrow.table([list(c) for c in zip(*rows, strict=True)], schema=schema))
    return path
