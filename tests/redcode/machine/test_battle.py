"""fight and fight_batch: the arrays they return, and what they refuse."""

from __future__ import annotations

import dataclasses
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redcode import ICWS94, NANO, TINY, BattleError, Rules, assemble, builtin, fight, fight_batch
from redcode.machine.reference import Stop
from redcode.machine.result import alive_share

IMP, DWARF = builtin("imp"), builtin("dwarf")
DUEL = [IMP, DWARF]
WAIT, DIE = assemble("jmp 0"), assemble("dat 0, 0")


@given(st.lists(st.integers(0, 50), min_size=1, max_size=5))
def test_alive_share_is_the_sum_over_cycles(deaths: list[int]) -> None:
    expected = np.zeros(len(deaths))
    for cycle in range(50):
        alive = np.array([cycle < death for death in deaths])
        if alive.any():
            expected += alive / alive.sum()
    expected *= len(deaths) / 50
    assert alive_share(np.array([deaths]), 50)[0] == pytest.approx(expected)


def test_a_lone_survivor_collects_the_rest() -> None:
    result = fight([WAIT, DIE, DIE], NANO, battles=1, seed=3)
    assert result.alive_share[0].tolist() == pytest.approx([3.0, 0.0, 0.0])
    assert result.survived[0].tolist() == [True, False, False]
    assert (result.wins.tolist(), result.ties.tolist(), result.losses.tolist()) == ([1, 0, 0], [0, 0, 0], [0, 1, 1])


def test_results_do_not_depend_on_threads_or_measures() -> None:
    pool = [builtin(name) for name in ("dwarf", "paper", "scanner", "imp_spiral")]
    rng = np.random.default_rng(1)
    entrants = np.array([rng.permutation(4)[:3] for _ in range(40)])
    starts = np.array([[0, 2000 + rng.integers(1000), 5000 + rng.integers(1000)] for _ in range(40)])
    one, four = (fight_batch(pool, entrants, starts, stop="all", threads=threads) for threads in (1, 4))
    bare, first = (fight_batch(pool, entrants, starts, stop="all", measures=whose) for whose in (False, "first"))
    for name in (field.name for field in dataclasses.fields(one)):
        assert np.array_equal(getattr(one, name), getattr(four, name)), name
    assert np.array_equal(one.death_cycle, bare.death_cycle)
    assert np.array_equal(one.spawned, bare.spawned)
    assert (bare.covered == -1).all()
    for name in ("covered", "executed", "read", "written"):
        assert np.array_equal(getattr(first, name)[:, 0], getattr(one, name)[:, 0]), name
        assert (getattr(first, name)[:, 1:] == -1).all(), name
    assert (np.maximum(one.executed, np.maximum(one.read, one.written)) <= one.covered).all()
    assert (one.covered <= 8000).all()


def test_warriors_move_in_the_order_given() -> None:
    duel = [assemble("mov.i 2, 40\njmp -1\ndat 0, 0", NANO)] * 2  # each kills the other if it moves first
    starts = [[0, 40]] * 2
    assert fight_batch(duel, [[0, 1]] * 2, starts, NANO).survived.tolist() == [[True, False]] * 2
    assert fight(duel, NANO, starts=starts).survived.tolist() == [[True, False], [False, True]]
    for fought in (
        fight(duel, NANO, starts=starts, order=[[1, 0], [0, 1]]),
        fight_batch(duel, [[0, 1]] * 2, starts, NANO, order=[[1, 0], [0, 1]]),
    ):
        assert fought.survived.tolist() == [[False, True], [True, False]]


@given(st.permutations(range(3)), st.sampled_from(["last", "all"]))
def test_columns_of_a_result_do_not_depend_on_the_order(order: list[int], stop: Stop) -> None:
    """The same battle with its columns permuted by hand."""
    pool = [builtin(name) for name in ("dwarf", "paper", "scanner")]
    entrants, starts = np.array([[2, 0, 1]]), np.array([[0, 2500, 6000]])
    by_order = fight_batch(pool, entrants, starts, order=[order], stop=stop)
    by_hand = fight_batch(pool, entrants[:, order], starts[:, order], stop=stop)
    for name in (field.name for field in dataclasses.fields(by_order)):
        ours, theirs = getattr(by_order, name), getattr(by_hand, name)
        assert np.array_equal(ours if name == "cycles" else ours[:, order], theirs), name


