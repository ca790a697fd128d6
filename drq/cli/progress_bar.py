"""A bar on a terminal, plain lines elsewhere, for work that is counted."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from drq.battles.pairs import Progress as Tell

LINE_EVERY_S = 10.0


@contextmanager
def bar(console: Console, label: str) -> Iterator[Tell]:
    """Give a function that is told how much is done of how much."""
    if not console.is_terminal:
        yield _lines(console, label)
        return
    columns = (TextColumn(label), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("left"))
    with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as progress:
        task = progress.add_task("", total=None)
        yield lambda done, of: progress.update(task, completed=done, total=of)


def _lines(console: Console, label: str) -> Tell:
    last = time.monotonic()

    def tell(done: int, of: int) -> None:
        nonlocal last
        if time.monotonic() - last >= LINE_EVERY_S:
            last = time.monotonic()
            console.print(f"{label}: {done} of {of}", markup=False, highlight=False)

    return tell
