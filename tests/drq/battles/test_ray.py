"""Battles on a real cluster of two nodes, on loopback: equal to the local ones bit for bit, whatever is killed."""

from __future__ import annotations

import dataclasses
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from drq.battles.engine import Engine, LocalEngine, build
from drq.battles.seating import draw_seating
from drq.errors import ConfigError
from drq.store.comparison import comparable_rows
from drq.tournament import TournamentConfig, play
from redcode import ICWS94, NANO, BattleError, Rules, Warrior, builtin, builtin_names
from redcode.machine.battle import BattleResult, Stop
from tests.drq.runs import execute, nano_config, random_warrior
from tests.strategies import warriors

NODE = {"num_cpus": 1, "object_store_memory": 80_000_000, "include_dashboard": False}
Table = NDArray[np.int64]


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Two nodes of one core each, of which this process is the driver."""
    # read when Ray is imported: everything listens on 127.0.0.1 only
    os.environ.update(RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER="0", RAY_USAGE_STATS_ENABLED="0")
    ray = pytest.importorskip("ray")
    from ray.cluster_utils import Cluster

    cluster = Cluster(initialize_head=True, head_node_args=NODE)
    cluster.add_node(**NODE)
    try:
        yield cluster
    finally:
        ray.shutdown()
        cluster.shutdown()


@pytest.fixture
def engine(cluster: Any) -> Callable[[int], Engine]:
    """The cluster's engine, by the most instructions of a chunk."""
    return lambda chunk: build({"name": "ray", "address": cluster.address, "chunk": chunk}, None)


def batch(count: int, columns: int, rules: Rules, warriors_in_pool: int) -> tuple[Table, Table]:
    """Entrants and starts of ``count`` battles."""
    rng = np.random.default_rng(count)
    entrants = rng.integers(warriors_in_pool, size=(count, columns))
    return entrants, draw_seating(rng, count, columns, rules).starts


def held_out() -> list[Warrior]:
    return [builtin(name, ICWS94) for name in builtin_names("held_out")]


def assert_equal(one: BattleResult, other: BattleResult) -> None:
    for field in dataclasses.fields(BattleResult):
        first, second = getattr(one, field.name), getattr(other, field.name)
        assert (first.dtype, first.shape) == (second.dtype, second.shape), field.name
        assert first.tobytes() == second.tobytes(), field.name


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(warriors(NANO), min_size=1, max_size=4),
    st.integers(0, 40),
    st.integers(1, 5),
    st.integers(1, 20_000),
    st.sampled_from(["last", "all"]),
)
def test_results_are_the_local_ones(
    engine: Callable[[int], Engine], pool: list[Warrior], count: int, columns: int, chunk: int, stop: Stop
) -> None:
    table = batch(count, columns, NANO, len(pool))
    assert_equal(engine(chunk).fight(pool, *table, NANO, stop), LocalEngine(1).fight(pool, *table, NANO, stop))


def test_twenty_thousand_battles_are_the_local_ones(engine: Callable[[int], Engine]) -> None:
    rng = np.random.default_rng(0)
    pool = [random_warrior(rng) for _ in range(200)]
    table = batch(20_000, 2, NANO, len(pool))
    assert_equal(engine(500_000).fight(pool, *table, NANO, "all"), LocalEngine(1).fight(pool, *table, NANO, "all"))


def test_a_killed_worker_s_battles_are_fought_again(cluster: Any, engine: Callable[[int], Engine]) -> None:
    pool = held_out()
    table = batch(600, 2, ICWS94, len(pool))
    killed: list[int] = []

    def kill() -> None:
        killed.append(fighting(cluster))
        os.kill(killed[0], signal.SIGKILL)

    expected = LocalEngine(1).fight(pool, *table, ICWS94, "all")
    for result in during(kill, lambda: engine(50_000_000).fight(pool, *table, ICWS94, "all")):
        assert_equal(result, expected)
    assert not Path(f"/proc/{killed[0]}").exists()


def during(act: Callable[[], Any], fight: Callable[[], BattleResult]) -> list[BattleResult]:
    """The results of ``fight``, again and again until ``act``, done in another thread, has come into one of them.

    Once is not enough on a busy machine: a node's first worker may take longer to start than the others to fight.
    """
    done: list[Any] = []
    thread = threading.Thread(target=lambda: done.append(act()))
    thread.start()
    results = []
    while thread.is_alive():
        results.append(fight())
    assert done, "nothing was done"
    return results


def fighting(cluster: Any, node: Any = None) -> int:
    """Wait for a worker (of ``node``) that has been fighting a chunk for a moment; its process id."""
    raylets = {n.all_processes["raylet"][0].process.pid for n in ([node] if node else cluster.list_all_nodes())}
    seen: set[int] = set()
    for _ in range(600):
        lines = subprocess.run(["ps", "-eo", "pid=,ppid=,args="], capture_output=True, text=True).stdout.splitlines()
        rows = [line.split(maxsplit=2) for line in lines]
        now = {int(pid) for pid, parent, args in rows if int(parent) in raylets and args.startswith("ray::fight_chunk")}
        if now & seen:
            return min(now & seen)
        seen = now
        time.sleep(0.05)
    raise AssertionError("no worker fought")


