"""``drq status``: a sweep at a glance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from drq.status import State, Status, statuses
from redcode.text import printable

EPILOG = """\b
Examples:
  drq status
  drq status runs/paper
A run that stopped or failed goes on when its drq evolve command is given again."""


@click.command(epilog=EPILOG)
@click.argument("folder", default="runs", type=click.Path(exists=True, file_okay=False, path_type=Path))
def command(folder: Path) -> None:
    """Show how far each run in and under FOLDER has come; FOLDER is runs where none is given.

    Runs are only looked at: it may be called at any time, also for those of others.
    """
    found = list(statuses(folder))
    if not found:
        click.echo(f"no runs in {folder}")
        return
    table = Table()
    for column in ("run", "state", "rounds", "candidates", "failed", "champion", "calls", "cost"):
        table.add_column(column, justify="left" if column in ("run", "state") else "right", overflow="fold")
    for status in found:
        table.add_row(*_row(status, folder))
    Console().print(table)
    click.echo(_summary(found))


def _row(status: Status, folder: Path) -> tuple[Text | str, ...]:
    name = str(status.directory.relative_to(folder)) if status.directory != folder else str(folder)
    state = Text(f"{status.state}: {printable(status.reason, 200)}" if status.reason else status.state)
    if status.state is State.UNREADABLE:
        return (Text(name), state)
    return (
        Text(name),
        state,
        f"{status.rounds}/{status.of_rounds}",
        str(status.candidates),
        str(status.failed),
        "" if status.champion is None else f"{status.champion:.3f}",
        str(status.calls or ""),
        f"{status.cost:.4f}" if status.cost else "",
    )


def _summary(found: Sequence[Status]) -> str:
    counts = Counter(status.state for status in found)
    states = ", ".join(f"{counts[state]} {state}" for state in State if counts[state])
    calls, cost = sum(status.calls for status in found), sum(status.cost for status in found)
    return f"{len(found)} runs: {states}" + (f"; {calls} calls, cost {cost:.4f}" if calls else "")
