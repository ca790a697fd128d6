from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drq.battles import pairs
from drq.battles.engine import LocalEngine
from drq.battles.pairs import PairBattles, fight_pairs
from drq.battles.seating import draw_seating
from drq.randomness import Purpose, generator
from redcode import NANO, TINY, Warrior, builtin, fight_batch
from tests.drq.runs import DWARF, IMP, opponent, random_warrior

DUEL = np.array([[0, 1]])
SHORT = replace(NANO, max_cycles=200)


def fight(pool: list[Warrior], table: np.ndarray, placements: int = 6, seed: int = 0) -> PairBattles:
    return fight_pairs(pool, table, SHORT, placements, seed, LocalEngine(1))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_one_simulation_serves_both_rules(seed: int) -> None:
    """Who outlived whom with battles fought to the end is who wins where they stop at the last survivor."""
    rng = np.random.default_rng(seed)
    pool = [random_warrior(rng), random_warrior(rng)]
    found = fight(pool, DUEL, 8)
    seating = draw_seating(generator(0, Purpose.DUELS), 8, 2, SHORT)
    hill = fight_batch(pool, seating.entrants, seating.starts, SHORT, stop="last", threads=1)
    survived = np.take_along_axis(hill.survived, seating.places, axis=1)
    assert np.array_equal(found.won[0], survived & ~survived[:, ::-1])


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_fitness_is_the_machines_alive_share(seed: int) -> None:
    rng = np.random.default_rng(seed)
    pool = [random_warrior(rng), random_warrior(rng)]
    seating = draw_seating(generator(3, Purpose.DUELS), 6, 2, SHORT)
    shares = fight_batch(pool, seating.entrants, seating.starts, SHORT, stop="all", threads=1).alive_share
    expected = np.take_along_axis(shares, seating.places, axis=1).mean(axis=0)
    assert fight(pool, DUEL, seed=3).fitness[0] == pytest.approx(expected)


def test_chunks_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    pool = [random_warrior(rng) for _ in range(5)]
    table = np.array([(i, j) for i in range(5) for j in range(5) if i != j])
    whole, told = fight(pool, table), []
    monkeypatch.setattr(pairs, "CHUNK_BATTLES", 13)
    monkeypatch.setattr(pairs, "MOST_BATTLES", 50)
    parts = fight_pairs(pool, table, SHORT, 6, 0, LocalEngine(1), lambda done, of: told.append((done, of)))
    assert np.array_equal(whole.shares, parts.shares) and np.array_equal(whole.won, parts.won)
    assert told == [(done, 120) for done in (0, 12, 36, 84, 120)]  # 2, 4 and then 8 pairs at once


def test_both_ways_swaps_the_sides() -> None:
    found = fight([opponent(IMP).warrior, opponent(DWARF).warrior], DUEL)
    both = found.both_ways()
    assert both.wins.tolist() == [found.wins[0].tolist(), found.wins[0].tolist()[::-1]]


def test_a_twin_is_an_even_match() -> None:
    """Half the battles see each move first and lie first, so that neither side has an advantage over many."""
    twin = builtin("dwarf", TINY)
    found = fight_pairs([twin, twin], DUEL, TINY, 400, 0, LocalEngine(1))
    assert found.fitness[0] == pytest.approx([1, 1], abs=0.08)


def test_placements_are_none_that_an_evolution_uses() -> None:
    """Their stream of random numbers is another one, whatever the seeds are."""
    for run_seed in range(20):
        evolution = draw_seating(generator(run_seed, Purpose.PLACEMENTS), 20, 2, NANO)
        for seed in range(20):
            assert not np.array_equal(
                draw_seating(generator(seed, Purpose.DUELS), 20, 2, NANO).starts, evolution.starts
            )