def test_chunks_under_way_are_bounded_and_get_smaller_towards_the_end(
    engine: Callable[[int], Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    from drq.battles import ray as ray_engine

    sizes: list[int] = []
    under_way: list[int] = []
    wait = ray_engine.ray.wait

    class Watched:
        def remote(self, common: Any, entrants: Table, starts: Table) -> Any:
            sizes.append(len(entrants))
            return fight_chunk.remote(common, entrants, starts)

    fight_chunk = ray_engine._fight_chunk
    monkeypatch.setattr(ray_engine, "_fight_chunk", Watched())
    monkeypatch.setattr(ray_engine.ray, "wait", lambda refs, **kw: (under_way.append(len(refs)), wait(refs, **kw))[1])
    pool = [random_warrior(np.random.default_rng(0))]
    battle = 2 * NANO.max_cycles
    engine(100 * battle).fight(pool, *batch(3000, 2, NANO, 1), NANO, "all")
    assert sum(sizes) == 3000
    assert max(under_way) == 4  # two cores
    assert sizes[0] == 100 and max(sizes) <= 1600
    assert sizes[-1] < sizes[0] and min(sizes[:-1]) >= 6


def test_errors_are_the_local_ones(engine: Callable[[int], Engine]) -> None:
    pool = [random_warrior(np.random.default_rng(i)) for i in range(2)]
    entrants, starts = batch(50, 2, NANO, 2)
    overlapping = starts.copy()
    overlapping[40] = overlapping[40, 0]
    for table in ((entrants, overlapping), (entrants - 1, starts), (entrants + 1, starts), (entrants, starts[:9])):
        texts = []
        for where in (engine(10_000), LocalEngine(1)):
            with pytest.raises(BattleError) as caught:
                where.fight(pool, *table, NANO, "all")
            texts.append(str(caught.value))
        assert texts[0] == texts[1]


def test_a_tournament_is_the_local_one(cluster: Any, engine: Callable[[int], Engine]) -> None:
    here, there = (
        play(TournamentConfig(("starters",), ("held_out",), placements=10, rules=NANO, engine=settings))
        for settings in ({"name": "local"}, {"name": "ray", "address": cluster.address, "chunk": 100_000})
    )
    assert here == there and here.pairs


def test_a_run_is_the_local_one(cluster: Any, engine: Callable[[int], Engine], tmp_path: Path) -> None:
    execute(nano_config(), tmp_path / "here")
    execute(nano_config(engine={"name": "ray", "address": cluster.address}), tmp_path / "there")
    here, there = (comparable_rows(tmp_path / name) for name in ("here", "there"))
    assert here.pop("runs") != there.pop("runs")
    assert here == there and len(here["candidates"]) > 20


def test_the_battles_of_a_lost_node_are_fought_again(cluster: Any, engine: Callable[[int], Engine]) -> None:
    pool = held_out()
    table = batch(600, 2, ICWS94, len(pool))
    node = cluster.add_node(**NODE)

    def unplug() -> None:
        worker = fighting(cluster, node)
        cluster.remove_node(node, allow_graceful=False)
        with suppress(ProcessLookupError):
            os.kill(worker, signal.SIGKILL)

    expected = LocalEngine(1).fight(pool, *table, ICWS94, "all")
    for result in during(unplug, lambda: engine(50_000_000).fight(pool, *table, ICWS94, "all")):
        assert_equal(result, expected)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"address": "127.0.0.1:1"}, "to be a Ray cluster, got 127.0.0.1:1"),
        ({"address": "nobody"}, "to be a Ray cluster, got nobody"),
        ({"chunk": 0}, "expected engine.chunk to be at least 1, got 0"),
        ({"chunks": 1}, "unknown key 'engine.chunks'; the nearest is 'engine.chunk'"),
    ],
)
def test_what_is_wrong_with_the_settings_is_said_at_once(settings: dict[str, Any], message: str) -> None:
    pytest.importorskip("ray")
    script = f"from drq.battles.engine import build; build({ {'name': 'ray', **settings}!r}, None)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=30)
    assert message in done.stderr.splitlines()[-1] and "ConfigError" in done.stderr.splitlines()[-1]


def test_ray_is_not_imported_without_being_asked_for(tmp_path: Path) -> None:
    script = (
        "import sys; from drq.cli.main import group\n"
        "for line in sys.argv[1:]: group.main(line.split(), standalone_mode=False)\n"
        "assert 'drq.battles.engine' in sys.modules and 'ray' not in sys.modules"
    )
    evolve = f"evolve experiment=smoke rounds=1 iterations=3 run_dir={tmp_path / 'run'}"
    tournament = "tournament warriors=imp opponents=dwarf rules=nano placements=2"
    subprocess.run([sys.executable, "-c", script, evolve, tournament], check=True, capture_output=True, timeout=60)


def test_without_ray_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "drq.battles.ray", raising=False)
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(ConfigError, match=r"pip install 'digital-red-queen\[ray\]'"):
        build({"name": "ray"}, None)
