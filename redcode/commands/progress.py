"""A progress bar for long recordings, on a terminal only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress


@contextmanager
def cycle_progress(cycles: int, label: str) -> Iterator[Callable[[int], None]]:
    """Show a bar on stderr; the caller tells it the cycle reached."""
    with Progress(
        console=Console(stderr=True), transient=True, disable=not Console(stderr=True).is_terminal
    ) as progress:
        task = progress.add_task(label, total=cycles)
        yield lambda cycle: progress.update(task, completed=cycle)
