"""Printing text that warriors have a part in."""

from __future__ import annotations

import sys

import click

from redcode.text import printable


def show(text: str) -> None:
    """Print whole lines as they are; on a terminal, nothing in them can be taken for the terminal's own commands."""
    click.echo(printable(text, len(text)) if sys.stdout.isatty() else text, nl=False)
