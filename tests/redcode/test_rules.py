import numpy as np
import pytest

from redcode import ICWS88, NANO, TINY, Rules, RulesError
from redcode.rules import PRESETS, Standard

FIELDS = ["core_size", "max_cycles", "max_processes", "max_length", "min_distance", "pspace_size"]


def test_the_defaults_are_the_94_hill():
    rules = Rules()
    assert [getattr(rules, name) for name in FIELDS] == [8000, 80000, 8000, 100, 100, None]
    assert rules.pspace_cells == 500
    assert PRESETS["icws94"] == rules


def test_pspace_is_a_fraction_of_the_core_that_divides_it():
    assert TINY.pspace_cells == 50
    assert NANO.pspace_cells == 5
    assert Rules(core_size=8191).pspace_cells == 8191
    assert Rules(pspace_size=7).pspace_cells == 7


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("core_size", 100, 65535),
        ("max_cycles", 1, 2**31 - 1),
        ("max_processes", 1, 65535),
        ("max_length", 1, 100),
        ("min_distance", 100, 8000),
        ("pspace_size", 1, 8000),
    ],
)
def test_every_number_has_its_range(name, low, high):
    assert getattr(Rules(**{name: low}), name) == low
    assert getattr(Rules(**{name: high}), name) == high
    for value in (low - 1, high + 1):
        with pytest.raises(RulesError):
            Rules(**{name: value})


def test_the_smallest_core_has_80_cells():
    assert NANO.core_size == 80
    with pytest.raises(RulesError, match="core_size"):
        Rules(core_size=79, max_length=5, min_distance=5)


@pytest.mark.parametrize("value", [800.0, "800", True, np.float64(800), [800]])
def test_what_is_no_integer_is_refused(value):
    with pytest.raises(RulesError, match="expected core_size to be an integer from 80 to 65535, got "):
        Rules(core_size=value)


@pytest.mark.parametrize("number", [np.int64, np.uint16, np.array])
def test_the_integers_of_numpy_are_integers(number):
    rules = Rules(core_size=number(800), pspace_size=number(50))
    assert rules == Rules(core_size=800, pspace_size=50)
    assert repr(rules) == repr(Rules(core_size=800, pspace_size=50))
    assert type(rules.core_size) is int


def test_the_standard_may_be_its_number():
    assert Rules(standard="88") == ICWS88
    assert Rules(standard="94").standard is Standard.ICWS94
    for wrong in ("86", 88, None, "ICWS88"):
        with pytest.raises(RulesError, match="expected standard to be '94' or '88', got "):
            Rules(standard=wrong)
