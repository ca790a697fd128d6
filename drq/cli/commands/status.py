"""``drq status``: a sweep at a glance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from drq.store.status import State, Status, statuses
from redcode.text import plural, printable

EPILOG = """\b
Examples:
  drq status
  drq status runs/paper
A run that stopped or failed goes on when its drq evolve command is given again."""

WIDE = 1000
"""Columns without a terminal: each run is one line, so that grep finds it."""


@click.command(epilog=EPILOG)
@click.argument("folder", default="runs", type=click.Path(exists=True, file_okay=False, path_type=Path))
def command(folder: Path) -> None:
    """Show how far each run in and under FOLDER has come; FOLDER is runs by default.

    The command only reads: you can use it at any time, also for the runs of others.
    """
    found = list(statuses(folder))
    if not found:
        click.echo(f"no runs in {folder}")
        return
    names = _names([status.directory for status in found], folder)
    table = Table()
    for column in ("run", "state", "rounds", "candidates", "failed", "champion", "calls", "cost"):
        table.add_column(column, justify="left" if column in ("run", "state") else "right", overflow="fold")
    for status in found:
        table.add_row(Text(names[status.directory]), *_row(status))
    console = Console()
    if not console.is_terminal:
        console.width = WIDE
    console.print(table)
    click.echo(_summary(found))


def _names(directories: Sequence[Path], folder: Path) -> dict[Path, str]:
    """Paths under ``folder``, without the settings that a sweep's runs have in common."""
    names = {path: str(path.relative_to(folder)) if path != folder else path.name for path in directories}
    common = set.intersection(*(set(name.split(",")) for name in names.values()))
    short = {path: ",".join(part for part in name.split(",") if part not in common) for path, name in names.items()}
    return short if all(short.values()) else names


def _row(status: Status) -> tuple[Text | str, ...]:
    state = Text(f"{status.state}: {printable(status.reason, 200)}" if status.reason else status.state)
    if status.state is State.UNREADABLE:
        return (state,)
    return (
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
    spent = f"; {plural(calls, 'call')}, cost {cost:.4f}" if calls else ""
    return f"{plural(len(found), 'run')}: {states}{spent}"
