"""``drq export``: a run in plain files."""

from __future__ import annotations

from pathlib import Path

import click

from drq.run.export import export

EPILOG = """\b
Example:
  drq export runs/demo/seed_0 -o demo
writes demo/champions/round_000.red …, demo/candidates.csv, demo/evaluations.csv …; docs/run_file.md explains them."""


@click.command(epilog=EPILOG)
@click.argument("run", type=click.Path(path_type=Path))
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="Folder to write into.")
def command(run: Path, output: Path) -> None:
    """Write the champions of RUN as .red and its tables as .csv, and as .parquet where pyarrow is installed."""
    for file in export(run, output):
        click.echo(file)
