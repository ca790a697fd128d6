"""Whole runs: killed, resumed, replayed, refused, out of disk."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, nullcontext, suppress
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from drq.config import ArchiveConfig, CrownConfig
from drq.errors import DrqError, OperatorError, StoreError
from drq.operators.replay import replayed
from drq.run.observer import Inserted, Observer
from drq.run.run import Run, config_yaml
from drq.stop import Interrupted
from drq.store.comparison import comparable_rows
from redcode import load
from tests.drq.runs import DWARF, IMP, candidates, execute, in_child, nano_config, opponent

KILLS = 200 if os.environ.get("DRQ_SLOW") else 8


def test_a_run_killed_at_any_instant_ends_like_one_that_was_not(tmp_path: Path) -> None:
    config, random = nano_config(rounds=3, iterations=15, operator={"name": "genetic", "in_flight": 3}), Random(1)
    config = replace(config, crown=CrownConfig(among=4, placements=200))
    execute(config, tmp_path / "whole")
    expected = comparable_rows(tmp_path / "whole")
    total = len(expected["candidates"])
    killed = 0
    for number in range(KILLS):
        directory = tmp_path / str(number)
        pid = in_child(lambda: execute(config, directory))  # noqa: B023 - called at once
        enough = random.randrange(total)
        while candidates(directory) < enough and os.waitpid(pid, os.WNOHANG) == (0, 0):
            time.sleep(0.001)
        time.sleep(random.uniform(0, 0.02))
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        with suppress(ChildProcessError):
            os.waitpid(pid, 0)
        killed += candidates(directory) < total
        execute(config, directory)
        assert comparable_rows(directory) == expected
        assert sorted(path.name for path in directory.iterdir()) == [".lock", "champions", "config.yaml", "run.sqlite"]
        shutil.rmtree(directory)
    assert killed > KILLS / 2


def test_a_run_cut_off_after_every_single_candidate_ends_like_one_that_was_not(tmp_path: Path) -> None:
    class CutError(Exception):
        pass

    class CutAfterOne(Observer):
        new = 0

        def inserted(self, event: Any) -> None:
            self.new += event.battles > 0
            if self.new == 2:
                raise CutError

    config = nano_config(operator={"name": "genetic", "in_flight": 2})
    execute(config, tmp_path / "whole")
    run = Run(config, tmp_path / "cut", [opponent()])
    for cuts in range(100):  # noqa: B007 - its last value is looked at
        try:
            run.execute(lambda operator: CutAfterOne())
            break
        except CutError:
            pass
    assert cuts > 8
    assert comparable_rows(tmp_path / "cut") == comparable_rows(tmp_path / "whole")


def test_a_finished_run_given_again_changes_nothing(tmp_path: Path) -> None:
    execute(nano_config(), tmp_path)
    before = comparable_rows(tmp_path)
    execute(nano_config(), tmp_path)
    assert comparable_rows(tmp_path) == before
    with closing(sqlite3.connect(tmp_path / "run.sqlite")) as db:
        assert db.execute("SELECT outcome FROM invocations").fetchall() == [("finished",), ("finished",)]


def test_champions_are_files_that_assemble_to_what_was_recorded(tmp_path: Path) -> None:
    execute(nano_config(rounds=3), tmp_path)
    with closing(sqlite3.connect(tmp_path / "run.sqlite")) as db:
        rows = db.execute(
            "SELECT champions.round, digest, fitness, operator FROM champions"
            " JOIN candidates ON id = champions.candidate_id JOIN evaluations USING (candidate_id)"
        ).fetchall()
    assert rows and len({digest for _, digest, _, _ in rows}) == len(rows)
    for round, digest, fitness, operator in rows:
        path = tmp_path / "champions" / f"round_{round:03d}.red"
        head = path.read_text().splitlines()[:10]
        assert load(path, nano_config().rules).digest == digest
        assert f"; fitness {fitness:.6f}" in head and f"; digest {digest}" in head
        assert any(line.startswith(f"; operator {operator}, ") for line in head)
    missing = tmp_path / "champions" / f"round_{rows[0][0]:03d}.red"
    text = missing.read_bytes()
    missing.unlink()
    execute(nano_config(rounds=3), tmp_path)
    assert missing.read_bytes() == text


def test_no_champion_is_crowned_twice_and_the_starter_never(tmp_path: Path) -> None:
    """A fault of the published code: a past champion can be crowned again."""
    execute(nano_config(rounds=6, iterations=4), tmp_path, (IMP, DWARF))
    with closing(sqlite3.connect(tmp_path / "run.sqlite")) as db:
        digests = db.execute("SELECT digest FROM champions JOIN candidates ON id = champions.candidate_id").fetchall()
        starters = db.execute("SELECT digest FROM starters").fetchall()
    assert len(digests) > 2 and len({*digests, *starters}) == len(digests) + 2


@pytest.mark.parametrize(
    ("history", "expected"), [(None, [1, 2, 3, 4]), (3, [1, 2, 3, 4]), (2, [1, 2, 3, 3]), (0, [1, 1, 1, 1])]
)
def test_history_keeps_the_last_champions_and_always_the_starter(
    tmp_path: Path, history: int | None, expected: list[int]
) -> None:
    execute(nano_config(rounds=4, history=history), tmp_path)
    with closing(sqlite3.connect(tmp_path / "run.sqlite")) as db:
        assert None not in db.execute("SELECT candidate_id FROM champions").fetchall()[0]
        rows = db.execute("SELECT round, starter, candidate_id FROM opponents ORDER BY round, position").fetchall()
        champions = dict(db.execute("SELECT round, candidate_id FROM champions"))
        seeds = db.execute("SELECT round, count(*) FROM candidates WHERE kind = 'seed' GROUP BY round").fetchall()
    for round in range(4):
        opponents = [(starter, id) for r, starter, id in rows if r == round]
        past = [champions[r] for r in range(round)]
        kept = past if history is None else past[-history:] if history else []
        assert opponents == [(0, None), *((None, id) for id in kept if id is not None)]
        assert len(opponents) == expected[round]
    assert seeds == [(0, 1), (1, 2), (2, 3), (3, 4)]


def test_a_round_is_announced_with_all_that_it_will_place(tmp_path: Path) -> None:
    announced, inserted = [], Counter[int]()

    class Watch(Observer):
        def round_started(self, round: int, candidates: int, opponents: int) -> None:
            announced.append((round, candidates, opponents))

        def inserted(self, event: Inserted) -> None:
            inserted[event.round] += 1

    Run(nano_config(), tmp_path, [opponent()]).execute(lambda operator: Watch())
    assert announced == [(0, inserted[0], 1), (1, inserted[1], 2)]


def test_equal_starters_are_fought_once(tmp_path: Path) -> None:
    execute(nano_config(rounds=1), tmp_path, (IMP, ";name Other\n" + IMP, DWARF))
    with closing(sqlite3.connect(tmp_path / "run.sqlite")) as db:
        assert db.execute("SELECT starter FROM opponents").fetchall() == [(0,), (2,)]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"seed": 5}, "holds another run: seed is 0 there and 5 here; give another run_dir"),
        (
            {"rounds": 3, "operator": {"name": "genetic", "edits": 3.0}},
            "holds another run: operator.edits is 1.5 there and 3.0 here; rounds is 2 there and 3 here; give",
        ),
        ({"archive": ArchiveConfig(axes=())}, "archive.axes is ['spawned', 'covered'] there and [] here"),
    ],
)  # fmt: skip
def test_another_configuration_is_refused_by_its_keys(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    execute(nano_config(), tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(StoreError) as error:
        execute(nano_config(**change), tmp_path)
    assert message in str(error.value) and "\n" not in str(error.value)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_a_run_from_before_a_setting_goes_on_with_its_default(tmp_path: Path) -> None:
    execute(nano_config(rounds=2), tmp_path)
    with closing(sqlite3.connect(tmp_path / "run.sqlite")) as db, db:
        db.execute("UPDATE runs SET config = json_remove(config, '$.crossover_share', '$.history', '$.operator.edits')")
    execute(nano_config(rounds=2, crossover_share=0.0), tmp_path)
    with pytest.raises(StoreError, match=r"crossover_share is 0\.0 there and 0\.3 here"):
        execute(nano_config(rounds=2), tmp_path)


def test_a_changed_starter_is_refused(tmp_path: Path) -> None:
    execute(nano_config(), tmp_path)
    with pytest.raises(StoreError, match="a starter's code has changed since"):
        execute(nano_config(), tmp_path, (DWARF,))


def test_other_comments_in_a_starter_change_nothing(tmp_path: Path) -> None:
    class CutInRoundOne(Observer):
        def inserted(self, event: Inserted) -> None:
            if event.round == 1:
                raise Interrupted

    execute(nano_config(), tmp_path / "whole")
    with pytest.raises(Interrupted):
        Run(nano_config(), tmp_path / "cut", [opponent()]).execute(lambda operator: CutInRoundOne())
    execute(nano_config(), tmp_path / "cut", (f"; the oldest of all\n{IMP};name Another\n",))
    assert comparable_rows(tmp_path / "cut") == comparable_rows(tmp_path / "whole")


def test_what_leaves_the_rows_alone_may_change(tmp_path: Path) -> None:
    execute(nano_config(threads=1), tmp_path)
    execute(nano_config(threads=2), tmp_path)
    assert (tmp_path / "config.yaml").read_text() == config_yaml(nano_config(threads=2))


@pytest.mark.parametrize("more", [{}, {"rounds": 100_000, "history": 1, "minutes": 0.01}])
def test_a_replay_gives_the_same_rows(tmp_path: Path, more: dict[str, Any]) -> None:
    """Of a run that a clock ended, and that went on for as long again, too."""
    for _ in range(2):
        execute(nano_config(operator={"name": "genetic", "in_flight": 4}, **more), tmp_path / "run")
    config = replayed(tmp_path / "run", {"name": "local"}, None)
    execute(config, tmp_path / "again")
    execute(replayed(tmp_path / "again", {"name": "local"}, None), tmp_path / "third")
    one, two, three = (comparable_rows(tmp_path / name) for name in ("run", "again", "third"))
    for rows in (one, two, three):
        del rows["runs"]
    assert one == two == three and len(one["champions"]) > 1


def test_a_replay_of_nothing_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(DrqError, match="expected a run, found no"):
        replayed(tmp_path, {"name": "local"}, None)


def test_the_outcome_of_each_invocation_is_recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse(*_: object) -> None:
        raise OperatorError("no")

    with monkeypatch.context() as patch:
        patch.setattr("drq.operators.genetic.GeneticOperator.propose", refuse)
        with pytest.raises(OperatorError):
            execute(nano_config(), tmp_path)
    execute(nano_config(), tmp_path)
    with closing(sqlite3.connect(tmp_path / "run.sqlite")) as db:
        rows = db.execute("SELECT outcome, ended_at >= started_at FROM invocations").fetchall()
    assert rows == [("OperatorError: no", 1), ("finished", 1)]


@pytest.mark.parametrize("fails", [True, False])
def test_an_operator_that_is_slow_to_close_changes_no_outcome(
    fails: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hang(*_: object) -> None:
        await asyncio.sleep(60)

    async def refuse(*_: object) -> None:
        raise OperatorError("no")

    monkeypatch.setattr("drq.run.run.CLOSE_WITHIN_S", 0.05)
    monkeypatch.setattr("drq.operators.genetic.GeneticOperator.close", hang)
    if fails:
        monkeypatch.setattr("drq.operators.genetic.GeneticOperator.propose", refuse)
    with pytest.raises(OperatorError, match="no") if fails else nullcontext():
        execute(nano_config(), tmp_path)
    with closing(sqlite3.connect(tmp_path / "run.sqlite")) as db:
        assert db.execute("SELECT outcome FROM invocations").fetchall() == [
            ("OperatorError: no" if fails else "finished",)
        ]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 200 kB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("only root may mount a file system")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_ends_the_run_in_one_line_and_room_lets_it_go_on(small_disk: Path, tmp_path: Path) -> None:
    config = nano_config(rounds=4, iterations=60)
    execute(config, tmp_path / "whole")
    for _ in range(2):
        with pytest.raises((StoreError, OSError)) as error:
            execute(config, small_disk / "run")
        assert "disk is full" in str(error.value) or "No space left" in str(error.value)
        assert "\n" not in str(error.value)
    subprocess.run(["mount", "-o", "remount,size=20M", str(small_disk)], check=True)
    execute(config, small_disk / "run")
    assert comparable_rows(small_disk / "run") == comparable_rows(tmp_path / "whole")
