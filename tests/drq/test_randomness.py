from __future__ import annotations

from itertools import product

from drq.randomness import Purpose, generator


def test_every_purpose_round_and_iteration_has_a_stream_of_its_own() -> None:
    draws = {
        float(generator(seed, purpose, round, iteration).random())
        for seed, purpose, round, iteration in product(range(3), Purpose, range(3), range(3))
    }
    assert len(draws) == 3 * len(Purpose) * 9


def test_a_stream_is_the_same_each_time_it_is_asked_for() -> None:
    one, two = (generator(5, Purpose.PROPOSAL, 2, 7).integers(0, 2**62, 10).tolist() for _ in range(2))
    assert one == two
