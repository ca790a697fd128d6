"""``drq export``: a run in plain files, or many runs as a data set."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from drq.cli.study_arguments import check_installed, measured_study, parse
from drq.files import make_folder
from drq.run.export import export
from drq.store.database import RUN_FILE

NEEDED = ("pandas", "scipy", "sklearn", "pyarrow")
EPILOG = """\b
Examples:
  drq export runs/demo/seed_0 -o demo
  drq export study -o data
  drq export study -o data opponents=FOLDER placements=20
The first writes demo/champions/round_000.red …, demo/candidates.csv, demo/evaluations.csv …; docs/run_file.md explains
them. The others write Parquet tables and README.md, which explains them and has their digests."""


@click.command(epilog=EPILOG)
@click.argument("arguments", nargs=-1, required=True, metavar="RUN... [key=value]...")
@click.option("-o", "output", required=True, type=click.Path(path_type=Path), help="Folder to write into.")
def command(arguments: Sequence[str], output: Path) -> None:
    """Write runs in files that need no database.

    Of one RUN: its champions as .red and its tables as .csv, and as .parquet where pyarrow is installed. Of a folder of
    runs, or several: a data set, which is Parquet tables of all runs and of what is measured of their champions, with a
    data card. The measurement has the keys of drq analyze: opponents=PATH, placements=N, seed=N, threads=N.
    """
    if len(arguments) == 1 and ((run := Path(arguments[0])) / RUN_FILE).exists():
        files = export(run, output)
    else:
        files = _dataset(arguments, output)
    for file in files:
        click.echo(file)


def _dataset(arguments: Sequence[str], output: Path) -> list[Path]:
    check_installed("drq export of several runs", *NEEDED)
    runs, config = parse(arguments)
    from drq.analysis.dataset import write_dataset

    make_folder(output, "-o")
    study = measured_study(runs, config)
    for note in study.notes:
        click.echo(note, err=True)
    return write_dataset(study, output)
