"""Runs from Python: ``drq.evolve`` begins a run or goes on with it, ``drq.open`` reads one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

from rich.console import Console

from drq import operators
from drq.candidate import Candidate, Cell
from drq.cli.progress import Display, LiveDisplay
from drq.config import RunConfig
from drq.errors import ConfigError
from drq.files import user_path
from drq.llm.calls import CallLog
from drq.operators.base import Operator, Request
from drq.operators.scripted import ScriptedOperator
from drq.opponents.names import load_warriors
from drq.run.run import LeftAtOnce, Run
from drq.stop import Interrupted
from drq.store.reader import RunReader, reading
from redcode import Warrior, assemble


class Proposer(Protocol):
    """An operator of one's own: one method, from a request to redcode. Its class names it in the record."""

    def propose(self, request: Request) -> str | None:
        """Redcode for ``request``, or None for no warrior. All randomness comes from ``request.rng``."""


def evolve(config: RunConfig, directory: str | Path, operator: Proposer | None = None) -> RecordedRun:
    """Run to the end in ``directory``, or go on with the run there, with progress in a terminal or a notebook.

    ``operator`` takes the place of ``config.operator``. Ctrl-C, or the notebook's stop button, raises
    KeyboardInterrupt; the same call goes on. Raises ConfigError, StoreError where ``directory`` holds another run or
    anything else, and the other DrqErrors that end a run.
    """
    build: Callable[[RunConfig, CallLog], Operator] = operators.build
    if operator is None:
        config = replace(config, operator=operators.complete(config.operator))
    else:
        own = ScriptedOperator(operator.propose)
        own.name = type(operator).__name__
        config = replace(config, operator={"name": own.name})

        def build(config: RunConfig, log: CallLog) -> Operator:
            return own

    run = Run(config, user_path(directory), load_warriors(config.starter, config.rules, "starter"), build)
    console = Console(stderr=True)
    live = console.is_terminal or (console.is_jupyter and find_spec("ipywidgets") is not None)
    shown: list[_Stoppable] = []

    def watch(operator: Operator) -> Display:
        display = (LiveDisplay if live else Display)(config, lambda: operator.usage, console)
        shown.append(_Stoppable(display))
        return display

    try:
        _execute(run, watch, shown)
    except (Interrupted, LeftAtOnce):
        raise KeyboardInterrupt("the run was stopped; the same call goes on with it") from None
    return open(run.directory)


class _Stoppable:
    """Lets another thread end a run: its display then raises at the next event, at most a second later."""

    def __init__(self, display: Display) -> None:
        self._display = display

    def stop(self) -> None:
        def leave(*_: object) -> None:
            raise Interrupted

        self._display.waiting = self._display.inserted = leave  # type: ignore[method-assign, assignment]


def _execute(run: Run, watch: Callable[[Operator], Display], shown: Collection[_Stoppable]) -> None:
    """Execute ``run`` here; in a thread where an event loop is running already, as in a notebook."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        run.execute(watch)
        return
    with ThreadPoolExecutor(1) as thread:
        done = thread.submit(run.execute, watch)
        try:
            done.result()
        except KeyboardInterrupt:
            for each in shown:
                each.stop()
            raise


@dataclass(frozen=True)
class Member:
    """A candidate that fought; it shows its code."""

    candidate: Candidate
    fitness: float
    """Mean alive share in its round's battles, 0 to the number of warriors in a battle; a champion's is that of
    ``RunReader.champion_fitness``."""
    warrior: Warrior

    def _repr_svg_(self) -> str:
        return self.warrior._repr_svg_()


@dataclass(frozen=True)
class RecordedRun:
    """What is on record of the run in ``directory``, read anew by each call, also while the run goes on."""

    directory: Path

    @cached_property
    def config(self) -> RunConfig:
        """The configuration that the run began with."""
        with reading(self.directory) as run:
            return run.run_config()

    @property
    def champions(self) -> list[Member]:
        """The champion of each finished round that has one, in order."""
        with reading(self.directory) as run:
            return self._members(run, [id for id in run.champions().values() if id is not None])

    def archive(self, round: int) -> dict[Cell, Member]:
        """The elites of ``round`` by cell: the index of a bin on each axis of ``config.archive``."""
        with reading(self.directory) as run:
            cells = {elite.id: elite.cell for elite in run.elites() if elite.round == round}
            return {cells[member.candidate.id]: member for member in self._members(run, list(cells))}

    def lineage(self, round: int) -> list[Member]:
        """The champion of ``round`` and its ancestors by first parents, the oldest first.

        Raises ConfigError where the round has no champion.
        """
        with reading(self.directory) as run:
            champion = run.champions().get(round)
            if champion is None:
                raise ConfigError(f"expected a round with a champion, got {round}")
            return self._members(run, [champion, *run.descent(champion, limit=champion)])

    def _members(self, run: RunReader, ids: Collection[int]) -> list[Member]:
        champions, fitness = run.champions(), run.champion_fitness()
        crowned = {champions[round]: value for round, value in fitness.items()}
        return [
            Member(
                candidate,
                crowned.get(candidate.id, candidate.fitness),
                assemble(candidate.source or "", self.config.rules),
            )
            for candidate in run.candidates(ids)
            if candidate.fitness is not None
        ]

    def _repr_html_(self) -> str:
        champions = self.champions
        rows = "".join(
            f"<tr><td>{c.candidate.round}</td><td>{c.fitness:.3f}</td><td>{escape(c.warrior.name)}</td></tr>"
            for c in champions
        )
        head = "<tr><th>round</th><th>fitness</th><th>champion</th></tr>"
        last = champions[-1]._repr_svg_() if champions else ""
        return f"<p>{escape(str(self.directory))}</p><table>{head}{rows}</table>{last}"


def open(directory: str | Path) -> RecordedRun:
    """The run in ``directory``; raises StoreError where there is none."""
    found = RecordedRun(user_path(directory))
    with reading(found.directory):
        return found
