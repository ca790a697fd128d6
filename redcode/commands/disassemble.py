"""``redcode disassemble``: plain redcode of warriors and load files."""

from __future__ import annotations

import click

from redcode.commands.assemble import print_each
from redcode.commands.options import rules_options
from redcode.disassembler import disassemble
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

    - is standard input. Load files are redcode too, but for those of assemble -8: as in pMARS, their END names a START
    that nothing defines. The exit status is 2 if a warrior has errors or a file cannot be read.
    """
    print_each(files, rules, disassemble)
