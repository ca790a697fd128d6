"""What a user sees of a run while it goes: a live display on a terminal, plain lines elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from drq.cli.extent import duration, expected_calls
from drq.config import RunConfig
from drq.llm.calls import Usage
from drq.run.observer import Inserted, Observer

LINE_EVERY_S = 10.0
"""Pause between two plain lines."""


class Display(Observer):
    """Plain lines; ``usage`` is asked for the model calls, if the operator makes any."""

    def __init__(self, config: RunConfig, usage: Callable[[], Usage | None], console: Console) -> None:
        self.console = console
        self._config = config
        self._usage = usage
        self._places = "cells" if config.archive.size is None else "the population"
        self._proposals = config.initial + config.iterations
        self._began = time.monotonic()
        self._battles = 0
        self._last: Inserted | None = None
        self._opponents = 0
        self._line_at = self._began
        self._paced_from = (self._began, 0.0)
        self._pace_told = False

    def round_started(self, round: int, candidates: int, opponents: int) -> None:
        """Remember how big the battles are now."""
        self._opponents = opponents

    def inserted(self, event: Inserted) -> None:
        """Count, and write a line now and then."""
        self._count(event)
        self.waiting()

    def _count(self, event: Inserted) -> None:
        first = self._last is None
        self._last = event
        self._battles += event.battles
        if first or event.on_record:  # the work of earlier processes is not part of this one's pace
            self._paced_from = (time.monotonic(), self.work()[0])

    def waiting(self) -> None:
        """Write a line now and then."""
        self._tell_pace()
        if time.monotonic() - self._line_at >= LINE_EVERY_S:
            self._line_at = time.monotonic()
            self._write(f"{self.position()}, {self.numbers()}, {self.time_left()} left")

    def _tell_pace(self) -> None:
        """Say once how long a local model takes here, as soon as it is measured."""
        usage = self._usage()
        if usage is None or usage.call_s is None or self._pace_told:
            return
        self._pace_told = True
        left = max(0, expected_calls(self._config) - usage.done)
        whole = duration(left * usage.call_s)
        self._write(
            f"a call takes at most about {usage.call_s:.1f} s here, the run's {left} calls at most about {whole}"
        )

    def round_ended(self, round: int, fitness: float | None) -> None:
        """Say who won."""
        champion = "no champion: nothing new could fight" if fitness is None else f"champion {fitness:.3f}"
        self._write(f"round {round}: {champion}, {self.numbers()}")

    def stopping(self) -> None:
        """Say that the first Ctrl-C was heard."""
        self._write("stopping: finishing what is under way; press Ctrl-C again to leave at once")

    def _write(self, line: str) -> None:
        self.console.print(line, markup=False, highlight=False, soft_wrap=True)

    def position(self) -> str:
        """Round and iteration."""
        if self._last is None:
            return "starting"
        done = max(self._last.iteration + 1, 0)  # 0 while the seeds are inserted
        rounds = "" if self._config.minutes else f" of 0-{self._config.rounds - 1}"
        return f"round {self._last.round}{rounds}, {done}/{self._proposals}"

    def numbers(self) -> str:
        """Best fitness, coverage, speed, and what the model calls have come to."""
        best = self._last.best if self._last else None
        parts = [
            "no new warrior yet" if best is None else f"best {best:.3f}",
            f"{self._last.coverage if self._last else 0:.0%} of {self._places} filled",
            f"{self._battles / max(time.monotonic() - self._began, 1e-9):.0f} battles/s",
        ]
        if usage := self._usage():
            parts.append(f"calls {usage.in_flight} in flight, {usage.done} done, {usage.failed} failed")
            parts.append(f"{usage.input_tokens + usage.output_tokens} tokens")
            if usage.cost:
                parts.append(f"cost {usage.cost:.4f}")
            if usage.silent:
                parts.append(f"no longer asked, because every call failed: {', '.join(usage.silent)}")
            if usage.trouble:
                parts.append(f"last error: {usage.trouble}")
        return ", ".join(parts)

    def work(self) -> tuple[float, float]:
        """The work that is done, and all work of the run.

        The unit is a second where the time is set, a proposal where a model is asked, else a warrior in a candidate's
        battles: a round with more opponents takes longer.
        """
        if self._config.minutes:
            total = 60 * self._config.minutes
            return min(time.monotonic() - self._began, total), total
        if self._last is None:
            return 0.0, 1.0
        rounds, now = self._config.rounds, self._last.round
        limit = rounds if self._config.history is None else self._config.history
        starters = self._opponents - min(now, limit)
        sizes = [1 if self._usage() else 1 + starters + min(round, limit) for round in range(rounds)]
        done = sum(sizes[:now]) * self._proposals + sizes[now] * (self._last.iteration + 1)
        return max(done, 0), sum(sizes) * self._proposals

    def time_left(self) -> str:
        """Expected time to the end, at the pace since this process began to do new work."""
        done, total = self.work()
        began, before = self._paced_from
        if done <= before:
            return "unknown time"
        return duration((time.monotonic() - began) * (total - done) / (done - before))


class LiveDisplay(Display):
    """A bar over all rounds and a line of numbers under it, with the champions above."""

    def __init__(self, config: RunConfig, usage: Callable[[], Usage | None], console: Console) -> None:
        super().__init__(config, usage, console)
        columns = (TimeElapsedColumn(), TextColumn("{task.fields[left]} left"))
        self._bar = Progress(TextColumn("{task.description}"), BarColumn(), *columns, console=console)
        self._task = self._bar.add_task(self.position(), total=1.0, left=self.time_left())
        self._live = Live(get_renderable=self._render, console=console, refresh_per_second=4, transient=True)
        self._live.start()

    def inserted(self, event: Inserted) -> None:
        """Count; the screen follows by itself."""
        self._count(event)

    def waiting(self) -> None:
        """Say how long a local model takes; the screen follows by itself."""
        self._tell_pace()

    def close(self) -> None:
        """Clear the bar and show the cursor again."""
        self._live.stop()

    def _render(self) -> RenderableType:
        done, total = self.work()
        self._bar.update(self._task, completed=done, total=total, description=self.position(), left=self.time_left())
        return Group(self._bar, Text(self.numbers(), style="dim"))


def display(config: RunConfig, usage: Callable[[], Usage | None], console: Console) -> Display:
    """The display that fits where the output goes."""
    return (LiveDisplay if console.is_terminal else Display)(config, usage, console)
