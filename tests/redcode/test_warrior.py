import pytest
from hypothesis import given
from hypothesis import strategies as st

from redcode import RedcodeError, Warrior, assemble
from tests.strategies import warriors

IMP = "ccd195ac549941f89f9423e59734619f78c8e570394dc2527fb8f8b0b01b2b9f"


@given(warriors(), warriors())
def test_equal_warriors_and_only_they_have_equal_digests(one, other):
    assert (one == other) == (one.digest == other.digest)
    assert one == Warrior(one.code, one.start, one.pin)
    assert hash(one) == hash(Warrior(one.code, one.start, one.pin))


def test_the_digest_of_a_warrior_without_a_pin_never_changes():
    assert assemble("mov 0, 1").digest == IMP


@given(st.lists(st.none() | st.integers(-(2**63), 2**63 - 1), unique=True, max_size=10))
def test_the_pin_is_part_of_a_warrior(pins):
    code = assemble("mov 0, 1").code
    alike = [Warrior(code, pin=pin) for pin in [*pins, *({None, -1, 0} - set(pins))]]
    assert len({warrior.digest for warrior in alike}) == len(set(alike)) == len(alike)


@pytest.mark.parametrize("pin", [2**63, -(2**63) - 1, 2**70, 1 << 20_000], ids=lambda pin: str(pin.bit_length()))
def test_a_pin_has_64_bits(pin):
    with pytest.raises(RedcodeError, match="expected a PIN of 64 bits, got one of "):
        Warrior(assemble("mov 0, 1").code, pin=pin)
