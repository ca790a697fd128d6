"""``drq ladder``: how strong warriors are."""

from __future__ import annotations

from collections.abc import Sequence

import click
from rich.console import Console

from drq.cli.compose import compose_plain
from drq.cli.progress_bar import bar
from drq.files import make_folder, user_path
from drq.plain import from_mapping
from drq.strength import LadderConfig, climb
from drq.strength.files import write_ladder
from drq.strength.table import print_ladder

EPILOG = """\b
Examples:
  drq ladder warriors=my.red opponents=hill             its rungs, points and Elo among the warriors of a folder
  drq ladder warriors=hill                              the folder as a hill: everybody against everybody
  drq ladder warriors=[my.red,nano] opponents=nano_held_out rules=nano placements=all
  drq ladder warriors=my.red opponents=hill elo=ratings.csv
PATH is what drq tournament takes. FILE has the columns warrior and elo, as the ratings.csv of out=DIR."""


@click.command(epilog=EPILOG)
@click.argument("overrides", nargs=-1)
def command(overrides: Sequence[str]) -> None:
    """Set warriors on a ladder of opponents: rungs beaten, points and Elo.

    OVERRIDES are warriors=PATH, opponents=PATH (none: the warriors are a hill), elo=FILE (ratings that stay as they
    are), placements=N|all, seed=N, out=DIR (for .csv and .json), rules=GROUP, threads=N.
    """
    lists, texts = ("warriors", "opponents"), ("out", "elo")
    config = from_mapping(LadderConfig, compose_plain("ladder", LadderConfig, overrides, lists, texts))
    folder = None if config.out is None else user_path(config.out)
    if folder is not None:
        make_folder(folder, "out")
    with bar(Console(stderr=True)) as progress:
        ladder = climb(config, progress)
    print_ladder(ladder, not config.opponents, config.elo is not None, Console())
    if folder is not None:
        for path in write_ladder(ladder, config, folder):
            click.echo(f"{path}")
