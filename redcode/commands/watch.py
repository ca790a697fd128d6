"""``redcode watch``: a battle as a page."""

from __future__ import annotations

from pathlib import Path

import click

from redcode.commands.options import find_warriors, first_starts, position_options, rules_options
from redcode.commands.progress import progress_bar
from redcode.pictures.page import battle_page
from redcode.pictures.trace import record
from redcode.pictures.trace_file import read_trace
from redcode.rules import Rules
from redcode.text import plural

EXAMPLES = """
Examples:

\b
  redcode watch paper vampire
  redcode watch imp.red dwarf.red -o battle.html
  redcode watch battle.trace --round 2
  redcode watch -s 800 -c 8000 -p 800 -l 20 a.red b.red c.red -o tiny.html
"""


@click.command(epilog=EXAMPLES)
@click.argument("names", metavar="WARRIOR...", nargs=-1, required=True)
@rules_options
@position_options
@click.option(
    "-o", "output", type=click.Path(dir_okay=False), default="battle.html", show_default=True, help="The page."
)
@click.option(
    "--round", "round", type=click.IntRange(1), default=1, show_default=True, help="The round of a trace file."
)
def command(names: tuple[str, ...], rules: Rules, position: str | None, seed: int, output: str, round: int) -> None:
    """Write one round as a self-contained page to watch in a browser. The first warrior moves first.

    A WARRIOR is a file, - for standard input, or the name of a built-in warrior. A single name may also be a trace file
    of redcode fight -T or pMARS. battle.html#3000/17 opens the page after 3000 cycles, with cell 17 pinned.
    """
    from_file = len(names) == 1 and _is_trace_file(names[0])
    if from_file:
        with Path(names[0]).open(encoding="utf-8", errors="replace") as lines:
            trace = read_trace(lines, names[0], round)
    else:
        warriors = find_warriors(names, rules)
        starts = first_starts(len(warriors), rules, position, seed)
        with progress_bar(rules.max_cycles, "Recording") as progress:
            trace = record(warriors, rules, starts, progress=progress)
    path = Path(output)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(battle_page(trace, processes=not from_file), encoding="utf-8")
    click.echo(f"{output}: {plural(trace.cycles, 'cycle')}, {path.stat().st_size / 1e6:.1f} MB")


def _is_trace_file(name: str) -> bool:
    path = Path(name)
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(4) == b"V 1 "