@pytest.mark.parametrize("order", [[0, 1, 2], [2, 1, 0]])
def test_a_battle_ends_with_the_warrior_in_column_0(order: list[int]) -> None:
    pool = [assemble(text, NANO) for text in ("nop 0\nnop 0\ndat 0", "nop 0\ndat 0", "spl 1\nspl 1\njmp 0")]
    result = fight(pool, NANO, starts=[[0, 30, 60]], order=[order], stop="first")
    assert (result.cycles.tolist(), result.death_cycle.tolist()) == ([3], [[2, 1, NANO.max_cycles]])
    assert result.spawned[0, 2] == (2 if order[0] == 0 else 3)
    assert result.alive_share[0, 0] == pytest.approx(3 / NANO.max_cycles * (1 / 3 + 1 / 2))


def test_p_space_lives_from_round_to_round_of_a_match() -> None:
    # counts its rounds in cell 1 and dies in the third
    counter = assemble("ldp.ab #1, 5\nadd.ab #1, 4\nstp.b 3, #1\nsne.ab #3, 2\ndat 0, 0\njmp #0, #0")
    match = fight([counter, WAIT], battles=5, seed=1)
    assert match.survived[:, 0].tolist() == [True, True, False, True, True]
    assert (match.wins.tolist(), match.ties.tolist(), match.losses.tolist()) == ([0, 1], [4, 4], [1, 0])
    assert repr(match) == "BattleResult(battles=5, wins=[0, 1], ties=[4, 4], losses=[1, 0])"
    batch = fight_batch([counter, WAIT], [[0, 1]] * 5, [[0, 4000]] * 5)
    assert batch.survived[:, 0].all()


def test_seeds_repeat_and_differ() -> None:
    first, again, other = (fight([DWARF, IMP], battles=20, seed=seed).cycles.tolist() for seed in (1, 1, 2))
    assert first == again != other


