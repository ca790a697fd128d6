"""``redcode assemble``: the load file of each warrior."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import click

from redcode.commands.options import find_warriors, rules_options
from redcode.commands.show import show
from redcode.errors import RedcodeError
from redcode.language.disassembler import to_load_file
from redcode.rules import Rules
from redcode.warrior import Warrior

EXAMPLES = """
Examples:

\b
  redcode assemble imp.red
  redcode assemble -8 -l 100 old/*.red > loadfiles.rc
  redcode disassemble imp.rc | redcode assemble -
  redcode assemble imp
"""


@click.command(epilog=EXAMPLES)
@click.argument("names", metavar="WARRIOR...", nargs=-1, required=True)
@rules_options
def command(names: tuple[str, ...], rules: Rules) -> None:
    """Print the load file of each warrior, as pMARS -A does.

    A WARRIOR is a file, - for standard input, or the name of a built-in warrior. Errors and warnings go to standard
    error. The exit status is 2 if a warrior has errors or cannot be read.
    """
    print_each(names, rules, to_load_file)


def print_each(names: Sequence[str], rules: Rules, text_of: Callable[[Warrior, Rules], str]) -> None:
    """Print a text of each warrior; at the end raises SystemExit(2) if a warrior has errors or cannot be read."""
    failed = False
    for name in names:
        try:
            (warrior,) = find_warriors([name], rules)
            text = text_of(warrior, rules)
        except (RedcodeError, click.BadParameter, OSError) as error:
            click.echo(f"{name}: {error.strerror}" if isinstance(error, OSError) else str(error), err=True)
            failed = True
            continue
        for warning in warrior.warnings:
            click.echo(f"{name}: warning: {warning}", err=True)
        show(text)
    if failed:
        raise SystemExit(2)
