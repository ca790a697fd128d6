"""``drq evolve -m`` with the shipped launchers: processes of this machine, and the jobs of a queue, run here."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path

import pytest

from drq.cli.compose import compose_config
from drq.cli.configure import configure
from drq.config import RunConfig
from drq.errors import OperatorError
from drq.run.observer import Inserted, Observer
from drq.store.comparison import comparable_rows
from drq.store.reader import RunReader
from drq.store.status import State, statuses
from tests.drq.cli.test_evolve_command import DRQ, TINY_RUN, drq
from tests.drq.llm.server import Exchange, ModelServer
from tests.drq.llm.test_runs import inventive

SUBMITIT = "hydra_plugins.hydra_submitit_launcher"
PLUGINS = {"processes": "hydra", "slurm_here": SUBMITIT, "slurm": SUBMITIT}


def directory(seed: int, *others: str) -> Path:
    """Where a sweep of ``TINY_RUN`` puts one of its runs."""
    return Path("runs/smoke") / ",".join(sorted([*TINY_RUN, f"seed={seed}", *others]))


class StopInRoundOne(Observer):
    def inserted(self, event: Inserted) -> None:
        if event.round == 1 and event.iteration > 2:
            raise OperatorError("cut")


def make(directory: Path, seed: int, observer: Observer) -> None:
    configure([*TINY_RUN, f"seed={seed}", f"run_dir={str(directory)!r}"]).execute(lambda operator: observer)


@pytest.mark.parametrize("launcher", ["processes", "slurm_here"])
def test_a_sweep_makes_what_is_missing_and_goes_on_with_what_was_cut(tmp_path: Path, launcher: str) -> None:
    pytest.importorskip(PLUGINS[launcher])
    for seed in range(3):
        make(tmp_path / "alone" / str(seed), seed, Observer())
    make(tmp_path / directory(0), 0, Observer())
    with pytest.raises(OperatorError):
        make(tmp_path / directory(1), 1, StopInRoundOne())
    done = drq("evolve", "-m", f"hydra/launcher={launcher}", *TINY_RUN, "threads=1", "seed=range(3)", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    found = {status.directory: status.state for status in statuses(tmp_path / "runs" / "smoke")}
    assert found == {tmp_path / directory(seed): State.FINISHED for seed in range(3)}
    for seed in range(3):
        alone, swept = (comparable_rows(path) for path in (tmp_path / "alone" / str(seed), tmp_path / directory(seed)))
        assert alone.pop("runs") and swept.pop("runs")  # threads differ
        assert alone == swept
    assert [invocations(tmp_path / directory(seed)) for seed in range(3)] == [1, 2, 1]
    if launcher != "slurm_here":  # whose jobs have logs of their own
        assert f"run {directory(0)}: finished before\n" in done.stderr


def invocations(directory: Path) -> int:
    with closing(RunReader.open(directory)) as store:
        return int(store._db.execute("SELECT count(*) FROM invocations").fetchone()[0])


def test_a_run_that_fails_is_named_and_stops_no_other(tmp_path: Path) -> None:
    (tmp_path / directory(0)).mkdir(parents=True)
    (tmp_path / directory(0) / "notes.txt").write_text("precious")
    launcher = ["hydra/launcher=processes", "jobs=1"]
    done = drq("evolve", "-m", *launcher, *TINY_RUN, "threads=1", "seed=0,1", cwd=tmp_path)
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert f"run {directory(0)}: expected an empty directory or a run, got" in done.stderr
    assert f"run {directory(1)}: finished\n" in done.stderr
    assert done.stderr.splitlines()[-1] == "drq: 1 of 2 runs did not end; the same command goes on with them"


def test_a_killed_process_is_one_line_and_the_other_runs_go_on(tmp_path: Path) -> None:
    overrides = ["experiment=smoke", "iterations=60", "seed=0,1,2", "run_dir=run_${seed}", "threads=1"]
    command = [*DRQ, "evolve", "-m", "hydra/launcher=processes", "jobs=2", *overrides]
    process = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True, start_new_session=True)
    try:
        os.kill(writer_of(tmp_path / "run_1"), signal.SIGKILL)
        _, errors = process.communicate(timeout=120)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode == 2 and "Traceback" not in errors
    assert "run run_1: its process was killed by SIGKILL; the same command goes on with it\n" in errors
    assert errors.splitlines()[-1] == "drq: 1 of 3 runs did not end; the same command goes on with them"
    states = {status.directory.name: status.state for status in statuses(tmp_path)}
    assert states == {"run_0": State.FINISHED, "run_1": State.STOPPED, "run_2": State.FINISHED}
    again = subprocess.run(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    assert again.returncode == 0 and "run run_1: finished\n" in again.stderr
    assert "run run_0: finished before\n" in again.stderr


def test_one_ctrl_c_lets_every_run_finish_what_is_in_flight(tmp_path: Path) -> None:

    async def slow(exchange: Exchange) -> None:
        await asyncio.sleep(1)
        await inventive(exchange)

    with ModelServer(slow) as server:
        model = ["operator=llm", "llm=openai", f"llm.base_url={server.base_url}", "llm.api_key_env=null"]
        launcher = ["hydra/launcher=processes", "jobs=2", "threads=1", "llm.in_flight=4"]
        overrides = ["experiment=smoke", *model, *launcher, "seed=0,1,2", "run_dir=run_${seed}"]
        command = [*DRQ, "evolve", "-m", *overrides]
        process = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True, start_new_session=True)
        try:
            while len(server.requests) < 8:
                assert process.poll() is None
                time.sleep(0.02)
            os.killpg(process.pid, signal.SIGINT)  # as a terminal does
            _, errors = process.communicate(timeout=60)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        assert process.returncode == 130 and "Traceback" not in errors
        found = {status.directory.name: (status.state, status.reason) for status in statuses(tmp_path)}
        assert found == {f"run_{seed}": (State.STOPPED, "Ctrl-C") for seed in range(2)}, errors
        assert sum(status.calls for status in statuses(tmp_path)) == len(server.requests)


def test_a_directory_has_a_name_that_file_systems_take(tmp_path: Path) -> None:
    long = [f"operator.{key}={value}" for key, value in (("edits", 1.5), ("new_length", 12))]
    bins = "archive.bins.length=[" + ",".join(map(str, range(1, 80))) + "]"
    done = drq("evolve", "-m", *TINY_RUN, *long, bins, "archive.axes=[opcodes]", "seed=0,1", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    names = [path.name for path in (tmp_path / "runs" / "smoke").iterdir()]
    assert len(names) == 2 and all(len(name) <= 200 for name in names)


def writer_of(directory: Path) -> int:
    """Wait for the process that writes the run in ``directory``; its id."""
    for _ in range(600):
        for link in Path("/proc").glob("[0-9]*/fd/*"):
            try:
                if link.readlink() == directory / "run.sqlite" and (directory / "champions").exists():
                    return int(link.parts[2])
            except OSError:
                continue
        time.sleep(0.05)
    raise AssertionError("no process wrote there")


def test_what_may_change_does_not_name_a_directory(tmp_path: Path) -> None:
    """Or a larger budget would begin other runs, where it should go on with those that spent theirs."""
    free = ["threads=1", "engine=local", "hydra.job.chdir=false"]
    done = drq("evolve", "-m", *TINY_RUN, *free, "operator.edits=2", "seed=0", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert [path.name for path in (tmp_path / "runs/smoke").iterdir()] == [directory(0, "operator.edits=2").name]


@pytest.mark.parametrize("launcher", PLUGINS)
def test_every_launcher_composes(launcher: str) -> None:
    pytest.importorskip(PLUGINS[launcher])
    composed = compose_config("config", RunConfig, [f"hydra/launcher={launcher}"])
    kind = {"processes": "BasicLauncher", "slurm_here": "LocalLauncher", "slurm": "SlurmLauncher"}[launcher]
    assert composed.hydra.launcher._target_.endswith(kind)


def test_without_its_plugin_a_launcher_says_what_to_install(tmp_path: Path) -> None:
    script = "import sys; sys.modules['hydra_plugins'] = None; from drq.cli.main import main; main()"
    command = [sys.executable, "-c", script, "evolve", "-m", "hydra/launcher=slurm", "seed=0,1"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr == ("drq: this hydra/launcher needs a plugin of Hydra: pip install 'digital-red-queen[sweep]'\n")
