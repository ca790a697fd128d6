"""``drq polish``: the constants of one warrior, tuned."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console

from drq.cli.compose import compose_plain
from drq.cli.progress_bar import bar
from drq.files import make_folder, user_path, write_atomically
from drq.plain import from_mapping
from drq.strength import PolishConfig, load_task, polish
from drq.strength.table import print_polished
from drq.tournament.table import say
from redcode import Warrior, disassemble
from redcode.commands.cli import INTERRUPTED
from redcode.text import plural

EPILOG = """\b
Examples:
  drq polish my.red                            five minutes against the built-in warriors
  drq polish my.red opponents=hill minutes=60 out=better.red
  drq polish nano_sweep rules=nano minutes=1
FILE may be a built-in warrior; PATH is what drq tournament takes. Ctrl-C ends it with the best so far."""


@click.command(epilog=EPILOG)
@click.argument("file")
@click.argument("overrides", nargs=-1)
def command(file: str, overrides: Sequence[str]) -> None:
    """Tune the constants of the warrior in FILE, and write the result to a file of its own.

    Variants with other numbers fight, and one that is stronger beyond doubt takes the warrior's place. OVERRIDES are
    opponents=PATH (by default the built-in warriors made for this core that are not held out), minutes=N, out=FILE
    (NAME_polished.red, overwritten), placements=N|all (per opponent, for the points at the end), seed=N, rules=GROUP,
    threads=N.
    """
    plain = compose_plain("polish", PolishConfig, overrides, lists=("opponents",), texts=("out",))
    config = from_mapping(PolishConfig, plain | {"warrior": file})
    task = load_task(config)
    path = Path(f"{Path(task.subject.name).name}_polished.red") if config.out is None else user_path(config.out)
    make_folder(path.parent, "the folder of out")

    def keep(warrior: Warrior) -> None:
        head = f"; {task.subject.name}, polished: other numbers in the same code\n"
        write_atomically(path, (head + disassemble(warrior, config.rules)).encode("latin-1", "replace"))

    keep(task.subject.warrior)
    console = Console()
    against = plural(len(task.opponents.warriors), "opponent")
    say(
        console,
        f"tuning {plural(task.numbers, 'number')} of {task.subject.name} against {against} for {config.minutes:g} "
        f"minutes: {path} holds the best so far, Ctrl-C ends it",
    )
    try:
        with bar(Console(stderr=True)) as progress:
            polished = polish(task, config, keep, progress)
    except KeyboardInterrupt:
        click.echo(f"stopped; {path} holds the best so far", err=True)
        raise SystemExit(INTERRUPTED) from None
    print_polished(polished, task, config.rules, console)
    say(console, f"result: {path}")
    if polished.interrupted:
        raise SystemExit(INTERRUPTED)
