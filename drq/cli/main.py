"""The ``drq`` command: each subcommand is a file in ``drq/cli/commands``, imported only when it runs."""

from __future__ import annotations

import errno

import click

from drq.errors import DrqError
from redcode.commands.cli import LazyGroup
from redcode.errors import RedcodeError

COMMANDS = {
    "evolve": "Evolve warriors against their own past; go on with a run.",
    "tournament": "Fight warriors against opponents: wins, ties, losses, generality.",
    "compare": "Say which of two warriors is stronger, and how sure that is.",
    "polish": "Tune the constants of one warrior.",
    "ladder": "Set warriors on a ladder of opponents: rungs beaten, points, Elo.",
    "analyze": "Draw the figures and tables of any number of runs.",
    "report": "Write one run as a self-contained page.",
    "status": "Show the runs under a folder at a glance.",
    "export": "Write champions as .red and tables as .csv.",
    "model": "List small models for this machine, and fetch one.",
    "bench": "Measure what evolution costs on this machine.",
}


@click.group(cls=LazyGroup, package="drq.cli.commands", table=COMMANDS, epilog="Try: drq COMMAND --help")
@click.version_option(package_name="digital-red-queen", prog_name="drq")
def group() -> None:
    """Evolve Core War warriors against their own past, and measure what comes of it."""


def main() -> None:
    """Entry point: a user's error becomes one line on stderr and an exit status."""
    try:
        group.main(standalone_mode=True)
    except (DrqError, RedcodeError) as error:
        click.echo(f"drq: {error}", err=True)
        raise SystemExit(error.exit_code if isinstance(error, DrqError) else 2) from None
    except OSError as error:
        advice = "; free some room, then give the same command again" if error.errno == errno.ENOSPC else ""
        click.echo(f"drq: {error.filename or 'input/output'}: {error.strerror}{advice}", err=True)
        raise SystemExit(2) from None
