from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from click.testing import CliRunner

from drq.cli.commands.status import command
from drq.config import RunConfig
from drq.errors import BudgetSpent, OperatorError
from drq.plain import to_plain
from drq.run.observer import Inserted, Observer
from drq.run.run import Run
from drq.stop import Interrupted
from drq.store import RunStore
from drq.store.lock import DirectoryLock, is_held
from drq.store.reader import RunReader
from drq.store.status import State, Status, statuses
from tests.drq.runs import execute, nano_config, opponent


class StopInRoundOne(Observer):
    def __init__(self, error: BaseException) -> None:
        self.error = error

    def inserted(self, event: Inserted) -> None:
        if event.round == 1:
            raise self.error


def stop(directory: Path, error: BaseException) -> None:
    with pytest.raises(type(error)):
        Run(nano_config(), directory, [opponent()]).execute(lambda operator: StopInRoundOne(error))


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run whose process was gone in round 1 without a word; to be copied."""
    directory = tmp_path_factory.mktemp("killed")
    script = (
        "import os, sys; from pathlib import Path; from tests.drq.store.test_status import *\n"
        "class Killed(Observer):\n"
        "    def inserted(self, event): event.round == 1 and os.kill(os.getpid(), 9)\n"
        "Run(nano_config(), Path(sys.argv[1]), [opponent()]).execute(lambda operator: Killed())"
    )
    subprocess.run([sys.executable, "-c", script, str(directory)], cwd=Path(__file__).parents[3], timeout=60)
    return directory


def by_name(folder: Path) -> dict[str, Status]:
    return {status.directory.name: status for status in statuses(folder)}


def test_each_run_says_how_far_it_has_come_and_why_it_is_not_done(tmp_path: Path, killed: Path) -> None:
    execute(nano_config(), tmp_path / "a")
    stop(tmp_path / "b" / "c", OperatorError("the key is refused"))
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "run.sqlite").write_bytes(b"no database" * 100)
    stop(tmp_path / "f", BudgetSpent("300 calls are made"))
    stop(tmp_path / "g", Interrupted())
    stop(tmp_path / "h", ZeroDivisionError())
    stop(tmp_path / "j", SystemExit(-1))
    execute(nano_config(minutes=0), tmp_path / "l")
    shutil.copytree(killed, tmp_path / "i")
    shutil.copytree(tmp_path / "a", tmp_path / "k")
    with closing(sqlite3.connect(tmp_path / "k" / "run.sqlite", isolation_level=None)) as db:
        db.execute("DELETE FROM evaluations")
    with closing(RunStore.open_or_create(tmp_path / "e", to_plain(RunConfig()), {}, [])):
        found = by_name(tmp_path)
    assert {name: (status.state, status.reason) for name, status in found.items()} == {
        "a": (State.FINISHED, ""),
        "l": (State.STOPPED, "its minutes are over"),
        "c": (State.FAILED, "the key is refused"),
        "d": (State.UNREADABLE, "expected a run of this program, got a file that is no SQLite database"),
        "e": (State.RUNNING, ""),
        "f": (State.STOPPED, "300 calls are made"),
        "g": (State.STOPPED, "Ctrl-C"),
        "j": (State.STOPPED, "told to end"),
        "h": (State.FAILED, "error"),
        "i": (State.STOPPED, "killed"),
        "k": (State.UNREADABLE, "the file is damaged: was it copied without run.sqlite-wal beside it?"),
    }
    assert list(found) == list("acdefghijkl")
    assert (found["a"].rounds, found["a"].of_rounds, found["a"].candidates) == (2, 2, 24)
    assert [found[name].rounds for name in "cfghij"] == [1] * 6
    assert found["a"].champion is not None and found["e"].champion is None


def test_what_stopped_finishes_when_its_command_is_given_again(tmp_path: Path, killed: Path) -> None:
    shutil.copytree(killed, tmp_path / "run")
    assert by_name(tmp_path)["run"].state is State.STOPPED
    execute(nano_config(), tmp_path / "run")
    assert by_name(tmp_path)["run"].state is State.FINISHED


def test_looking_changes_nothing(tmp_path: Path, killed: Path) -> None:
    shutil.copytree(killed, tmp_path, dirs_exist_ok=True)
    assert (tmp_path / "run.sqlite-wal").stat().st_size > 0
    before = {path: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    assert next(statuses(tmp_path)).rounds == 1
    assert {path: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()} == before


def test_a_log_without_its_index_is_read_as_well(tmp_path: Path, killed: Path) -> None:
    shutil.copytree(killed, tmp_path, dirs_exist_ok=True)
    (tmp_path / "run.sqlite-shm").unlink()
    assert next(statuses(tmp_path)).rounds == 1


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become another user")
def test_runs_of_others_can_be_looked_at(killed: Path) -> None:
    with TemporaryDirectory() as name:  # tmp_path is closed to other users
        folder = Path(name)
        shutil.copytree(killed, folder / "killed")
        for path in (folder, folder / "killed"):
            path.chmod(0o755)
        script = (
            "import os, sys; from pathlib import Path; from drq.store.status import statuses; os.setuid(65534)\n"
            "print(*(status.state for status in statuses(Path(sys.argv[1]))))"
        )
        with closing(RunStore.open_or_create(folder / "running", to_plain(RunConfig()), {}, [])):
            done = subprocess.run([sys.executable, "-c", script, str(folder)], capture_output=True, text=True)
        assert done.stdout.split() == ["stopped", "running"], done.stderr


def test_asking_whether_a_run_is_going_on_does_not_keep_it_from_beginning(tmp_path: Path) -> None:
    DirectoryLock(tmp_path).close()
    asking = True

    def ask() -> None:
        while asking:
            is_held(tmp_path)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(100):
            DirectoryLock(tmp_path).close()
            time.sleep(0.001)
    finally:
        asking = False
        for thread in threads:
            thread.join()
    assert not is_held(tmp_path)


def test_totals_need_no_row_of_text(tmp_path: Path) -> None:
    """A run of the paper's size holds tens of megabytes of text, which a glance at hundreds of runs must not read."""
    execute(nano_config(), tmp_path)
    with closing(RunReader.open(tmp_path)) as store:
        for sums in ("total(cost), count(error), total(input_tokens) FROM calls", "count(error) FROM candidates"):
            plan = store._db.execute(f"EXPLAIN QUERY PLAN SELECT count(*), {sums}").fetchall()
            assert all("COVERING INDEX" in row[3] for row in plan), plan


