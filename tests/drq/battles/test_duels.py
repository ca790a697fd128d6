from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drq.battles import duels
from drq.battles.duels import Duel, fight_duels
from drq.battles.engine import LocalEngine
from drq.battles.scoring import Outcome
from drq.battles.seating import draw_seating
from drq.randomness import Purpose, generator
from redcode import NANO, TINY, Warrior, assemble, builtin, fight_batch
from tests.drq.runs import random_warrior

SITTER, DEAD, IMP = (assemble(text, NANO) for text in ("JMP 0\n", "DAT 0, 0\n", "MOV 0, 1\n"))
SHORT = replace(NANO, max_cycles=200)


def fight(pool: list[Warrior], pairs: list[tuple[int, int]], placements: int = 8, seed: int = 0) -> list[Duel]:
    chunks = fight_duels(pool, np.array(pairs), SHORT, placements, seed, LocalEngine(1))
    return [duel for chunk in chunks for duel in chunk]


def test_outcomes_against_each_opponent() -> None:
    found = fight([SITTER, DEAD, SITTER], [(0, 1), (0, 2), (1, 0)])
    assert [duel.outcome for duel in found] == [Outcome.DEFEATS, Outcome.TIES, Outcome.LOSES]
    assert [(duel.wins, duel.losses) for duel in found] == [(8, 0), (0, 0), (0, 8)]


def test_both_shares_are_of_the_right_warrior() -> None:
    """DAT dies in its first turn, which comes first half of the times."""
    (duel,) = fight([DEAD, IMP], [(0, 1)], 20)
    assert duel.fitness < 0.02 and duel.opponent_fitness == pytest.approx(2.0, abs=0.02)
    back = duel.reversed
    assert (back.fitness, back.opponent_fitness, back.wins, back.losses) == (*duel[1::-1], duel.losses, duel.wins)
    assert back.reversed == duel


def test_opponents_meet_the_warrior_in_the_same_placements() -> None:
    seen: list[np.ndarray] = []

    class Recording:
        def fight(self, pool, entrants, starts, rules, stop, order):  # type: ignore[no-untyped-def]
            seen.extend([entrants, starts, order])
            return fight_batch(pool, entrants, starts, rules, stop=stop, threads=1, order=order)

    list(fight_duels([SITTER, DEAD, IMP], np.array([(0, 1), (0, 2)]), NANO, 8, 0, Recording()))
    entrants, starts, order = (table.reshape(2, 8, 2) for table in seen)
    assert (starts[0] == starts[1]).all() and (order[0] == order[1]).all()
    assert entrants[1].tolist() == [[0, 2]] * 8
    assert np.sum(order[0][:, 0] == 0) == 4


@settings(max_examples=40)
@given(st.integers(0, 2**32 - 1))
def test_one_simulation_serves_both_rules(seed: int) -> None:
    """Who outlived whom with battles fought to the end is who wins where they stop at the last survivor."""
    rng = np.random.default_rng(seed)
    pool = [random_warrior(rng), random_warrior(rng)]
    (found,) = fight(pool, [(0, 1)])
    seating = draw_seating(generator(0, Purpose.DUELS), 8, 2, SHORT)
    hill = fight_batch(pool, seating.entrants, seating.starts, SHORT, stop="last", threads=1)
    survived = np.take_along_axis(hill.survived, seating.places, axis=1)
    assert (found.wins, found.losses) == tuple((survived & ~survived[:, ::-1]).sum(axis=0))


@settings(max_examples=20)
@given(st.integers(0, 2**32 - 1))
def test_fitness_and_spread_are_the_machines_alive_shares(seed: int) -> None:
    rng = np.random.default_rng(seed)
    pool = [random_warrior(rng), random_warrior(rng)]
    seating = draw_seating(generator(3, Purpose.DUELS), 6, 2, SHORT)
    result = fight_batch(pool, seating.entrants, seating.starts, SHORT, stop="all", threads=1)
    shares = np.take_along_axis(result.alive_share, seating.places, axis=1)
    (found,) = fight(pool, [(0, 1)], 6, seed=3)
    assert found[:2] == pytest.approx(shares.mean(axis=0))
    expected = (np.diff(shares, axis=1).std(ddof=1), *shares.std(axis=0, ddof=1))
    assert found[2:5] == pytest.approx(expected)


def test_chunks_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    pool = [random_warrior(rng) for _ in range(5)]
    pairs = [(i, j) for i in range(5) for j in range(5) if i != j]
    whole = fight(pool, pairs, 6)
    monkeypatch.setattr(duels, "CHUNK_BATTLES", 13)
    monkeypatch.setattr(duels, "MOST_BATTLES", 50)
    parts = list(fight_duels(pool, np.array(pairs), SHORT, 6, 0, LocalEngine(1)))
    assert [duel for part in parts for duel in part] == whole
    assert [len(part) for part in parts] == [2, 4, 8, 6]


def test_a_twin_is_an_even_match() -> None:
    """Half of the battles see each move first and lie first, so that neither side has an advantage over many."""
    twin = builtin("dwarf", TINY)
    ((found,),) = fight_duels([twin, twin], np.array([[0, 1]]), TINY, 400, 0, LocalEngine(1))
    assert found[:2] == pytest.approx([1, 1], abs=0.08)


def test_placements_are_none_that_an_evolution_uses() -> None:
    """Their stream of random numbers is another one, whatever the seeds are."""
    for run_seed in range(20):
        evolution = draw_seating(generator(run_seed, Purpose.PLACEMENTS), 20, 2, NANO)
        for seed in range(20):
            assert not np.array_equal(
                draw_seating(generator(seed, Purpose.DUELS), 20, 2, NANO).starts, evolution.starts
            )
