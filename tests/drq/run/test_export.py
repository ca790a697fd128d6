from __future__ import annotations

import csv
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from drq.cli.commands.export import command
from drq.errors import StoreError
from drq.run.export import export
from redcode import NANO, load
from tests.drq.runs import execute, nano_config


def test_every_table_and_champion_comes_out(tmp_path: Path) -> None:
    execute(nano_config(), tmp_path / "run")
    result = CliRunner().invoke(command, [str(tmp_path / "run"), "-o", str(tmp_path / "out")], catch_exceptions=False)
    assert result.exit_code == 0
    assert {Path(line) for line in result.stdout.split()} == {p for p in (tmp_path / "out").rglob("*") if p.is_file()}
    with closing(sqlite3.connect(tmp_path / "run" / "run.sqlite")) as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        digests = {
            d for (d,) in db.execute("SELECT digest FROM champions JOIN candidates ON id = champions.candidate_id")
        }
        sources = [source for (source,) in db.execute("SELECT source FROM candidates ORDER BY id")]
        counts = {table: db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}
    for table, count in counts.items():
        with (tmp_path / "out" / f"{table}.csv").open(newline="") as file:
            rows = list(csv.DictReader(file))
        assert len(rows) == count
        if table == "candidates":
            assert [row["source"] for row in rows] == sources
    assert {load(path, NANO).digest for path in (tmp_path / "out" / "champions").iterdir()} == digests


def test_an_export_can_be_written_over(tmp_path: Path) -> None:
    execute(nano_config(rounds=1), tmp_path / "run")
    assert export(tmp_path / "run", tmp_path / "out") == export(tmp_path / "run", tmp_path / "out")


def test_parquet_holds_the_same(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    execute(nano_config(rounds=1), tmp_path / "run")
    export(tmp_path / "run", tmp_path / "out")
    with closing(sqlite3.connect(tmp_path / "run" / "run.sqlite")) as db:
        cursor = db.execute("SELECT * FROM evaluations")
        expected = [dict(zip([c[0] for c in cursor.description], row, strict=True)) for row in cursor]
    assert parquet.read_table(tmp_path / "out" / "evaluations.parquet").to_pylist() == expected


def test_no_run_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="expected a run, found no"):
        export(tmp_path, tmp_path / "out")
    assert not (tmp_path / "out").exists()
