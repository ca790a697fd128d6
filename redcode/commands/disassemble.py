"""``redcode disassemble``: plain redcode of warriors and load files."""

from __future__ import annotations

import click

from redcode.commands.assemble import print_each
from redcode.commands.options import rules_options
from redcode.language.disassembler import disassemble
from redcode.rules import Rules

EXAMPLES = """
Examples:

\b
  redcode disassemble paper.red
  redcode disassemble -s 800 -l 20 tiny.rc
  redcode disassemble imp
"""


@click.command(epilog=EXAMPLES)
@click.argument("names", metavar="WARRIOR...", nargs=-1, required=True)
@rules_options
def command(names: tuple[str, ...], rules: Rules) -> None:
    """Print each warrior as plain redcode: without labels, EQU and FOR, with every mode and modifier.

    A WARRIOR is a file, - for standard input, or the name of a built-in warrior. A load file is redcode too, except one
    of assemble -8: as in pMARS, its END names a START that the file does not define. The exit status is 2 if a warrior
    has errors or cannot be read.
    """
    print_each(names, rules, disassemble)
