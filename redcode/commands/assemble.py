"""``redcode assemble``: the load file of each warrior."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

import click

from redcode.assembler import assemble, load, read_source
from redcode.commands.options import rules_options
from redcode.commands.show import show
from redcode.disassembler import load_file
from redcode.errors import RedcodeError
from redcode.rules import Rules
from redcode.warrior import Warrior

EXAMPLES = """
Examples:

\b
  redcode assemble imp.red
  redcode assemble -8 -l 100 old/*.red > loadfiles.rc
  redcode disassemble imp.rc | redcode assemble -
"""


@click.command(epilog=EXAMPLES)
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(exists=True, allow_dash=True))
@rules_options
def command(files: tuple[str, ...], rules: Rules) -> None:
    """Print the load file of each warrior, as pMARS -A does; - is standard input.

    Errors and warnings go to standard error; the exit status is 2 if a warrior has errors or a file cannot be read.
    """
    print_each(files, rules, load_file)


def print_each(files: Sequence[str], rules: Rules, text_of: Callable[[Warrior, Rules], str]) -> None:
    """Print a text of the warrior in each file; raises SystemExit(2) in the end if a file has none."""
    failed = False
    for file in files:
        try:
            warrior = _read(file, rules)
            text = text_of(warrior, rules)
        except (RedcodeError, OSError) as error:
            click.echo(f"{file}: {error.strerror}" if isinstance(error, OSError) else str(error), err=True)
            failed = True
            continue
        for warning in warrior.warnings:
            click.echo(f"{file}: warning: {warning}", err=True)
        show(text)
    if failed:
        raise SystemExit(2)


def _read(file: str, rules: Rules) -> Warrior:
    if file == "-":
        return assemble(read_source(sys.stdin.buffer), rules, path="<stdin>")
    return load(file, rules)
