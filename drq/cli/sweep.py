"""``drq evolve -m``: a run for each combination of values, one after the other, beside each other, or on a cluster."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from multiprocessing.connection import wait
from multiprocessing.context import SpawnProcess
from types import FrameType
from typing import Any

import click
import hydra
from hydra.core.hydra_config import HydraConfig
from hydra.errors import HydraException
from omegaconf import DictConfig
from omegaconf.errors import OmegaConfBaseException

from drq.cli.compose import CONFIG_MODULE, HYDRA_VERSION_BASE, explain, prepare
from drq.cli.configure import CONFIG_NAME, to_run
from drq.cli.execute import evolve
from drq.config import RunConfig, is_free
from drq.errors import BudgetSpent, ConfigError, DrqError, EngineError
from drq.run.observer import Observer
from drq.run.run import LeftAtOnce, Run
from drq.stop import Interrupted
from redcode.commands.cli import INTERRUPTED

LONGEST_NAME = 200
"""Bytes of a directory's name; most file systems take 255."""

_told_to_stop = threading.Event()
"""Set by the first Ctrl-C."""
_beside: deque[tuple[Run, int | None]] = deque()
"""Composed runs that wait for a process each, with the number that may run at once; None for one per processor."""


def sweep(overrides: Sequence[str]) -> None:
    """Hand the overrides to Hydra's launcher, which calls ``_job`` for each combination."""
    os.environ["HYDRA_FULL_ERROR"] = "1"  # errors come to us as they are, to be shown in one line
    sys.argv = ["drq evolve", "--multirun", *prepare(RunConfig, overrides)]
    signal.signal(signal.SIGINT, _wait_for_jobs)
    launch = hydra.main(version_base=HYDRA_VERSION_BASE, config_path=f"pkg://{CONFIG_MODULE}", config_name=CONFIG_NAME)
    try:
        launch(_job)()
        _execute_beside()
        if _told_to_stop.is_set():
            raise KeyboardInterrupt
    except (HydraException, OmegaConfBaseException) as error:
        raise ConfigError(explain(error, RunConfig)) from None
    except KeyboardInterrupt:
        click.echo("left; drq status shows the runs, the same command goes on with those that stopped", err=True)
        raise SystemExit(INTERRUPTED) from None
    except Exception as error:  # submitit comes with an extra: its classes cannot be named here
        if not type(error).__module__.startswith("submitit"):
            raise
        reason = str(error).strip().partition("\n")[0]
        raise EngineError(f"a job of the sweep was lost; the same command goes on with its run: {reason}") from None


def _wait_for_jobs(signum: int, frame: FrameType | None) -> None:
    """The first Ctrl-C, which also reaches the processes of the jobs: no further run begins, and the others end."""
    _told_to_stop.set()
    click.echo("finishing what is in flight; Ctrl-C again leaves at once", err=True)
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _job(composed: DictConfig) -> None:
    """One run of a sweep, in the directory that its overrides name."""
    if _told_to_stop.is_set():
        return
    own = HydraConfig.get()
    overrides, choices = own.overrides.task, own.runtime.choices
    run = to_run(composed, choices["experiment"], overrides, _name(overrides))
    if composed.dry_run:
        from drq.cli.forecast import Forecast  # with the client of a model, which takes a second to load

        click.echo("\n".join([f"run {run.directory}", *Forecast(run).lines(), ""]))
    elif choices["hydra/launcher"] == "processes":
        _beside.append((run, composed.jobs))
    else:
        _execute(run, alone=choices["hydra/launcher"] == "basic")


def _name(overrides: Sequence[str]) -> str:
    """The overrides that distinguish the runs, as a name of a directory; a long name ends in a digest of all."""
    given = [override.removeprefix("++").partition("=") for override in overrides]
    name = ",".join(
        sorted(f"{key}={value}" for key, _, value in given if key not in ("jobs", "dry_run") and not is_free(key))
    )
    name = name.replace("/", "_")
    encoded = name.encode()
    if len(encoded) <= LONGEST_NAME:
        return name
    digest = hashlib.sha256(encoded).hexdigest()[:16]
    return f"{encoded[: LONGEST_NAME - 17].decode(errors='ignore')}_{digest}"


def _execute_beside() -> None:
    """Execute each run in a process of its own; a run that fails or is killed does not affect the others.

    Raises BudgetSpent or EngineError at the end where some did not end.
    """
    count = len(_beside)
    failed = [code for code in _exit_codes() if code]
    if failed and not _told_to_stop.is_set():
        kind = BudgetSpent if set(failed) == {BudgetSpent.exit_code} else EngineError
        raise kind(f"{len(failed)} of {count} runs did not end; the same command goes on with them")


def _exit_codes() -> Iterator[int]:
    """The exit code of each process when it ends; negative for one that a signal killed."""
    spawn = multiprocessing.get_context("spawn")
    going: dict[Any, tuple[SpawnProcess, Run]] = {}
    while going or (_beside and not _told_to_stop.is_set()):
        while _beside and not _told_to_stop.is_set() and len(going) < (_beside[0][1] or len(os.sched_getaffinity(0))):
            run, _ = _beside.popleft()
            process = spawn.Process(target=_child, args=(run,))
            process.start()
            going[process.sentinel] = (process, run)
        for sentinel in wait(list(going)):
            process, run = going.pop(sentinel)
            process.join()
            code = process.exitcode or 0
            if code < 0:
                cause = f"its process was killed by {signal.Signals(-code).name}"
                click.echo(f"run {run.directory}: {cause}; the same command goes on with it", err=True)
            yield code


def _child(run: Run) -> None:
    """Execute a run in this process and leave with its exit status."""
    try:
        _execute(run)
    except DrqError as error:
        raise SystemExit(error.exit_code) from None
    if _told_to_stop.is_set():
        raise SystemExit(INTERRUPTED)


def _execute(run: Run, alone: bool = False) -> None:
    """Execute one of several runs; ``alone`` shows its progress and summary, else only its end."""
    if run.is_finished():
        click.echo(f"run {run.directory}: finished before", err=True)
        return
    click.echo(f"run {run.directory}", err=True)
    try:
        if alone:
            evolve(run)
        else:
            run.execute(lambda operator: Observer())
            click.echo(f"run {run.directory}: finished", err=True)
    except Interrupted:
        _told_to_stop.set()  # an error would end other jobs of some launchers before they finish
    except LeftAtOnce:
        raise SystemExit(INTERRUPTED) from None
    except DrqError as error:
        click.echo(f"run {run.directory}: {error}", err=True)
        raise
