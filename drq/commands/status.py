"""``drq status``: a sweep at a glance."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from drq.status import Status, statuses

EPILOG = """\b
Example:
  drq status runs
A stopped run goes on when its drq evolve command is given again."""


@click.command(epilog=EPILOG)
@click.argument("folder", default="runs", type=click.Path(exists=True, file_okay=False, path_type=Path))
def command(folder: Path) -> None:
    """Show how far each run in and under FOLDER has come; FOLDER is runs where none is given."""
    table = Table()
    for column in ("run", "state", "rounds", "candidates", "failed", "champion", "calls", "cost"):
        table.add_column(column, justify="left" if column in ("run", "state") else "right", overflow="fold")
    for status in statuses(folder):
        table.add_row(*_row(status, folder))
    if not table.row_count:
        click.echo(f"no runs in {folder}")
        return
    Console().print(table)


def _row(status: Status, folder: Path) -> tuple[Text | str, ...]:
    name = str(status.directory.relative_to(folder)) if status.directory != folder else str(folder)
    return (
        Text(name),
        Text(status.state),
        f"{status.rounds}/{status.of_rounds}",
        str(status.candidates),
        str(status.failed),
        "" if status.champion is None else f"{status.champion:.3f}",
        str(status.calls or ""),
        f"{status.cost:.4f}" if status.cost else "",
    )
