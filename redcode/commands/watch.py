"""``redcode watch``: a battle as one page."""

from __future__ import annotations

from pathlib import Path

import click

from redcode.commands.options import find_warriors, first_starts, position_options, rules_options
from redcode.commands.progress import cycle_progress
from redcode.pictures.page import battle_page
from redcode.pictures.trace import record
from redcode.rules import Rules
from redcode.text import plural

EXAMPLES = """
Examples:

\b
  redcode watch paper vampire
  redcode watch imp.red dwarf.red -o battle.html
  redcode watch -s 800 -c 8000 -p 800 -l 20 a.red b.red c.red -o tiny.html
"""


@click.command(epilog=EXAMPLES)
@click.argument("names", metavar="WARRIOR...", nargs=-1, required=True)
@rules_options
@position_options
@click.option(
    "-o", "output", type=click.Path(dir_okay=False), default="battle.html", show_default=True, help="The page."
)
def command(names: tuple[str, ...], rules: Rules, position: int | None, seed: int, output: str) -> None:
    """Write a battle as one self-contained page to watch in a browser: one round, the first warrior moves first.

    A WARRIOR is a file, - for standard input, or the name of a built-in warrior. battle.html#3000/17 opens
    the page after 3000 cycles, with cell 17 pinned.
    """
    warriors = find_warriors(names, rules)
    starts = first_starts(len(warriors), rules, position, seed)
    path = Path(output)
    path.parent.mkdir(parents=True, exist_ok=True)
    with cycle_progress(rules.max_cycles, "Recording") as progress:
        trace = record(warriors, rules, starts, progress=progress)
    path.write_text(battle_page(trace), encoding="utf-8")
    click.echo(f"{output}: {plural(trace.cycles, 'cycle')}, {path.stat().st_size / 1e6:.1f} MB")
