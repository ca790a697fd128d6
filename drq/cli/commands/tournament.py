"""``drq tournament``: warriors against opponents."""

from __future__ import annotations

from collections.abc import Sequence

import click
from rich.console import Console

from drq.cli.compose import compose_plain
from drq.cli.progress_bar import bar
from drq.files import make_folder, user_path
from drq.plain import from_mapping
from drq.tournament import TournamentConfig, play
from drq.tournament.files import write_files
from drq.tournament.table import print_tournament

EPILOG = """\b
Examples:
  drq tournament warriors=runs/demo/seed_0            its champions against the held-out warriors
  drq tournament warriors=my.red opponents=wilkies    a published benchmark's folder: score is the benchmark's
  drq tournament warriors=hill format=round_robin out=results
  drq tournament warriors=starters format=melee rules=icws94 placements=500
PATH is a file, a folder of .red files, a run, a folder of runs, held_out, starters, or a built-in warrior; several
are given as [a,b]. Files that do not assemble are skipped and counted."""


@click.command(epilog=EPILOG)
@click.argument("overrides", nargs=-1)
def command(overrides: Sequence[str]) -> None:
    """Fight warriors against opponents and count wins, ties, losses, score and generality.

    OVERRIDES are warriors=PATH, opponents=PATH (held_out by default in duels, none in the other formats),
    format=duels|round_robin|melee, placements=N, seed=N, out=DIR (for .csv and .json), rules=GROUP, threads=N.
    """
    plain = compose_plain("tournament", TournamentConfig, overrides, lists=("warriors", "opponents"), texts=("out",))
    config = from_mapping(TournamentConfig, plain)
    folder = None if config.out is None else user_path(config.out)
    if folder is not None:
        make_folder(folder, "out")
    with bar(Console(stderr=True)) as progress:
        tournament = play(config, progress)
    print_tournament(tournament, Console())
    if folder is not None:
        for path in write_files(tournament, config, folder):
            click.echo(f"{path}")
