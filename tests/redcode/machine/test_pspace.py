from dataclasses import replace

import pytest

from redcode import assemble
from redcode.machine.pspace import PSpace, bank_of, new_pspaces

WAIT = assemble("jmp 0")


@pytest.mark.parametrize(
    ("pins", "banks"),
    [
        ([None, None], [0, 1]),
        ([7, None, 7, None, 8, 7, 8], [0, 1, 0, 3, 4, 0, 4]),
        ([None, 0, -1, 0], [0, 1, 2, 1]),
        ([0, None, 0, None, 7, None], [0, 0, 0, 0, 4, 0]),
        ([None, None, 0, None], [0, 1, 2, 2]),
    ],
)
def test_only_warriors_of_one_pin_share(pins, banks):
    assert bank_of([replace(WAIT, pin=pin) for pin in pins]) == banks


def test_cells_are_shared_and_last_results_are_not():
    one, two, other = new_pspaces([replace(WAIT, pin=pin) for pin in (7, 7, None)], 10, 8000)
    assert [space.load(address) for space in (one, two, other) for address in (0, 1, 10)] == [7999, 0, 7999] * 3
    one.store(13, 5)
    one.store(20, 6)
    assert [space.load(3) for space in (one, two, other)] == [5, 5, 0]
    assert [space.load(0) for space in (one, two, other)] == [6, 7999, 7999]


def test_a_single_cell_is_the_last_result():
    space = PSpace([0], 4)
    space.store(17, 9)
    assert (space.load(3), space.last_result) == (9, 9)
