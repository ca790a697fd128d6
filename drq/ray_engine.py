"""Battles on a Ray cluster: a batch is cut into chunks, and whichever core is free fights the next.

Imported only where ``engine=ray`` asks for it. Ray itself does a chunk again when its worker or machine is lost; what
comes of a battle is decided by its row alone, so it comes out the same, and each row is filled once.
"""

from __future__ import annotations

import dataclasses
import logging
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import ray
from numpy.typing import NDArray

from drq.errors import ConfigError, EngineError
from drq.typed import from_mapping
from redcode.battle import BattleResult, Stop, fight_batch
from redcode.rules import Rules
from redcode.warrior import Warrior

RETRIES = 20
"""Times that a chunk is done again after its worker was lost, before the chunk itself is held to be the cause."""
CHUNKS_PER_CORE = 2
"""Chunks under way for each core: one that is fought, and one that waits so that the core need not."""
FINEST = 16
"""By how much a chunk may be smaller than the largest, and its battles shorter than ``max_cycles`` expected."""

Shared = tuple[tuple[Warrior, ...], Rules, Stop]
"""What all chunks of a batch have in common: the pool, the rules, when a battle ends."""


@dataclass(frozen=True)
class RaySettings:
    """The keys of ``configs/engine/ray.yaml``."""

    name: str
    address: str = "auto"
    """``host:port`` of a cluster, ``auto`` for the one this machine is part of, ``local`` for one of this machine."""
    chunk: int = 200_000_000
    """Instructions of a chunk, at most."""

    def __post_init__(self) -> None:
        """Check the range."""
        if self.chunk < 1:
            raise ValueError(f"expected chunk to be at least 1, got {self.chunk}")


def connect(settings: Mapping[str, Any]) -> RayEngine:
    """The engine on the cluster of ``settings``, which this process joins once; raises ConfigError."""
    checked = from_mapping(RaySettings, settings, "engine")
    if not ray.is_initialized():
        try:
            _knock(checked.address)
            ray.init(checked.address, log_to_driver=False, logging_level=logging.CRITICAL)
        except (OSError, ValueError, RuntimeError) as error:
            reason = str(error).strip().splitlines()[0]
            raise ConfigError(f"expected engine.address to be a Ray cluster, got {checked.address}: {reason}") from None
    return RayEngine(checked.chunk)


def _knock(address: str) -> None:
    """Raise OSError or ValueError at once for an address where nobody is; Ray would go on trying for minutes."""
    if address not in ("auto", "local"):
        host, _, port = address.rpartition(":")
        socket.create_connection((host, int(port)), timeout=10).close()


@dataclass(frozen=True)
class RayEngine:
    """All cores of the cluster that this process has joined."""

    chunk: int

    def fight(
        self,
        pool: Sequence[Warrior],
        entrants: NDArray[np.int64],
        starts: NDArray[np.int64],
        rules: Rules,
        stop: Stop,
    ) -> BattleResult:
        """Fight on the cluster. Raises EngineError where it has no processor, or loses a chunk again and again."""
        if not entrants.size or entrants.shape != starts.shape or not 0 <= entrants.min() <= entrants.max() < len(pool):
            return fight_batch(pool, entrants, starts, rules, stop=stop)  # nothing to fight, or an error to raise
        try:
            return self._fight((tuple(pool), rules, stop), entrants, starts)
        except ray.exceptions.RayTaskError as error:
            raise error.cause from None
        except ray.exceptions.RayError as error:
            raise EngineError(f"the Ray cluster failed: {str(error).strip().splitlines()[0]}") from None

    def _fight(self, shared: Shared, entrants: NDArray[np.int64], starts: NDArray[np.int64]) -> BattleResult:
        cores, most_cycles = _cores(), shared[1].max_cycles
        common = [ray.put(shared)]  # in a list, so that a worker fetches it once, not Ray for every chunk
        results: dict[int, BattleResult] = {}
        under_way: dict[ray.ObjectRef[BattleResult], int] = {}
        fought, cycles = 1, most_cycles
        low, (battles, warriors) = 0, entrants.shape
        while low < battles or under_way:
            while low < battles and len(under_way) < CHUNKS_PER_CORE * cores:
                expected = max(cycles / fought, most_cycles / FINEST) * warriors
                high = low + self._battles(battles - low, expected, CHUNKS_PER_CORE * cores)
                under_way[_fight_chunk.remote(common, entrants[low:high], starts[low:high])] = low
                low = high
            for chunk in ray.wait(list(under_way))[0]:
                result = results[under_way.pop(chunk)] = ray.get(chunk)
                fought, cycles = fought + len(result.cycles), cycles + int(result.cycles.sum())
        return _joined([results[low] for low in sorted(results)])

    def _battles(self, left: int, instructions: float, places: int) -> int:
        """Battles of the next chunk, where ``left`` are left and each is expected to take so many instructions.

        Towards the end a share for each of the ``places`` of chunks under way, so that all cores end together (guided
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
    common: list[ray.ObjectRef[Shared]], entrants: NDArray[np.int64], starts: NDArray[np.int64]
) -> BattleResult:
    """Fight on one core; runs on the cluster."""
    pool, rules, stop = _fetched(common[0])
    used, places = np.unique(entrants, return_inverse=True)
    entered = [pool[i] for i in used]  # checking the others can take longer than the battles
    return fight_batch(entered, places.reshape(entrants.shape), starts, rules, stop=stop, threads=1)


_fight_chunk = ray.remote(num_cpus=1, max_retries=RETRIES)(fight_chunk)


@lru_cache(maxsize=4)
def _fetched(common: ray.ObjectRef[Shared]) -> Shared:
    """Kept by the worker from chunk to chunk."""
    shared: Shared = ray.get(common)
    return shared


def _joined(results: Sequence[BattleResult]) -> BattleResult:
    """The rows of all, in order."""
    names = [field.name for field in dataclasses.fields(BattleResult)]
    return BattleResult(**{name: np.concatenate([getattr(result, name) for result in results]) for name in names})
