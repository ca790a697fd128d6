"""``redcode draw``: a picture of the core."""

from __future__ import annotations

from pathlib import Path

import click
import numpy as np

from redcode.commands.options import find_warriors, first_starts, position_options, rules_options
from redcode.commands.progress import progress_bar
from redcode.pictures.drawing import core_svg, legend_lines, warrior_colour
from redcode.pictures.grid import columns_for
from redcode.pictures.palette import EMPTY_LIGHT
from redcode.pictures.snapshot import Snapshot, snapshot
from redcode.rules import Rules

EXAMPLES = """
Examples:

\b
  redcode draw paper vampire --cycle 4000
  redcode draw imp.red dwarf.red -o battle.png
"""


@click.command(epilog=EXAMPLES)
@click.argument("names", metavar="WARRIOR...", nargs=-1, required=True)
@rules_options
@position_options
@click.option("--cycle", type=click.IntRange(0), help="Draw the core after this cycle.  [default: the end]")
@click.option(
    "-o", "output", type=click.Path(dir_okay=False), default="battle.svg", show_default=True, help=".svg or .png"
)
def command(
    names: tuple[str, ...], rules: Rules, position: str | None, seed: int, cycle: int | None, output: str
) -> None:
    """Draw the core of a battle: the colour of a cell shows its last writer, a dot shows a waiting process.

    A WARRIOR is a file, - for standard input, or the name of a built-in warrior.
    """
    suffix = Path(output).suffix
    if suffix not in (".svg", ".png"):
        raise click.BadParameter(f"expected a name that ends in .svg or .png, got {output!r}", param_hint="-o")
    warriors = find_warriors(names, rules)
    starts = first_starts(len(warriors), rules, position, seed)
    Path(output).parent.mkdir(parents=True, exist_ok=True)
    with progress_bar(rules.max_cycles if cycle is None else cycle, "Fighting") as progress:
        picture = snapshot(warriors, rules, starts, cycle, progress=progress)
    if suffix == ".svg":
        Path(output).write_text(core_svg(picture), encoding="utf-8")
    else:
        write_png(picture, output)
    click.echo(f"{output}: the core after {picture.cycle} cycles")


def write_png(picture: Snapshot, path: str) -> None:
    """Write the same picture with matplotlib."""
    from matplotlib.colors import to_rgb
    from matplotlib.figure import Figure

    columns = columns_for(picture.core_size)
    rows = -(-picture.core_size // columns)
    colours = [to_rgb(EMPTY_LIGHT), *(to_rgb(warrior_colour(index)) for index in range(len(picture.warriors)))]
    grid = np.full(rows * columns, -1, dtype=np.int16)
    grid[: picture.core_size] = picture.owners
    figure = Figure(figsize=(8, 8 * rows / columns + 0.25 * (len(picture.warriors) + 2)), layout="constrained")
    axes = figure.subplots()
    axes.imshow(np.array(colours)[grid.reshape(rows, columns) + 1], interpolation="nearest")
    for index, ((_, text), addresses) in enumerate(zip(legend_lines(picture), picture.processes, strict=True)):
        heads = np.unique(addresses)
        axes.scatter(heads % columns, heads // columns, s=3, marker="s", color=np.array(colours[index + 1]) * 0.45)
        axes.scatter([], [], marker="s", color=colours[index + 1], label=text)
    axes.set_xticks(np.arange(columns + 1) - 0.5, minor=True)
    axes.set_yticks(np.arange(rows + 1) - 0.5, minor=True)
    axes.grid(which="minor", color="white", linewidth=0.6)
    axes.tick_params(which="both", length=0)
    axes.spines[:].set_visible(False)
    axes.set(xticks=[], yticks=[], xlabel=f"Core of {picture.core_size} cells after {picture.cycle} cycles")
    figure.legend(loc="outside lower left", frameon=False, fontsize="small")
    figure.savefig(path, dpi=150)
