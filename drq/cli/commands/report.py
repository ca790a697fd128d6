"""``drq report``: one run as one page."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path

import click
from rich.console import Console

from drq.battles.engine import LocalEngine
from drq.cli.progress_bar import bar
from drq.files import make_folder, write_atomically
from drq.report import ChampionDuels, read_config, report_page
from drq.store.lock import is_held

EPILOG = """\b
Examples:
  drq report runs/demo/seed_0 -o report.html
  drq report runs/paper/seed_0 --watch         while the run goes on"""
PAUSE_S = 15


@click.command(epilog=EPILOG)
@click.argument("run", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "-o",
    "output",
    type=click.Path(dir_okay=False, path_type=Path),
    default="report.html",
    show_default=True,
    help="The page.",
)
@click.option("--watch", is_flag=True, help=f"Rewrite the page every {PAUSE_S} seconds while the run goes on.")
def command(run: Path, output: Path, watch: bool) -> None:
    """Write the run in the directory RUN as one self-contained page, even while it goes on.

    Champions are fought against each other and against the held-out warriors for it, which takes a while.
    """
    config = read_config(run)
    make_folder(output.parent, "the folder of -o")
    with (
        bar(Console(stderr=True)) as progress,
        closing(ChampionDuels(run, config.rules, LocalEngine(config.threads), progress)) as duels,
    ):
        going = True
        while going:
            going = watch and is_held(run)
            write_atomically(output, report_page(run, duels).encode())
            click.echo(f"{output}: {output.stat().st_size / 1e6:.1f} MB")
            if going:
                time.sleep(PAUSE_S)
