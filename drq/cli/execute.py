"""One run in this terminal: its display while it goes, its summary at the end."""

from __future__ import annotations

import time
from contextlib import closing

import click
from rich.console import Console

from drq.cli.progress import display
from drq.cli.progress_bar import bar
from drq.cli.strongest import print_strongest
from drq.cli.summary import print_models, print_next, print_summary
from drq.objective import Battles
from drq.run.run import LeftAtOnce, Run
from drq.stop import Interrupted
from drq.store.reader import RunReader
from redcode.commands.cli import INTERRUPTED


def evolve(run: Run) -> None:
    """Execute one run and sum it up; exits with status 130 when the user stopped it."""
    progress, end = Console(stderr=True), time.monotonic() + 60 * (run.config.minutes or 0)
    try:
        run.execute(lambda operator: display(run.config, lambda: operator.usage, progress))
    except (Interrupted, LeftAtOnce):
        click.echo("stopped; give the same command again to go on", err=True)
        raise SystemExit(INTERRUPTED) from None
    with closing(RunReader.open(run.directory)) as store:
        if run.config.objective.name is Battles.DUELS:
            with bar(progress) as tell:
                print_strongest(store, run, end, tell, Console())
            print_models(store, Console())
        else:
            print_summary(store, run.config.rules, run.engine(), Console())
        print_next(store, run.config.rules, Console())
