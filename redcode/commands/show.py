"""Printing untrusted text."""

from __future__ import annotations

import sys

import click

from redcode.text import printable


def show(text: str) -> None:
    """Print whole lines; on a terminal, control characters are made visible, so that they cannot command it."""
    click.echo(printable(text, len(text)) if sys.stdout.isatty() else text, nl=False)
