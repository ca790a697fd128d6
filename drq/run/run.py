"""A run from its configuration to its champions: opens the store, connects the parts, handles Ctrl-C."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from omegaconf import OmegaConf

from drq import operators
from drq.battles.engine import Engine
from drq.battles.engine import build as build_engine
from drq.config import RunConfig, is_free
from drq.errors import DrqError, StoreError
from drq.files import user_path, write_atomically
from drq.llm.calls import CallLog
from drq.operators.base import Operator
from drq.opponents.names import Opponent
from drq.plain import leaves, to_plain
from drq.run.islands import Islands
from drq.run.observer import Observer
from drq.run.provenance import provenance
from drq.run.red_queen import RedQueen
from drq.run.round import Services
from drq.stop import Interrupted
from drq.store import RunStore
from drq.store.call_store import CallStore
from drq.store.reader import RunReader, Starter, reading
from redcode import Rules, assemble

CONFIG_FILE = "config.yaml"
CLOSE_WITHIN_S = 5.0
"""Time that an operator has to release what it holds."""


class LeftAtOnce(Exception):  # noqa: N818 - a request of the user, not a fault
    """The second Ctrl-C: the run ends without waiting for the proposals under way; it can be resumed."""


def config_yaml(config: RunConfig) -> str:
    """The resolved configuration as ``config.yaml`` holds it."""
    return OmegaConf.to_yaml(OmegaConf.create(to_plain(config)))


@dataclass(frozen=True)
class Run:
    """A run to execute; only ``execute`` writes files."""

    config: RunConfig
    directory: Path
    starters: Sequence[Opponent]
    build: Callable[[RunConfig, CallLog], Operator] = operators.build
    """Makes the operator from the configuration and the log of its calls."""

    def check(self) -> None:
        """Raise ConfigError for every wrong setting that can be found without writing."""
        self.config.check_room(len({starter.warrior.digest for starter in self.starters}))
        self.engine()
        self.build(self.config, CallStore.in_memory())

    def engine(self) -> Engine:
        """Where this run's battles are fought; raises ConfigError."""
        return build_engine(self.config.engine, self.config.threads)

    def is_finished(self) -> bool:
        """Whether all rounds of this run are on record; False for a record with errors, which ``execute`` raises."""
        try:
            with reading(self.directory) as run:
                _check_same_run(run, self.config, self._starter_rows())
                return len(run.champions()) >= self.config.rounds
        except StoreError:
            return False

    def execute(self, watch: Callable[[Operator], Observer]) -> None:
        """Run to the end, or go on where it was left.

        ``watch`` makes the observer from the operator. Raises StoreError where the directory holds another run,
        Interrupted and LeftAtOnce for Ctrl-C, and another DrqError for every other end. The run can then be resumed.
        """
        self.check()
        plain = to_plain(self.config)
        made_by = provenance(plain)
        rows = self._starter_rows()
        store = RunStore.open_or_create(self.directory, plain, made_by, rows)
        try:
            _check_same_run(store, self.config, rows)
            write_atomically(self.directory / CONFIG_FILE, config_yaml(self.config).encode())
            invocation = store.begin_invocation(made_by)
            outcome = "error"
            try:
                self._evolve(store, watch)
                outcome = "finished"
            except (DrqError, Interrupted, LeftAtOnce, SystemExit) as error:
                outcome = f"{type(error).__name__}: {error}".removesuffix(": ")
                raise
            finally:
                store.end_invocation(invocation, outcome)
        finally:
            store.close()

    def _connected(self, services: Services) -> Services:
        """With the way to the champions of other runs; a replay has those that its record has."""
        if self.config.operator.get("name") == "replay":
            with reading(Path(self.config.operator["run"])) as recorded:
                arrived = recorded.arrivals()
            return replace(services, arrivals=lambda round: arrived.get(round, []))
        if self.config.islands is None:
            return services
        islands = Islands(user_path(self.config.islands), self.directory)
        return replace(services, arrivals=lambda round: islands.arrivals(self.config.rules), send=islands.send)

    def _starter_rows(self) -> list[Starter]:
        return [Starter(s.warrior.name, s.warrior.digest, s.source) for s in self.starters]

    def _evolve(self, store: RunStore, watch: Callable[[Operator], Observer]) -> None:
        operator = self.build(self.config, store.calls)
        observer = watch(operator)
        services = self._connected(Services(self.config, operator, self.engine(), store, observer))
        try:
            asyncio.run(_until_done(RedQueen(recorded_starters(store, self.config.rules), services), services))
        finally:
            observer.close()


def recorded_starters(run: RunReader, rules: Rules) -> list[Opponent]:
    """The starters with their recorded texts, because the comments in their files may have changed."""
    return [Opponent(assemble(row.source, rules), row.source) for row in run.starters()]


async def _until_done(queen: RedQueen, services: Services) -> None:
    task = asyncio.ensure_future(queen.run())
    if threading.current_thread() is threading.main_thread():
        _heed_ctrl_c(task, services)
    try:
        await task
    except asyncio.CancelledError:
        raise LeftAtOnce from None
    finally:
        with suppress(TimeoutError):  # so that a run ends with its own outcome, however slow the operator is
            async with asyncio.timeout(CLOSE_WITHIN_S):
                await services.operator.close()


def _heed_ctrl_c(task: asyncio.Future[None], services: Services) -> None:
    """The first press stops new proposals, the second cancels those under way, the third kills the process."""
    loop = asyncio.get_running_loop()
    presses = iter((_finish, _leave))

    def pressed() -> None:
        next(presses, lambda *_: os._exit(130))(task, services)

    loop.add_signal_handler(signal.SIGINT, pressed)


def _finish(task: asyncio.Future[None], services: Services) -> None:
    services.stop.request()
    services.observer.stopping()


def _leave(task: asyncio.Future[None], services: Services) -> None:
    services.observer.close()
    task.cancel()
    asyncio.get_running_loop().call_later(CLOSE_WITHIN_S, os._exit, 130)


def _check_same_run(run: RunReader, config: RunConfig, starters: Sequence[Starter]) -> None:
    """Raise StoreError, naming the keys, unless the run on record has this configuration and these starters."""
    both = (operators.with_defaults(one) for one in (run.run_config(), config))
    recorded, given = (dict(leaves(to_plain(one))) for one in both)
    differences = [
        f"{key} is {recorded.get(key)!r} there and {given.get(key)!r} here"
        for key in sorted(recorded.keys() | given.keys())
        if recorded.get(key) != given.get(key) and not is_free(key)
    ]
    if not differences and [row.digest for row in run.starters()] != [starter.digest for starter in starters]:
        differences = ["a starter's code has changed since"]
    if differences:
        text = "; ".join(differences)
        raise StoreError(f"{run.directory} holds another run: {text}; give another run_dir, or that configuration")
