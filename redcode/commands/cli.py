"""The ``redcode`` command. Each subcommand is a file of ``redcode/commands``, imported only when it runs."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

import click

from redcode.errors import RedcodeError

COMMANDS = {
    "assemble": "Print the load file of each warrior, or its errors.",
    "disassemble": "Print the redcode of load files or warriors.",
    "fight": "Fight warriors, with pMARS's flags and result lines.",
    "watch": "Write a battle as a page to watch in a browser.",
    "draw": "Draw the core after a battle as .svg or .png.",
    "bench": "Measure how fast this machine fights.",
}

INTERRUPTED = 130
"""Exit status of a program that ends by Ctrl-C."""


class LazyGroup(click.Group):
    """A group that lists its commands without importing them, so that --help is quick."""

    def __init__(self, *args: Any, package: str, table: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._package = package
        """For each name of the table, a module of that name with a click command ``command``."""
        self._table = table

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; Ctrl-C ends it with exit status 130."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise SystemExit(INTERRUPTED) from None

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of the table."""
        return list(self._table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command's module and return its ``command``."""
        if cmd_name not in self._table:
            return None
        module = importlib.import_module(f"{self._package}.{cmd_name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the table without importing the commands."""
        with formatter.section("Commands"):
            formatter.write_dl(list(self._table.items()))


@click.group(cls=LazyGroup, package="redcode.commands", table=COMMANDS, epilog="Try: redcode COMMAND --help")
@click.version_option(package_name="digital-red-queen", prog_name="redcode")
def group() -> None:
    """Assemble, fight and watch Core War warriors, exactly as pMARS does."""


def main() -> None:
    """Entry point: a RedcodeError or an OSError becomes a message on stderr and exit status 2."""
    try:
        group.main(standalone_mode=True)
    except RedcodeError as error:
        click.echo(str(error), err=True)
        raise SystemExit(2) from None
    except OSError as error:
        click.echo(f"{error.filename or 'input/output'}: {error.strerror}", err=True)
        raise SystemExit(2) from None
