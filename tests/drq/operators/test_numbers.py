"""Changes of a number round the core: what they are by modular arithmetic, and all within the core."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drq.operators.numbers import FACTORS, PARTS, Numbers, divided, modular
from drq.operators.vocabulary import Vocabulary
from redcode import ICWS94, NANO, Rules, assemble
from redcode.isa import signed

CORES = st.sampled_from([80, 800, 8000, 55440, 8191])


@given(CORES, st.data(), st.sampled_from(FACTORS))
def test_a_quotient_times_its_divisor_is_the_number_or_as_near_as_whole_numbers_come(
    core_size: int, data: st.DataObject, divisor: int
) -> None:
    value = data.draw(st.integers(0, core_size - 1))
    quotient = divided(value, divisor, core_size)
    rest = signed((value - quotient * divisor) % core_size, core_size)
    assert 0 <= quotient < core_size and abs(rest) < abs(divisor)
    if np.gcd(divisor, core_size) == 1:
        assert rest == 0


@given(CORES, st.data(), st.integers(0, 2**32))
def test_a_changed_number_is_a_multiple_a_part_or_a_part_of_the_core_away(
    core_size: int, data: st.DataObject, seed: int
) -> None:
    value = data.draw(st.integers(0, core_size - 1))
    multiples = {value * factor % core_size for factor in FACTORS}
    parts = {divided(value, divisor, core_size) for divisor in FACTORS}
    steps = {(value + sign * (core_size // part)) % core_size for part in PARTS for sign in (1, -1)}
    assert modular(value, core_size, np.random.default_rng(seed)) in multiples | parts | steps


@pytest.mark.parametrize("rules", [ICWS94, NANO])
def test_half_of_the_changes_of_numbers_are_such(rules: Rules) -> None:
    code, shares = assemble("DAT.F $7, $9\n", rules).code, {}
    for numbers in Numbers:
        vocabulary = Vocabulary(np.random.default_rng(0), rules, numbers=numbers)
        changed = [cell.a for cell in (vocabulary.changed(code, 0) for _ in range(4000)) if cell.a != 7]
        far = {7 * factor % rules.core_size for factor in FACTORS[1:]}
        shares[numbers] = np.mean([value in far for value in changed])
    assert shares[Numbers.MODULAR] > shares[Numbers.NEAR] + 0.08
