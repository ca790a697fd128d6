"""The end of a run for strength: its strongest champion, beside its starters, against warriors that it never met."""

from __future__ import annotations

import time
from itertools import takewhile

from rich.console import Console

from drq.files import write_atomically
from drq.opponents.held_out import held_out_groups
from drq.progress import Progress
from drq.run.champions import champion_text
from drq.run.run import Run
from drq.store.database import CHAMPIONS_FOLDER, champion_path
from drq.store.reader import RunReader
from drq.strength import Every, LadderConfig, climb, polished, strongest
from drq.strength.table import print_ladder
from redcode import disassemble

FILE = "strongest.red"
SHOWN = 3
"""Champions in the table."""
SMALL_CORE = 100
"""A core up to this size has so few placements that all are fought."""


def _head(text: str) -> str:
    """The comments with which a champion's text begins."""
    return "".join(takewhile(lambda line: line.startswith("; "), text.splitlines(keepends=True)))


def print_strongest(run: RunReader, settings: Run, end: float, progress: Progress, console: Console) -> None:
    """Find the strongest champion, write it to the run's folder, and print its ladder of held-out warriors.

    Its numbers are polished until ``end``, by the monotonic clock.
    """
    config, engine = settings.config, settings.engine()
    rounds = strongest(run, engine, progress)
    if not rounds:
        console.print("no champion yet: give more minutes")
        return
    best = run.champions()[rounds[0]]
    assert best is not None
    path = run.directory / FILE
    text = champion_text(run, best, run.champion_fitness()[rounds[0]])
    if config.polish and config.minutes:
        warrior = polished(run, rounds[0], engine, end - time.monotonic(), progress)
        text = f"; numbers tuned\n{_head(text)}{disassemble(warrior, config.rules)}"
    write_atomically(path, text.encode("latin-1", "replace"))
    files = [str(path), *(str(champion_path(run.directory / CHAMPIONS_FOLDER, round)) for round in rounds[:SHOWN])]
    ladder = climb(
        LadderConfig(
            warriors=(*files, *config.starter),
            opponents=held_out_groups(config.rules),
            placements=Every.ALL if config.rules.core_size <= SMALL_CORE else 20,
            rules=config.rules,
            engine=config.engine,
            threads=config.threads,
        ),
        progress,
    )
    print_ladder(ladder, False, False, console)
    line = f"strongest   {path}, champion of round {rounds[0]} of {len(run.champions())}"
    console.print(line, markup=False, highlight=False, soft_wrap=True)
