"""``drq evolve``: a run, or a sweep of runs."""

from __future__ import annotations

import hashlib
import os
import signal
import sys
import threading
from collections.abc import Sequence
from contextlib import closing
from types import FrameType

import click
import hydra
from hydra.core.hydra_config import HydraConfig
from hydra.errors import HydraException
from omegaconf import DictConfig
from omegaconf.errors import OmegaConfBaseException
from rich.console import Console

from drq.cli.configure import CONFIG_MODULE, CONFIG_NAME, HYDRA_VERSION_BASE, configure, explain, to_run
from drq.cli.progress import display
from drq.cli.summary import print_summary
from drq.errors import ConfigError, DrqError, EngineError
from drq.run.observer import Observer
from drq.run.run import LeftAtOnce, Run, config_yaml
from drq.stop import Interrupted
from drq.store import RunStore
from redcode.commands.cli import INTERRUPTED

EPILOG = """\b
Examples:
  drq evolve                                   a minute, no model, no network
  drq evolve experiment=smoke                  a few seconds
  drq evolve seed=1 rounds=10 starter=paper    other keys of the same run
  drq evolve operator=llm llm=openai llm.max_calls=500
  drq evolve operator=replay operator.run=runs/demo/seed_0
  drq evolve -m seed=0,1,2,3                   a sweep, one run after the other
  drq evolve -m hydra/launcher=processes threads=1 'seed=range(8)'   beside each other; slurm: on a cluster
  drq evolve "starter='my [first] warriors'"   two pairs of quotes for a path with such signs
The same command on the same directory goes on where it was left."""
LAUNCHERS = ("joblib", "submitit")
"""Packages whose errors say that a job is gone."""
LONGEST_NAME = 200
"""Bytes of a directory's name; most file systems take 255."""

_told_to_stop = threading.Event()
"""Set in every process of a sweep by its first Ctrl-C."""


@click.command(epilog=EPILOG)
@click.option("-m", "--multirun", is_flag=True, help="Run every combination of comma-separated values.")
@click.option("--cfg", is_flag=True, help="Print the resolved configuration and do nothing else.")
@click.argument("overrides", nargs=-1)
def command(overrides: Sequence[str], multirun: bool, cfg: bool) -> None:
    """Evolve warriors against their own past.

    OVERRIDES are group=choice (experiment, rules, operator, llm, archive, engine) and key=value, as Hydra reads them.
    Results go to run_dir, by default runs/EXPERIMENT/seed_SEED.
    """
    if multirun:
        _sweep(overrides)
        return
    run = configure(overrides)
    if cfg:
        click.echo(config_yaml(run.config), nl=False)
        return
    if run.is_finished():
        click.echo(f"run {run.directory}: finished before", err=True)
    evolve(run)


def evolve(run: Run) -> None:
    """Execute one run and sum it up; exits with status 130 when the user stopped it."""
    progress = Console(stderr=True)
    try:
        run.execute(lambda operator: display(run.config, lambda: operator.usage, progress))
    except (Interrupted, LeftAtOnce):
        click.echo("stopped; give the same command again to go on", err=True)
        raise SystemExit(INTERRUPTED) from None
    with closing(RunStore.open(run.directory)) as store:
        print_summary(store, run.config.rules, run.engine(), Console())


def _sweep(overrides: Sequence[str]) -> None:
    """Hand the overrides to Hydra's launcher, which calls ``_job`` once a combination."""
    os.environ["HYDRA_FULL_ERROR"] = "1"  # errors come to us as they are, to be shown in one line
    sys.argv = ["drq evolve", "--multirun", *overrides]
    signal.signal(signal.SIGINT, _wait_for_jobs)
    try:
        launch = hydra.main(
            version_base=HYDRA_VERSION_BASE, config_path=f"pkg://{CONFIG_MODULE}", config_name=CONFIG_NAME
        )
        launch(_job)()
        if _told_to_stop.is_set():
            raise KeyboardInterrupt
    except (HydraException, OmegaConfBaseException) as error:
        raise ConfigError(explain(error, overrides=overrides)) from None
    except KeyboardInterrupt:
        click.echo("left; drq status shows the runs, the same command goes on with those that stopped", err=True)
        raise SystemExit(INTERRUPTED) from None
    except Exception as error:  # the launchers come with an extra: their classes cannot be named here
        if not type(error).__module__.startswith(LAUNCHERS):
            raise
        reason = str(error).strip().partition("\n")[0]
        raise EngineError(f"a job of the sweep was lost; the same command goes on with its run: {reason}") from None


def _wait_for_jobs(signum: int, frame: FrameType | None) -> None:
    """The first Ctrl-C, which the processes of the jobs have heard as well: no further run begins, and those end."""
    _told_to_stop.set()
    click.echo("finishing what is in flight; Ctrl-C again leaves at once", err=True)
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _job(composed: DictConfig) -> None:
    """One run of a sweep, in the directory that its overrides name; nothing where it is finished."""
    if _told_to_stop.is_set():
        return
    hydra_config = HydraConfig.get()
    name = _short(hydra_config.job.override_dirname.replace("/", "_")) or f"seed_{composed.seed}"
    run = to_run(composed, f"{hydra_config.runtime.choices['experiment']}/{name}", hydra_config.overrides.task)
    try:
        if run.is_finished():
            click.echo(f"run {run.directory}: finished before", err=True)
            return
        click.echo(f"run {run.directory}", err=True)
        if hydra_config.runtime.choices["hydra/launcher"] == "basic":
            evolve(run)
        else:
            _evolve_beside_others(run)
    except DrqError as error:  # the others go on, and which it was is not known any more when all have ended
        click.echo(f"run {run.directory}: {error}", err=True)
        raise


def _short(name: str) -> str:
    """A name that file systems take: the end of a long one is a digest of the whole."""
    encoded = name.encode()
    if len(encoded) <= LONGEST_NAME:
        return name
    digest = hashlib.sha256(encoded).hexdigest()[:16]
    return f"{encoded[: LONGEST_NAME - 17].decode(errors='ignore')}_{digest}"


def _evolve_beside_others(run: Run) -> None:
    """Execute one of several runs that share a terminal, without a word but the last: drq status shows them all."""
    try:
        run.execute(lambda operator: Observer())
    except Interrupted:
        _told_to_stop.set()  # an error would have the launcher kill the others, which are finishing too
        return
    except LeftAtOnce:
        raise SystemExit(INTERRUPTED) from None
    click.echo(f"run {run.directory}: finished", err=True)