def test_the_command_shows_a_row_a_run_and_their_sum(tmp_path: Path) -> None:
    execute(nano_config(), tmp_path / "a")
    stop(
        tmp_path / "b",
        OperatorError("the key\x1b[31m is refused, and this is all that can be said of it" + 2 * ", now"),
    )
    shown = CliRunner(env={"COLUMNS": "80"}).invoke(command, [str(tmp_path)], catch_exceptions=False).output
    assert "finished" in shown and "2/2" in shown and "failed: the key" in shown and "\x1b[31m" not in shown
    assert ", now, now │" in shown, "a run is one line where no terminal limits it"
    assert shown.endswith("2 runs: 1 finished, 1 failed\n")
    for seed in (0, 1):
        shutil.copytree(tmp_path / "a", tmp_path / "sweep" / "smoke" / f"experiment=smoke,rounds=2,seed={seed}")
    shown = CliRunner().invoke(command, [str(tmp_path / "sweep")], catch_exceptions=False).output
    assert "│ seed=0 │" in shown and "│ seed=1 │" in shown and "rounds=2" not in shown
    (tmp_path / "empty").mkdir()
    assert "no runs in" in CliRunner().invoke(command, [str(tmp_path / "empty")]).output
    assert CliRunner().invoke(command, [str(tmp_path / "absent")]).exit_code == 2
