"""``redcode disassemble``: plain redcode of warriors and load files."""

from __future__ import annotations

import click

from redcode.commands.assemble import read
from redcode.commands.options import rules_options
from redcode.disassembler import disassemble
from redcode.errors import RedcodeError
from redcode.rules import Rules

EXAMPLES = """
Examples:

\b
  redcode disassemble paper.red
  redcode disassemble -s 800 -l 20 tiny.rc
"""


@click.command(epilog=EXAMPLES)
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(exists=True, allow_dash=True))
@rules_options
def command(files: tuple[str, ...], rules: Rules) -> None:
    """Print each warrior as plain redcode: labels, EQU and FOR worked out, every mode and modifier written.

    - is standard input. The exit status is 2 if a warrior has errors.
    """
    failed = False
    for file in files:
        try:
            click.echo(disassemble(read(file, rules), rules), nl=False)
        except RedcodeError as error:
            click.echo(str(error), err=True)
            failed = True
    if failed:
        raise SystemExit(2)
