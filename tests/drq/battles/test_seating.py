from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from drq.battles.seating import Seating, draw_duels, draw_seating
from drq.randomness import Purpose, generator
from redcode import ICWS94, NANO, TINY, Rules

SEATINGS = st.tuples(
    st.integers(0, 2**32),
    st.integers(1, 60),
    st.integers(2, 16),
    st.sampled_from([NANO, TINY, ICWS94]),
)


def seats(seating: Seating) -> tuple[np.ndarray, np.ndarray]:
    """The candidate's segment and its place in the turn order, by placement."""
    turn = seating.places[:, 0]
    own = np.take_along_axis(seating.starts, turn[:, None], axis=1)
    return np.sum(seating.starts < own, axis=1), turn


def drawn(case: tuple[int, int, int, Rules]) -> Seating:
    seed, placements, warriors, rules = case
    return draw_seating(np.random.default_rng(seed), placements, warriors, rules)


@given(SEATINGS)
def test_no_seat_is_favoured(case: tuple[int, int, int, Rules]) -> None:
    """A fault of the published code: the candidate is always in the first segment and always moves first."""
    _, placements, warriors, _ = case
    segment, turn = seats(drawn(case))
    for seat in (segment, turn):
        counts = np.bincount(seat, minlength=warriors)
        assert counts.max() - counts.min() <= 1
    pairs = np.bincount(segment * warriors + turn, minlength=warriors**2)
    assert pairs.max() - pairs.min() <= 1
    if placements % warriors**2 == 0:
        assert pairs.min() == pairs.max()


@given(SEATINGS)
def test_every_battle_seats_each_warrior_once_and_apart(case: tuple[int, int, int, Rules]) -> None:
    _, placements, warriors, rules = case
    seating = drawn(case)
    assert seating.entrants.shape == seating.starts.shape == (placements, warriors)
    assert (np.sort(seating.entrants, axis=1) == np.arange(warriors)).all()
    addresses = np.sort(seating.starts, axis=1)
    gaps = np.diff(addresses, append=addresses[:, :1] + rules.core_size)
    assert addresses.min() >= 0 and addresses.max() < rules.core_size and gaps.min() >= rules.min_distance
    assert (np.take_along_axis(seating.entrants, seating.places, axis=1) == np.arange(warriors)).all()


def test_a_full_core_has_room() -> None:
    seating = draw_seating(np.random.default_rng(0), 8, NANO.core_size // NANO.min_distance, NANO)
    assert (np.diff(np.sort(seating.starts, axis=1), axis=1) == NANO.min_distance).all()


def test_addresses_and_opponents_are_spread_evenly() -> None:
    seating = draw_seating(np.random.default_rng(0), 4000, 3, NANO)
    assert np.bincount(seating.starts.ravel(), minlength=80).min() > 100  # 150 expected
    first = np.bincount(seating.entrants[:, 0], minlength=3)
    assert first.min() > 1200


def test_rounds_and_runs_meet_other_placements() -> None:
    """A fault of the published code: every candidate of every run meets the same placements."""
    drawn = {
        (seed, round): draw_seating(generator(seed, Purpose.PLACEMENTS, round), 20, 3, ICWS94).starts.tobytes()
        for seed in range(3)
        for round in range(3)
    }
    assert len(set(drawn.values())) == 9


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 9), st.integers(1, 7), st.sampled_from((NANO, TINY, ICWS94)))
def test_duels_are_placed_one_by_one_and_each_moves_first_in_half(
    seed: int, placements: int, opponents: int, rules: Rules
) -> None:
    seating = draw_duels(np.random.default_rng(seed), placements, opponents, rules)
    assert seating.warriors.tolist() == [[0, 1 + other] for _ in range(placements) for other in range(opponents)]
    distances = (seating.starts_by_warrior[:, 1] - seating.starts_by_warrior[:, 0]) % rules.core_size
    assert (distances >= rules.min_distance).all() and (distances <= rules.core_size - rules.min_distance).all()
    first = (seating.entrants[:, 0] == 0).reshape(placements, opponents).sum(axis=0)
    assert set(first.tolist()) <= {placements // 2, -(-placements // 2)}
    assert (np.take_along_axis(seating.warriors, seating.order, axis=1) == seating.entrants).all()


def test_distances_of_duels_are_uniform() -> None:
    """χ² over all 71 distances of the nano core."""
    seating = draw_duels(np.random.default_rng(1), 200, 71, NANO)
    distances = (seating.starts_by_warrior[:, 1] - seating.starts_by_warrior[:, 0]) % NANO.core_size
    counts = np.bincount(distances, minlength=80)[5:76]
    assert counts.sum() == 200 * 71 and ((counts - 200) ** 2 / 200).sum() < 120  # p = 2e-4
