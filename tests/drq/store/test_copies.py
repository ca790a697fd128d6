"""Copies of a run's folder, made while it is written, without the log beside the file."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from drq.run.observer import Inserted, Observer
from drq.run.run import Run
from drq.store.comparison import comparable_rows
from drq.store.reader import reading
from tests.drq.runs import execute, nano_config, opponent

CONFIG = nano_config(rounds=3, iterations=15, operator={"name": "genetic", "in_flight": 3})


class Copier(Observer):
    """Copies the folder at every candidate, and at every seventh has SQLite bring the log into the file first."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.copies: list[Path] = []

    def inserted(self, event: Inserted) -> None:
        if len(self.copies) % 7 == 6:
            with closing(sqlite3.connect(self.directory / "run.sqlite")) as db:
                db.execute("PRAGMA wal_checkpoint").fetchall()
        assert (self.directory / "run.sqlite-wal").exists()
        copy = self.directory.with_name(f"copy_{len(self.copies)}")
        shutil.copytree(self.directory, copy, ignore=shutil.ignore_patterns("*-wal", "*-shm"))
        self.copies.append(copy)


@pytest.fixture(scope="module")
def copier(tmp_path_factory: pytest.TempPathFactory) -> Copier:
    observer = Copier(tmp_path_factory.mktemp("runs") / "original")
    Run(CONFIG, observer.directory, [opponent()]).execute(lambda operator: observer)
    return observer


def test_a_copy_without_the_log_resumes_and_ends_like_the_original(copier: Copier) -> None:
    expected = comparable_rows(copier.directory)
    begun = set()
    for copy in copier.copies[::8]:
        with reading(copy) as run:
            begun.add(run.last_id())
        execute(CONFIG, copy)
        assert comparable_rows(copy) == expected
    assert len(begun) > 3 and 0 in begun and max(begun) > 30, "copies of several states"
