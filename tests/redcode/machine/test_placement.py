"""Start addresses: pMARS's series, its rules, and that every combination comes up."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redcode import ICWS94, NANO, BattleError, Rules, assemble
from redcode.machine.placement import (
    combinations,
    park_miller,
    permuted_series,
    seed_from_code,
    seed_from_integer,
    seed_from_position,
    series,
)


def test_the_generator_is_the_minimal_standard() -> None:
    x = 1
    for _ in range(10_000):
        x = park_miller(x)
    assert x == 1043618065  # Park & Miller 1988, their check value


def test_a_fixed_position_is_that_of_the_first_round() -> None:
    starts = series(2, ICWS94, seed_from_position(4000, ICWS94), 3)
    second = 100 + park_miller(3900) % 7801
    assert starts.tolist() == [[0, 4000], [0, second], [0, 100 + park_miller(park_miller(3900)) % 7801]]


@pytest.mark.parametrize(
    ("position", "start"),
    [(100, 100), (7900, 7900), (7901, 100), (7950, 149), (8000, 199), (15702, 100), (2**30, 4383)],
)
def test_positions_beyond_the_last_go_on_from_the_first(position: int, start: int) -> None:
    assert series(2, ICWS94, seed_from_position(position, ICWS94), 1).tolist() == [[0, start]]


@given(st.integers(1, 20), st.integers(0, 2**31), st.integers(1, 5))
def test_warriors_keep_their_distance(warriors: int, seed: int, battles: int) -> None:
    rules = Rules(core_size=2000, max_length=100, min_distance=100)
    starts = np.sort(series(warriors, rules, seed_from_integer(seed), battles), axis=1)
    gaps = np.diff(np.concatenate([starts, starts[:, :1] + rules.core_size], axis=1), axis=1)
    assert starts.shape == (battles, warriors)
    assert (starts[:, 0] == 0).all()
    assert warriors == 1 or (gaps >= rules.min_distance).all()


def test_a_full_core_is_filled_exactly() -> None:
    rules = Rules(core_size=800, max_length=100, min_distance=100)
    assert np.sort(series(8, rules, 12345, 1)[0]).tolist() == list(range(0, 800, 100))
    with pytest.raises(BattleError, match="expected at most 8 warriors"):
        series(9, rules, 12345, 1)


def test_permutation_visits_every_round_once() -> None:
    count = combinations(NANO)
    starts, order = permuted_series(NANO, 7, count + 1)
    assert (order.sum(axis=1) == 1).all()
    rounds = set(zip(starts[:count, 1].tolist(), order[:count, 0].tolist(), strict=True))
    assert rounds == {(position, mover) for position in range(5, 76) for mover in (0, 1)}
    assert len(rounds) == count == 142


def test_positions_too_near_are_refused() -> None:
    with pytest.raises(BattleError, match="expected a position from the distance 100 to 1073741824, got 99"):
        seed_from_position(99, ICWS94)
    with pytest.raises(BattleError, match="got 1073741825"):
        seed_from_position(2**30 + 1, ICWS94)


def test_the_seed_from_code_sees_every_field() -> None:
    seeds = {seed_from_code([assemble(text)]) for text in ("mov.i 0, 1", "mov.i 0, 2", "mov.i @0, 1", "add.f 0, 1")}
    assert len(seeds) == 4
