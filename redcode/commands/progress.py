"""A progress bar for what takes more than a moment, on a terminal only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn


@contextmanager
def cycle_progress(cycles: int, label: str) -> Iterator[Callable[[int], None]]:
    """Show a bar on stderr; the caller tells it the cycle reached."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(label, total=cycles)
        yield lambda cycle: progress.update(task, completed=cycle)


@contextmanager
def battle_progress(battles: int, label: str) -> Iterator[Callable[[int], None]]:
    """Show a bar on stderr; the caller tells it how many more battles are over."""
    console = Console(stderr=True)
    columns = TextColumn(label), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(label, total=battles)
        yield lambda more: progress.advance(task, more)
