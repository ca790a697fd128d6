"""``drq evolve`` as a user meets it: a process, its streams, its exit status, its signals."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from drq.store.comparison import comparable_rows
from tests.drq import commands
from tests.drq.runs import candidates

TINY_RUN = ["experiment=smoke", "rounds=2", "iterations=6", "placements=2"]
DRQ = [sys.executable, "-c", "from drq.cli.main import main; main()"]


def drq(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [*DRQ, *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, env={**os.environ, **environment})


def test_a_run_ends_with_its_champions_and_where_to_look_next_and_is_summed_up_again(tmp_path: Path) -> None:
    result = drq("evolve", *TINY_RUN, cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    run = tmp_path / "runs" / "smoke" / "seed_0"
    assert sorted(path.name for path in run.iterdir()) == [
        ".lock",
        "champions",
        "config.yaml",
        "measured.sqlite",
        "run.sqlite",
    ]
    assert "round 0: champion" in result.stderr and "battles/s" in result.stderr
    assert "held-out" in result.stdout and "runs/smoke/seed_0/champions" in result.stdout
    assert "Traceback" not in result.stderr
    again = drq("evolve", *TINY_RUN, cwd=tmp_path)
    assert (again.returncode, again.stdout) == (0, result.stdout)
    line = "run runs/smoke/seed_0: finished before\n"
    assert line not in result.stderr and again.stderr.startswith(line)


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["roundz=1"], "drq: unknown key 'roundz'; the nearest is 'rounds'"),
        (["rounds=x"], "drq: expected rounds to be an integer, got 'x'"),
        (["experiment=none"], "drq: expected experiment to be one of "),
        (["rules=null"], "drq: expected a choice for a group, got null: leave the group out"),
        (
            ["starter=absent.red"],
            "drq: expected starter to be a file, a run, a built-in warrior or a folder, got 'absent.red'",
        ),
        (["run_dir=occupied"], "drq: expected an empty directory or a run, got occupied with 'notes.txt' in it"),
        (["run_dir=notes/run"], "drq: notes/run: Not a directory"),
        (["operator=replay", "operator.run=nowhere"], "drq: expected a run, found no nowhere/run.sqlite"),
        (["operator=replay", "operator.run=x", "rounds=3"], "drq: operator=replay takes rounds from the recorded run"),
        (["-m", "seed=0,1", "roundz=1"], "drq: unknown key 'roundz'; the nearest is 'rounds'"),
    ],
)
def test_a_mistake_is_one_line_and_status_2(
    arguments: list[str],
    line: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "occupied").mkdir()
    (tmp_path / "occupied" / "notes.txt").write_text("precious")
    (tmp_path / "notes").write_text("a file")
    before = sorted(tmp_path.rglob("*"))
    done = commands.drq(capsys, monkeypatch, "evolve", *arguments)
    assert done.status == 2
    assert done.err.startswith(line) and done.err.count("\n") == 1, done.err
    assert done.out == ""
    assert sorted(path for path in tmp_path.rglob("*") if "sweeps" not in str(path) and path.name != "runs") == before


def test_another_run_s_directory_is_refused(tmp_path: Path) -> None:
    drq("evolve", *TINY_RUN, cwd=tmp_path)
    result = drq("evolve", *TINY_RUN, "history=1", cwd=tmp_path)
    assert result.returncode == 2
    assert result.stderr == (
        "drq: runs/smoke/seed_0 holds another run: history is None there and 1 here; "
        "give another run_dir, or that configuration\n"
    )


def test_a_sweep_gives_each_combination_its_own_directory(tmp_path: Path) -> None:
    result = drq("evolve", "-m", *TINY_RUN, "seed=0,1", "history=0,1", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    runs = sorted(path.parent for path in tmp_path.rglob("run.sqlite"))
    assert len(runs) == 4
    configs = []
    for run in runs:
        with closing(sqlite3.connect(run / "run.sqlite")) as db:
            config = json.loads(db.execute("SELECT config FROM runs").fetchone()[0])
        configs.append((config["seed"], config["history"]))
        assert f"seed={config['seed']}" in run.name and f"history={config['history']}" in run.name
    assert sorted(configs) == [(0, 0), (0, 1), (1, 0), (1, 1)]


def test_a_replay_from_the_command_line(tmp_path: Path) -> None:
    drq("evolve", *TINY_RUN, "seed=4", cwd=tmp_path)
    result = drq("evolve", "operator=replay", "operator.run=runs/smoke/seed_4", "threads=1", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    one, two = (comparable_rows(tmp_path / "runs" / name) for name in ("smoke/seed_4", "replay/smoke_seed_4"))
    del one["runs"], two["runs"]
    assert one == two


def test_the_resolved_configuration_can_be_looked_at(tmp_path: Path) -> None:
    result = drq("evolve", "--cfg", *TINY_RUN, cwd=tmp_path)
    assert result.returncode == 0 and "core_size: 80\n" in result.stdout
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("presses", [1, 2])
def test_ctrl_c_leaves_a_run_that_goes_on(tmp_path: Path, presses: int) -> None:
    overrides = ["experiment=smoke", "rounds=2", "iterations=3000", "placements=20", "run_dir=run"]
    process = subprocess.Popen([*DRQ, "evolve", *overrides], cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    assert process.stderr
    while not candidates(tmp_path / "run"):
        time.sleep(0.02)
    for _ in range(presses):
        process.send_signal(signal.SIGINT)
        time.sleep(0.002)
    errors = process.stderr.read()
    assert process.wait(20) == 130
    assert "stopping: finishing what is under way" in errors and "Traceback" not in errors
    assert errors.endswith("stopped; give the same command again to go on\n")
    with closing(sqlite3.connect(tmp_path / "run" / "run.sqlite")) as db:
        assert db.execute("SELECT outcome FROM invocations").fetchall() in ([("Interrupted",)], [("LeftAtOnce",)])
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    before = candidates(tmp_path / "run")
    process = subprocess.Popen([*DRQ, "evolve", *overrides], cwd=tmp_path, stderr=subprocess.DEVNULL)
    while candidates(tmp_path / "run") <= before:
        time.sleep(0.05)
    process.kill()
    process.wait()


@pytest.mark.parametrize("arguments", [["--help"], ["--version"]])
def test_help_imports_nothing_heavy(arguments: list[str], tmp_path: Path) -> None:
    code = (
        "import sys; from drq.cli.main import group; group.main(sys.argv[1:], standalone_mode=False);"
        "print(sorted({'numba', 'hydra', 'omegaconf', 'matplotlib', 'openai', 'rich'} & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", code, *arguments], cwd=tmp_path, capture_output=True, text=True)
    assert result.stdout.endswith("[]\n"), result


def test_evolve_help_shows_examples(tmp_path: Path) -> None:
    result = drq("evolve", "--help", cwd=tmp_path)
    assert result.returncode == 0 and "drq evolve -m seed=0,1,2,3" in result.stdout
