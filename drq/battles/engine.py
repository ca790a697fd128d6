"""Where battles are fought: one method hides whether one machine or many fight them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from drq.errors import ConfigError
from drq.plain import check_at_least, from_mapping
from redcode.machine.battle import BattleResult, Stop, fight_batch
from redcode.rules import Rules
from redcode.warrior import Warrior


class Engine(Protocol):
    """Fights batches of battles."""

    def fight(
        self,
        pool: Sequence[Warrior],
        entrants: NDArray[np.int64],
        starts: NDArray[np.int64],
        rules: Rules,
        stop: Stop,
        order: NDArray[np.int64] | None = None,
    ) -> BattleResult:
        """``redcode.fight_batch``, wherever it runs; blocks until all battles are fought. Callable from any thread.

        Addresses are counted for the warrior in column 0 only.

        ``entrants``, ``starts``, ``order``: (battles, warriors) indices into ``pool``, load addresses, and columns in
        the order in which they move. Raises BattleError as ``fight_batch`` does, EngineError where the machines that
        fight are lost.
        """


@dataclass(frozen=True)
class LocalEngine:
    """Threads of this process."""

    threads: int | None = None
    """None for one per processor."""

    def fight(
        self,
        pool: Sequence[Warrior],
        entrants: NDArray[np.int64],
        starts: NDArray[np.int64],
        rules: Rules,
        stop: Stop,
        order: NDArray[np.int64] | None = None,
    ) -> BattleResult:
        """Fight here and now."""
        return fight_batch(
            pool, entrants, starts, rules, order=order, stop=stop, threads=self.threads, measures="first"
        )


@dataclass(frozen=True)
class _LocalSettings:
    name: str


@dataclass(frozen=True)
class _RaySettings:
    name: str
    address: str = "auto"
    """``host:port`` of a cluster, ``auto`` for the one this machine is part of, ``local`` for one of this machine."""
    chunk: int = 200_000_000
    """Most instructions in a chunk."""

    def __post_init__(self) -> None:
        """Check the range."""
        check_at_least("engine.chunk", self.chunk, 1)


def build(settings: Mapping[str, Any], threads: int | None) -> Engine:
    """The engine that the config group ``engine`` describes; raises ConfigError.

    ``threads`` is the number of threads of a local engine, None for one per processor.
    """
    if settings.get("name") == "ray":
        return _connect_to_ray(settings)
    if settings.get("name") != "local":
        raise ConfigError(f"expected engine.name to be local or ray, got {settings.get('name')!r}")
    from_mapping(_LocalSettings, settings, "engine")
    return LocalEngine(threads)


def _connect_to_ray(settings: Mapping[str, Any]) -> Engine:
    """Import Ray here only, so that only the runs that use it wait for the import."""
    checked = from_mapping(_RaySettings, settings, "engine")
    try:
        from drq.battles.ray import connect
    except ModuleNotFoundError as error:
        if error.name != "ray":
            raise
        raise ConfigError("engine=ray needs Ray: pip install 'digital-red-queen[ray]'") from None
    return connect(checked.address, checked.chunk)
