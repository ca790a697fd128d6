"""``drq compare``: which of two warriors is stronger."""

from __future__ import annotations

from collections.abc import Sequence

import click
from rich.console import Console

from drq.cli.compose import compose_plain
from drq.cli.progress_bar import bar
from drq.files import make_folder, user_path
from drq.plain import from_mapping
from drq.strength import CompareConfig, compare
from drq.strength.files import write_comparison
from drq.strength.table import print_comparison

EPILOG = """\b
Examples:
  drq compare new.red old.red opponents=hill           whether the change was for the better
  drq compare silk paper opponents=[strong,starters] margin=10
  drq compare a.red b.red rules=nano placements=all    every battle that there is
A and B are files or built-in warriors; PATH is what drq tournament takes."""


@click.command(epilog=EPILOG)
@click.argument("a")
@click.argument("b")
@click.argument("overrides", nargs=-1)
def command(a: str, b: str, overrides: Sequence[str]) -> None:
    """Say whether warrior A is stronger than B, how sure that is, and by how many points.

    Stronger is who has more hill points, 3 W% + T%, against the opponents. OVERRIDES are opponents=PATH (held_out by
    default), margin=POINTS (smaller differences are called even), error=SHARE (how often the verdict may be wrong),
    battles=N (most until the verdict), placements=N|all (per opponent, for the size), seed=N, out=DIR (for .csv and
    .json), rules=GROUP, threads=N.
    """
    plain = compose_plain("compare", CompareConfig, overrides, lists=("opponents",), texts=("out",))
    config = from_mapping(CompareConfig, plain | {"first": a, "second": b})
    folder = None if config.out is None else user_path(config.out)
    if folder is not None:
        make_folder(folder, "out")
    with bar(Console(stderr=True)) as progress:
        comparison = compare(config, progress)
    print_comparison(comparison, config, Console())
    if folder is not None:
        for path in write_comparison(comparison, config, folder):
            click.echo(f"{path}")
