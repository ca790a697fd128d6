"""The run's file: whole at any instant, ours alone, refused when it is not."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from drq.candidate import Candidate, Evaluation, Final, Insertion, InsertionStatus, Kind
from drq.errors import StoreError
from drq.llm.calls import NOTHING, Amount, Call, Usage
from drq.store import RunStore
from drq.store.call_store import ModelTally
from drq.store.comparison import TIMING, comparable_rows
from drq.store.database import errors_of, open_for_writing
from drq.store.lock import is_held
from drq.store.migrations import APPLICATION_ID, MIGRATIONS, migrate
from drq.store.reader import OpponentRow, RunReader, Starter

STARTERS = [Starter("Imp", "d0", "MOV 0, 1"), Starter("Dwarf", "d1", "ADD #4, 3")]
CALL = Call(0, 3, 0, "m", "m-1", "h", "[]", "{}", "reply", "stop", None, 10, 20, 0.5, 2, 1.0, 0.1)
DESCRIPTORS = {"spawned": 1.5, "covered": 30.0, "executed": 20.0, "opcodes": 3.0, "length": 4.0}
EVALUATION = Evaluation(1.25, 0.5, DESCRIPTORS, (1.0, 1.5))


def create(directory: Path) -> RunStore:
    return RunStore.open_or_create(directory, {"seed": 1}, {"software": {}}, STARTERS)


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    store = create(tmp_path / "deep" / "run")
    assert (store.config(), store.starters(), store.last_id(), store.champions()) == ({"seed": 1}, STARTERS, 0, {})
    store.begin_round(0, [OpponentRow("d0", 0, None)], [[0, 1]], [[5, 40]])
    store.begin_round(0, [], [], [])
    assert store.opponents(0) == [OpponentRow("d0", 0, None)]
    failed = Candidate(1, 0, 0, Kind.NEW, "genetic", (), None, "no warrior")
    store.write(failed)
    fought = Candidate(2, 0, 1, Kind.CROSSOVER, "llm", (1, 1), "MOV 0, 1", None, "Name", "d2", 1)
    found = replace(fought, evaluation=EVALUATION, insertion=Insertion((0, 3), InsertionStatus.IMPROVED))
    store.write(found)
    finals = [Final(0, 1, (1.5, 0.5)), Final(0, 2, (2.0, 1.0)), Final(1, 2, (1.0, 0.5))]
    store.end_round(0, 2, finals)
    assert (store.finals(0), store.finals(1), store.champion_fitness()) == (finals, [], {0: 0.75})
    assert (store.candidate(1), store.candidate(2), list(store.candidates([2, 1]))) == (failed, found, [failed, found])
    assert (store.find(0, 0), store.find(0, 1)) == (failed, found)
    assert store.find(0, 2) is None and store.find(1, 0) is None
    assert (store.last_id(), store.champions()) == (2, {0: 2})
    store.close()
    with closing(RunReader.open(tmp_path / "deep" / "run")) as again:
        assert (again.candidate(2), again.champions()) == (found, {0: 2})


def test_calls_are_kept_with_their_prompt_and_counted(tmp_path: Path) -> None:
    with closing(create(tmp_path)) as store:
        assert store.calls.find(0, 3, 0) is None and store.calls.usage() == Usage()
        failed = Call(0, 4, 1, "m", None, "h", "[]", "{}", None, None, "timeout", None, None, None, 5, 2.0, 9.0)
        store.calls.add(CALL, "the system prompt")
        store.calls.add(failed, "the system prompt")
        assert (store.calls.find(0, 3, 0), store.calls.find(0, 4, 1)) == (CALL, failed)
        assert store.calls.find(0, 4, 0) is None
        assert store.calls.prompt("h") == "the system prompt"
        assert store.calls.usage() == Usage(0, 2, 1, 10, 20, 0.5)
        with pytest.raises(sqlite3.IntegrityError):
            store.calls.add(CALL, "the system prompt")


def test_reservations_count_as_spent_until_their_call_is_recorded(tmp_path: Path) -> None:
    most = Amount(1, 100, 50, 0.5)
    with closing(create(tmp_path)) as store:
        for _ in range(3):
            store.calls.reserve(0, 3, 0, most)
        assert store.calls.usage() == Usage(0, 0, 0, 300, 150, 1.5, 3)
        store.calls.amend(1, Amount(1, 200, 100, 1.0))
        store.calls.amend(2, NOTHING)
        store.calls.add(CALL, "p", 3, Amount(0, 7, 8, 0.25))
    with closing(RunReader.open(tmp_path)) as store:
        assert store.calls.usage() == Usage(0, 1, 0, 217, 128, 1.75, 1)


def test_a_call_that_cannot_be_recorded_leaves_its_reservation(tmp_path: Path) -> None:
    with closing(create(tmp_path)) as store:
        store.calls.add(CALL, "p")
        number = store.calls.reserve(0, 3, 0, Amount(1, 100, 50, 0.5))
        with pytest.raises(sqlite3.IntegrityError):
            store.calls.add(CALL, "p", number, NOTHING)
        assert store.calls.usage().lost == 1


def test_failures_are_counted_by_reason(tmp_path: Path) -> None:
    with closing(create(tmp_path)) as store:
        for iteration, error in enumerate(["slow", None, "gone", "slow"]):
            store.calls.add(replace(CALL, iteration=iteration, error=error), "p")
        assert store.calls.failures() == [("slow", 2), ("gone", 1)]


def test_a_models_proposals_are_summed_up(tmp_path: Path) -> None:
    """Of model m: one repaired, of which a request was lost, one failed, one not inserted yet; of n, one not new."""
    n = replace(CALL, requested_model="n")
    with closing(create(tmp_path)) as store:
        for call in (CALL, replace(CALL, turn=1), replace(CALL, iteration=5), replace(n, iteration=6, cost=None)):
            store.calls.add(call, "p")
        store.calls.add(replace(CALL, iteration=4, reply=None, error="slow", input_tokens=None, output_tokens=1), "p")
        store.calls.reserve(0, 3, 1, Amount(0, 100, 50, 0.25))
        store.begin_round(0, [], [], [])
        store.write(Candidate(1, 0, 4, Kind.NEW, "llm", (), None, "call failed: slow"))
        for id, iteration, status in ((2, 3, InsertionStatus.IMPROVED), (3, 6, InsertionStatus.NOT_ADDED)):
            candidate = Candidate(id, 0, iteration, Kind.NEW, "llm", (), "s", None, "name", "d")
            store.write(replace(candidate, evaluation=EVALUATION, insertion=Insertion((0, 0), status)))
        assert store.calls.tally() == [
            ModelTally("m", 2, failed=1, assembled=1, inserted=1, tokens=60 + 1 + 150, cost=1.0 + 0.5 + 0.25),
            ModelTally("n", 1, failed=0, assembled=1, inserted=0, tokens=30, cost=0.0),
        ]


def test_processes_are_on_record_with_how_they_left(tmp_path: Path) -> None:
    with closing(create(tmp_path)) as store:
        assert store.invocations() == []
        store.end_invocation(store.begin_invocation({}), "finished")
        store.begin_invocation({})
        first, second = store.invocations()
        assert first.outcome == "finished" and first.ended_at is not None and first.ended_at >= first.started_at
        assert (second.outcome, second.ended_at) == (None, None)


def test_a_file_of_an_earlier_version_is_read_and_left_as_it_is_until_it_is_gone_on_with(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "run.sqlite", isolation_level=None)) as db:
        MIGRATIONS[0](db)
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute("PRAGMA user_version = 1")
        db.execute("INSERT INTO runs VALUES (1, ?, '{}', 0.0)", ('{"seed": 1, "llm": {"model": "m", "seed": true}}',))
    before = (tmp_path / "run.sqlite").read_bytes()
    added = {"max_tokens_name": "max_tokens", "prices": {"input": 0.0, "output": 0.0}}
    config = {"selection": "fitness", "seed": 1, "llm": {"model": "m", "seed": True, **added}}
    with closing(RunReader.open(tmp_path)) as store:
        assert (store.config(), store.calls.usage()) == (config, Usage())
    assert (tmp_path / "run.sqlite").read_bytes() == before
    with closing(create(tmp_path)) as store:
        assert store.calls.reserve(0, 0, 0, Amount(1)) == 1
        assert store.config() == config


@pytest.mark.parametrize(
    ("archive", "expected"),
    [
        ({"seeds": True}, {"begin": "champions"}),
        ({"seeds": False, "kept": True}, {"begin": "empty", "kept": True}),
        ({"seeds": True, "seeds_fought": True}, {"begin": "company"}),
        ({"size": None}, {"begin": "champions", "size": None}),
    ],
)
def test_an_earlier_archive_begins_with_what_it_began_with(archive: dict[str, Any], expected: dict[str, Any]) -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        for step in MIGRATIONS[:8]:
            step(db)
        db.execute("INSERT INTO runs VALUES (1, ?, '{}', 0.0)", (json.dumps({"archive": archive}),))
        MIGRATIONS[8](db)
        assert json.loads(db.execute("SELECT config FROM runs").fetchone()[0]) == {"archive": expected}


def test_a_finished_run_is_a_single_file(tmp_path: Path) -> None:
    create(tmp_path).close()
    assert sorted(path.name for path in tmp_path.iterdir()) == [".lock", "run.sqlite"]


def test_readers_do_not_wait_for_the_writer(tmp_path: Path) -> None:
    with closing(create(tmp_path)) as store, closing(RunReader.open(tmp_path)) as reader:
        store.begin_invocation({})
        store.begin_round(0, [], [], [])
        store.write(Candidate(1, 0, 0, Kind.NEW, "x", (), None, "e"))
        assert reader.last_id() == 1


def test_two_processes_never_run_one_directory(tmp_path: Path) -> None:
    with closing(create(tmp_path)):
        assert is_held(tmp_path)
        code = f"from tests.drq.store.test_store import *; create(Path({str(tmp_path)!r}))"
        other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        assert "expected no other process in" in other.stderr
    assert not is_held(tmp_path) and not is_held(tmp_path / "absent")
    create(tmp_path).close()


def test_a_lock_that_cannot_be_opened_is_not_said_to_be_held(tmp_path: Path) -> None:
    (tmp_path / ".lock").mkdir()
    with pytest.raises(StoreError, match="the file cannot be opened"):
        create(tmp_path)


def test_a_directory_with_anything_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(StoreError, match=r"expected an empty directory or a run, got .* with 'thesis.tex' in it"):
        create(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_a_file_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "run.sqlite"
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE holidays (day)")
    before = path.read_bytes()
    for action in (create, RunStore.open):
        with pytest.raises(StoreError, match=r"run\.sqlite: expected a run of this program, got another SQLite file"):
            action(tmp_path)
    path.write_bytes(b"no database at all, but long enough to have a header of its own" * 20)
    for action in (create, RunStore.open):
        with pytest.raises(StoreError, match="expected a run of this program, got a file that is no SQLite database"):
            action(tmp_path)
    assert before != path.read_bytes()[: len(before)]


def test_what_sqlite_cannot_do_is_told_in_words(tmp_path: Path) -> None:
    path = tmp_path / "run.sqlite"
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as db, closing(sqlite3.connect(path)) as other:

        def told(statement: str) -> str:
            with pytest.raises(StoreError) as caught, errors_of(path):
                db.execute(statement)
            return str(caught.value).removeprefix(f"{path}: ")

        db.execute("CREATE TABLE words (word)")
        db.execute("PRAGMA max_page_count = 2")
        assert told("INSERT INTO words VALUES (zeroblob(100000))").startswith("the disk is full; ")
        other.execute("BEGIN EXCLUSIVE")
        assert told("BEGIN IMMEDIATE") == "another program holds the file"
        other.rollback()
        db.execute("PRAGMA query_only = ON")
        assert told("DROP TABLE words") == "the file or its directory is not writable"
        assert told(f"ATTACH '{tmp_path}' AS folder") == "the file cannot be opened"
        path.write_bytes(path.read_bytes()[:4096])
        assert told("SELECT * FROM words") == "the file is damaged"
        with pytest.raises(sqlite3.OperationalError), errors_of(path):
            db.execute("SELECT a bug")


def test_a_newer_schema_is_refused(tmp_path: Path) -> None:
    create(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / "run.sqlite")) as db:
        db.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    for action in (create, RunStore.open):
        with pytest.raises(StoreError, match=r"run\.sqlite: expected a schema of version .*: update drq"):
            action(tmp_path)


def test_an_interrupted_birth_starts_over(tmp_path: Path) -> None:
    (tmp_path / ".lock").touch()
    (tmp_path / "run.sqlite").touch()
    with pytest.raises(StoreError, match=r"run\.sqlite: expected a run of this program"):
        RunReader.open(tmp_path)
    with closing(create(tmp_path)) as store:
        assert store.config() == {"seed": 1}


def test_migrations_take_a_blank_file_to_the_present_and_are_done_once() -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        migrate(db, Path("run.sqlite"))
        migrate(db, Path("run.sqlite"))
        assert db.execute("PRAGMA user_version").fetchone()[0] == len(MIGRATIONS)
        assert db.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID


def test_no_run_is_no_run(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="expected a run, found no"):
        RunReader.open(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_an_unwritable_directory(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises((StoreError, OSError)):
        create(tmp_path / "run")


def test_a_transaction_that_fails_leaves_nothing(tmp_path: Path) -> None:
    with closing(create(tmp_path)) as store:
        store.begin_round(0, [], [], [])
        good = Candidate(1, 0, 0, Kind.NEW, "x", (), "s", None, "n", "d", evaluation=EVALUATION)
        bad = Insertion((0,), "somewhere")  # type: ignore[arg-type]
        with pytest.raises(sqlite3.IntegrityError):
            store.write(replace(good, insertion=bad))
        assert store.last_id() == 0
        store.write(good)


def test_comparison_leaves_out_the_clock_and_nothing_else(tmp_path: Path) -> None:
    for name in ("one", "two"):
        with closing(create(tmp_path / name)) as store:
            store.begin_invocation({"at": name})
            store.begin_round(0, [OpponentRow("d0", 0, None)], [[0, 1]], [[5, 40]])
            store.write(Candidate(1, 0, 0, Kind.NEW, "x", (), None, "e"))
            store.calls.add(CALL, "p")
    one = comparable_rows(tmp_path / "one")
    assert one == comparable_rows(tmp_path / "two")
    assert set(one) == set(_schema()) - {"invocations", "outstanding"}
    assert all(columns <= _schema()[table] for table, columns in TIMING.items())


def _schema() -> dict[str, set[str]]:
    with closing(open_for_writing(Path(":memory:"))) as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        return {name: {row[1] for row in db.execute(f"PRAGMA table_info({name})")} for name in tables}


def test_the_documentation_names_every_table_and_column_and_no_other() -> None:
    text = (Path(__file__).parents[3] / "docs" / "run_file.md").read_text()
    sections = dict(re.findall(r"^## `(\w+)`\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL))
    columns = {table: set(re.findall(r"^\| `(\w+)`", body, re.MULTILINE)) for table, body in sections.items()}
    assert columns == _schema()
    clock = {table: set(re.findall(r"^\| `(\w+)` .*\(clock\)", body, re.MULTILINE)) for table, body in sections.items()}
    assert {table: names for table, names in clock.items() if names} == TIMING
