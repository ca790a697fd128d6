"""What ``engine=ray`` adds to the battles, in processor time: ``python -m tests.measure_ray [BATTLES]``, on Linux.

Nodes of one core each are simulated on this machine, on loopback. Processor time shows what a cluster loses also where
the nodes share fewer processors than they claim to have. ``docs/cluster.md`` says what follows from the numbers.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple
from unittest import mock

import numpy as np

from drq.battles.engine import Engine, LocalEngine, build
from drq.battles.seating import draw_seating
from redcode import ICWS94, NANO, Rules, Warrior, assemble, builtin, builtin_names
from redcode.machine.battle import BattleResult

NODE = {"num_cpus": 1, "object_store_memory": 80_000_000, "include_dashboard": False}
SHIPPED, FINE = 200_000_000, 3_200_000
"""Instructions of a chunk: as shipped, and 20 battles, where the cost of a chunk shows."""
LOG = "DRQ_MEASURE_LOG"
"""Variable that tells the workers of a file in which they note their chunks."""
MANY_CORES, MANY_CHUNKS = 1000, 3000
"""Cores that the driver is made to believe in, so that it keeps twice as many chunks under way."""
TICK_S = 1 / os.sysconf("SC_CLK_TCK")


def main(battles: int) -> None:
    """Print a line a measurement."""
    judges = [builtin(name, ICWS94) for name in builtin_names("held_out")]
    fight(LocalEngine(1), judges, ICWS94, 10)
    begun = time.process_time()
    fight(LocalEngine(1), judges, ICWS94, battles)
    battle_s = (time.process_time() - begun) / battles
    say(f"one thread: {battles} battles of {1e3 * battle_s:.3f} ms")
    for nodes in (1, 2, 4):
        with started(nodes) as cluster:
            fight(engine(cluster, FINE), judges, ICWS94, 200 * nodes)  # starts the workers
            for chunk, count in ((SHIPPED, battles), (FINE, battles // 5)):
                seen = cost(cluster, chunk, judges, ICWS94, count)
                added = seen.driver + seen.workers - count * battle_s
                per_chunk = 1e3 / seen.chunks
                say(
                    f"{nodes} nodes: {count} battles in {seen.chunks} chunks, {seen.clock:.1f} s: cores busy "
                    f"{seen.busy / seen.clock / nodes:.1%}, idle {1e3 * seen.pause:.1f} ms between chunks; added "
                    f"{added / count / battle_s:.1%}, {added * per_chunk:.1f} ms a chunk, of it the driver "
                    f"{seen.driver * per_chunk:.1f} ms; Ray's own {seen.ray / seen.clock / nodes:.1%} of a node"
                )
    dead = [assemble("DAT.F #0, #0", NANO)]
    with started(2) as cluster, mock.patch.multiple("drq.battles.ray", _cores=lambda: MANY_CORES, FINEST=1):
        for size in (1, 1250):
            seen = cost(cluster, size * 2 * NANO.max_cycles, dead, NANO, size * MANY_CHUNKS)
            say(f"{2 * MANY_CORES} chunks of {size} under way: driver {1e3 * seen.driver / seen.chunks:.2f} ms a chunk")


def say(line: str) -> None:
    """Print at once: the whole takes minutes."""
    print(line, flush=True)


@contextmanager
def started(nodes: int) -> Iterator[Any]:
    """A cluster of so many nodes, with this process as its driver."""
    os.environ.update(RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER="0", RAY_USAGE_STATS_ENABLED="0")  # on loopback only
    os.environ[LOG] = tempfile.mkstemp()[1]
    import ray
    from ray.cluster_utils import Cluster

    cluster = Cluster(initialize_head=True, head_node_args=NODE)
    try:
        for _ in range(nodes - 1):
            cluster.add_node(**NODE)
        yield cluster
    finally:
        ray.shutdown()
        cluster.shutdown()
        Path(os.environ.pop(LOG)).unlink()


def engine(cluster: Any, chunk: int) -> Engine:
    """The cluster's engine."""
    return build({"name": "ray", "address": cluster.address, "chunk": chunk}, None)


def fight(engine: Engine, pool: list[Warrior], rules: Rules, battles: int) -> None:
    """The same battles whatever fights them, each to the last cycle unless all die before."""
    rng = np.random.default_rng(0)
    starts = np.tile(draw_seating(rng, 100, 2, rules).starts, (-(-battles // 100), 1))[:battles]
    engine.fight(pool, rng.integers(len(pool), size=(battles, 2)), starts, rules, "all")


class Seen(NamedTuple):
    """What one tournament took; all but chunks in seconds."""

    chunks: int
    clock: float
    driver: float
    """Processor time of this process."""
    workers: float
    """Processor time of the workers."""
    ray: float
    """Processor time of Ray's own processes, on all nodes together."""
    busy: float
    """Time of the clock that all cores together spent on chunks."""
    pause: float
    """Median time of the clock from the end of a chunk to the beginning of the next on the same core."""


def cost(cluster: Any, chunk: int, pool: list[Warrior], rules: Rules, battles: int) -> Seen:
    """Fight, and see what it takes."""
    import ray

    Path(os.environ[LOG]).write_text("")
    with mock.patch("drq.battles.ray._fight_chunk", ray.remote(num_cpus=1)(timed_chunk)):
        workers, own = cluster_seconds(cluster)
        clock, driver = time.monotonic(), time.process_time()
        fight(engine(cluster, chunk), pool, rules, battles)
        clock, driver = time.monotonic() - clock, time.process_time() - driver
        workers_now, own_now = cluster_seconds(cluster)
    spans: dict[str, list[tuple[float, float]]] = {}
    for line in Path(os.environ[LOG]).read_text().splitlines():
        worker, began, ended = line.split()
        spans.setdefault(worker, []).append((float(began), float(ended)))
    pauses = [after - before for ends in spans.values() for (_, before), (after, _) in pairwise(ends)]
    chunks = sum(map(len, spans.values()))
    busy = sum(ended - began for ends in spans.values() for began, ended in ends)
    return Seen(chunks, clock, driver, workers_now - workers, own_now - own, busy, median(pauses))


def timed_chunk(common: Any, entrants: Any, starts: Any) -> BattleResult:
    """``drq.battles.ray.fight_chunk``, with a line in the log about when; runs on the cluster."""
    from drq.battles.ray import fight_chunk

    began = time.time()
    result = fight_chunk(common, entrants, starts)
    with Path(os.environ[LOG]).open("a") as log:
        log.write(f"{os.getpid()} {began} {time.time()}\n")
    return result


def cluster_seconds(cluster: Any) -> tuple[float, float]:
    """Processor time so far of the cluster's workers, and of its other processes."""
    roots = {
        info.process.pid for node in cluster.list_all_nodes() for all in node.all_processes.values() for info in all
    }
    workers, others = 0, 0
    for path in Path("/proc").glob("[0-9]*"):
        try:
            fields = (path / "stat").read_text().rpartition(")")[2].split()
            title = (path / "cmdline").read_text()
        except OSError:
            continue  # it has ended meanwhile
        ticks = int(fields[11]) + int(fields[12])
        if int(fields[1]) in roots and title.startswith(("ray::IDLE", "ray::timed_chunk", "ray::fight_chunk")):
            workers += ticks
        elif int(path.name) in roots or int(fields[1]) in roots:
            others += ticks
    return TICK_S * workers, TICK_S * others


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
