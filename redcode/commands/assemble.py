"""``redcode assemble``: the load file of each warrior."""

from __future__ import annotations

import sys

import click

from redcode.assembler import assemble, load
from redcode.commands.options import rules_options
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

    Errors and warnings go to standard error; the exit status is 2 if a warrior has errors.
    """
    failed = False
    for file in files:
        try:
            warrior = read(file, rules)
        except RedcodeError as error:
            click.echo(str(error), err=True)
            failed = True
            continue
        for warning in warrior.warnings:
            click.echo(f"{file}: warning: {warning}", err=True)
        click.echo(load_file(warrior, rules), nl=False)
    if failed:
        raise SystemExit(2)


def read(file: str, rules: Rules) -> Warrior:
    """Assemble a file, or standard input where its name is ``-``."""
    if file == "-":
        return assemble(sys.stdin.buffer.read(), rules, path="<stdin>")
    return load(file, rules)