@pytest.mark.parametrize(
    ("message", "call"),
    [
        ("at least one warrior", lambda: fight([], battles=1)),
        ("expected 1 to 5 instructions", lambda: fight([builtin("paper")], NANO)),
        ("expected fields below the core size 800", lambda: fight([assemble("jmp 5000")], TINY)),
        ("leave room for every warrior", lambda: fight([builtin("paper")] * 2, starts=[[0, 3]])),
        ("leave room for every warrior", lambda: fight([builtin("paper")] * 2, starts=[[3, 7999]])),
        ("expected entrants to be integers from 0 to 0, got 1", lambda: fight_batch([IMP], [[1]], [[0]])),
        ("expected starts to be integers from 0 to 7999, got 8000", lambda: fight_batch([IMP], [[0]], [[8000]])),
        ("expected starts to be integers from 0 to 7999, got float64", lambda: fight_batch([IMP], [[0]], [[0.5]])),
        ("expected starts to be integers from 0 to 7999, got float64", lambda: fight(DUEL, starts=[[0, 4000.7]])),
        ("expected starts to be integers from 0 to 7999, got <U4", lambda: fight(DUEL, starts=[["0", "4000"]])),
        ("expected starts to be integers from 0 to 7999, got object", lambda: fight(DUEL, starts=[[0, 2**70]])),
        ("expected starts to be integers from 0 to 7999, got -1", lambda: fight(DUEL, starts=[[0, -1]])),
        (r"starts of shape \(battles, 2\), got \(1, 3\)", lambda: fight(DUEL, starts=[[0, 100, 200]])),
        (r"starts of shape \(battles, 2\), got \(\)", lambda: fight(DUEL, starts=4000)),
        (r"starts of shape \(battles, 2\), got \(2,\)", lambda: fight(DUEL, starts=[0, 4000])),
        ("expected starts to be rows of one length, got", lambda: fight(DUEL, starts=[[0, 4000], [0]])),
        ("expected entrants to be rows of one length, got", lambda: fight_batch(DUEL, [[0, 1], [0]], [[0, 4000]])),
        (r"of one shape .* got \(\), \(1, 1\) and \(\)", lambda: fight_batch([IMP], 5, [[0]])),
        ("expected order to be integers from 0 to 1, got 2", lambda: fight(DUEL, starts=[[0, 4000]], order=[[2, 0]])),
        ("expected order to be integers from 0 to 1, got float64", lambda: fight(DUEL, order=[[0.5, 0]])),
        (r"order to hold each column once, got \[1, 1\]", lambda: fight(DUEL, battles=2, order=[[0, 1], [1, 1]])),
        (r"of one shape .* and \(2,\)", lambda: fight(DUEL, order=[0, 1])),
        ("expected battles to be an integer, 0 or more, got -1", lambda: fight(DUEL, battles=-1)),
        ("expected battles to be an integer, 0 or more, got 2.5", lambda: fight(DUEL, battles=2.5)),  # type: ignore
        ("expected battles or starts, got both", lambda: fight(DUEL, battles=1, starts=[[0, 4000]])),
        ("expected threads to be an integer, 1 or more, or None, got 0", lambda: fight(DUEL, threads=0)),
        ("expected measures to be True, False or 'first', got 'all'", lambda: fight(DUEL, measures="all")),
        ("expected threads .* got True", lambda: fight_batch(DUEL, [[0, 1]], [[0, 4000]], threads=True)),
        ("expected threads .* got 1.5", lambda: fight(DUEL, threads=1.5)),  # type: ignore[arg-type]
        ("expected seed to be an integer, 0 or more, got -1", lambda: fight(DUEL, seed=-1)),
        ("expected seed to be an integer, 0 or more, got 'a'", lambda: fight(DUEL, seed="a")),  # type: ignore
        ("of one shape", lambda: fight_batch([IMP], [[0, 0]], [[0]])),
        ("'last', 'all' or 'first'", lambda: fight([IMP], stop="none")),  # type: ignore[arg-type]
        ("1 to 64 warriors", lambda: fight_batch([IMP], [[0] * 65], [list(range(0, 6500, 100))])),
        ("expected at most 80 warriors", lambda: fight([IMP] * 81)),
    ],
)
def test_refuses(message: str, call: object) -> None:
    with pytest.raises(BattleError, match=message):
        call()  # type: ignore[operator]


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int32, np.uint64])
def test_integers_of_any_size_are_taken(dtype: type[np.integer]) -> None:
    starts = np.array([[0, 100], [0, 120]])
    expected = fight_batch(DUEL, [[0, 1], [1, 0]], starts)
    result = fight_batch(DUEL, np.array([[0, 1], [1, 0]], dtype), starts.astype(dtype))
    assert np.array_equal(result.death_cycle, expected.death_cycle)
    assert np.array_equal(fight(DUEL, starts=starts.astype(dtype)).cycles, fight(DUEL, starts=starts).cycles)


@pytest.mark.parametrize("pin", [None, 7])
@pytest.mark.parametrize("warriors", [1, 2, 5])
def test_no_battles_give_empty_arrays(warriors: int, pin: int | None) -> None:
    entrants = np.zeros((0, warriors), dtype=np.int64)
    result = fight_batch([dataclasses.replace(IMP, pin=pin)], entrants, entrants)
    for field in dataclasses.fields(result):
        expected = (0,) if field.name == "cycles" else (0, warriors)
        assert getattr(result, field.name).shape == expected, field.name


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize(("battles", "cycles"), [(10**6, 80_000), (1, 2**31 - 1)])
def test_ctrl_c_stops_a_long_batch(battles: int, cycles: int, threads: int) -> None:
    script = (
        "import redcode, sys; w = redcode.builtin('paper'); redcode.fight([w, w]); print('ready', flush=True)\n"
        f"redcode.fight([w, w], redcode.Rules(max_cycles={cycles}), battles={battles}, threads={threads})"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    time.sleep(0.5)
    os.kill(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=15)
    assert "KeyboardInterrupt" in errors


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="expected a system that ties processes to processors")
def test_threads_are_as_many_as_the_processors_of_the_process() -> None:
    script = "import os; os.sched_setaffinity(0, {min(os.sched_getaffinity(0))}); "
    script += "from redcode.machine.battle import processors; print(processors())"
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout == "1\n"


def test_a_core_of_65535_cells() -> None:
    rules = Rules(core_size=65535, max_cycles=70000, max_processes=65535)
    result = fight([IMP, IMP], rules, battles=1)
    assert result.survived.all()
    assert (result.executed == 65535).all()
    assert ICWS94.core_size == 8000
