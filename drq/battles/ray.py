"""Battles on a Ray cluster: a batch is cut into chunks, and whichever core is free fights the next.

Imported only where ``engine=ray`` asks for it. Ray itself repeats a chunk when its worker or machine is lost. A
battle depends on its row alone, so the repetition gives the same result, and each row is filled once.
"""

from __future__ import annotations

import dataclasses
import logging
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import ray
from numpy.typing import NDArray

from drq.errors import ConfigError, EngineError
from redcode.machine.battle import BattleResult, Stop, fight_batch
from redcode.rules import Rules
from redcode.warrior import Warrior

RETRIES = 20
"""How often a chunk is repeated after its worker was lost, before it counts as the cause."""
CHUNKS_PER_CORE = 2
"""Chunks under way for each core: one is fought, and the next one waits for the core."""
FINEST = 16
"""Largest ratio of the chunks' sizes, and of ``max_cycles`` to the expected length of a battle."""

_FIELDS = [field.name for field in dataclasses.fields(BattleResult)]

Shared = tuple[tuple[Warrior, ...], Rules, Stop]
"""What all chunks of a batch share: the pool, the rules, and the rule that ends a battle."""


def connect(address: str, chunk: int) -> RayEngine:
    """The engine on the cluster at ``address``, which this process joins once; raises ConfigError."""
    if not ray.is_initialized():
        try:
            _knock(address)
            ray.init(address, log_to_driver=False, logging_level=logging.CRITICAL)
        except (OSError, ValueError, RuntimeError, ray.exceptions.RayError) as error:
            reason = str(error).strip().splitlines()[0]
            raise ConfigError(f"expected engine.address to be a Ray cluster, got {address}: {reason}") from None
    return RayEngine(chunk)


def _knock(address: str) -> None:
    """Raise OSError or ValueError at once for an address without a cluster; Ray itself would try for minutes."""
    if address not in ("auto", "local"):
        host, _, port = address.rpartition(":")
        socket.create_connection((host, int(port)), timeout=10).close()


@dataclass(frozen=True)
class RayEngine:
    """All cores of the cluster that this process has joined."""

    chunk: int
    """Most instructions in a chunk."""

    def fight(
        self,
        pool: Sequence[Warrior],
        entrants: NDArray[np.int64],
        starts: NDArray[np.int64],
        rules: Rules,
        stop: Stop,
        order: NDArray[np.int64] | None = None,
    ) -> BattleResult:
        """Fight on the cluster. Raises EngineError where it has no processor, or loses a chunk again and again."""
        if not entrants.size or entrants.shape != starts.shape or not 0 <= entrants.min() <= entrants.max() < len(pool):
            # nothing to fight, or an error to raise
            return fight_batch(pool, entrants, starts, rules, order=order, stop=stop, measures="first")
        try:
            return self._fight((tuple(pool), rules, stop), entrants, starts, order)
        except ray.exceptions.RayTaskError as error:
            raise error.cause from None
        except ray.exceptions.RayError as error:
            raise EngineError(f"the Ray cluster failed: {str(error).strip().splitlines()[0]}") from None

    def _fight(
        self, shared: Shared, entrants: NDArray[np.int64], starts: NDArray[np.int64], order: NDArray[np.int64] | None
    ) -> BattleResult:
        cores, most_cycles = _cores(), shared[1].max_cycles
        common = [ray.put(shared)]  # in a list, so that a worker fetches it once, not Ray for every chunk
        rows: dict[str, NDArray[Any]] = {}
        under_way: dict[ray.ObjectRef[BattleResult], int] = {}
        fought, cycles = 1, most_cycles
        low, (battles, warriors) = 0, entrants.shape
        while low < battles or under_way:
            while low < battles and len(under_way) < CHUNKS_PER_CORE * cores:
                expected = max(cycles / fought, most_cycles / FINEST) * warriors
                high = low + self._battles(battles - low, expected, CHUNKS_PER_CORE * cores)
                turns = () if order is None else (order[low:high],)
                under_way[_fight_chunk.remote(common, entrants[low:high], starts[low:high], *turns)] = low
                low = high
            several = max(1, min(cores // 8, len(under_way)))  # at once: each wait for many chunks costs time
            ended = ray.wait(list(under_way), num_returns=several)[0]
            for chunk, result in zip(ended, ray.get(ended), strict=True):
                _fill(rows, under_way.pop(chunk), result, battles)
                fought, cycles = fought + len(result.cycles), cycles + int(result.cycles.sum())
        return BattleResult(**rows)

    def _battles(self, left: int, instructions: float, places: int) -> int:
        """Battles of the next chunk, when ``left`` remain and each takes about ``instructions``.

        Towards the end the ``places`` of chunks under way share the rest, so that all cores end together (guided
        self-scheduling, Polychronopoulos and Kuck 1987).
        """
        most = self.chunk / instructions
        return max(1, min(int(most), max(left // places, int(most / FINEST))))


def _cores() -> int:
    """Cores of the cluster at this moment."""
    if cores := int(ray.cluster_resources().get("CPU", 0)):
        return cores
    raise EngineError("expected a Ray cluster with processors, got one without: start its workers")


def fight_chunk(
    common: list[ray.ObjectRef[Shared]],
    entrants: NDArray[np.int64],
    starts: NDArray[np.int64],
    order: NDArray[np.int64] | None = None,
) -> BattleResult:
    """Fight on one core; runs on the cluster."""
    pool, rules, stop = _fetched(common[0])
    used, places = np.unique(entrants, return_inverse=True)
    entered = [pool[i] for i in used]  # checking the others can take longer than the battles
    table = places.reshape(entrants.shape)
    result = fight_batch(entered, table, starts, rules, order=order, stop=stop, threads=1, measures="first")
    return BattleResult(**{name: _narrow(getattr(result, name)) for name in _FIELDS})


_fight_chunk = ray.remote(num_cpus=1, max_retries=RETRIES)(fight_chunk)


@lru_cache(maxsize=4)
def _fetched(common: ray.ObjectRef[Shared]) -> Shared:
    """The shared data, which the worker keeps from chunk to chunk."""
    shared: Shared = ray.get(common)
    return shared


def _narrow(values: NDArray[Any]) -> NDArray[Any]:
    """The same numbers in few bytes: Ray returns up to 100 kB directly, and is much slower with more."""
    if values.dtype.kind != "i":
        return values
    return values.astype(np.result_type(np.min_scalar_type(values.min()), np.min_scalar_type(values.max())))


def _fill(rows: dict[str, NDArray[Any]], low: int, result: BattleResult, battles: int) -> None:
    """Copy a chunk's rows to row ``low`` and following of all ``battles``, in the original types."""
    for name in _FIELDS:
        values = getattr(result, name)
        if name not in rows:
            dtype = np.int64 if values.dtype.kind in "iu" else values.dtype
            rows[name] = np.empty((battles, *values.shape[1:]), dtype)
        rows[name][low : low + len(values)] = values
