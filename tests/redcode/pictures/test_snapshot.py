import numpy as np

from redcode import NANO, assemble
from redcode.pictures.snapshot import snapshot

IMP = assemble("mov 0, 1", NANO)
DWARF = assemble("add #4, 3\nmov 2, @2\njmp -2\ndat #0, #0", NANO)


def test_before_the_first_cycle_only_the_loaded_cells_have_owners():
    picture = snapshot([IMP, DWARF], NANO, [0, 40], cycle=0)
    assert picture.cycle == 0
    assert picture.owners.tolist() == [0] + [-1] * 39 + [1] * 4 + [-1] * 36
    assert [queue.tolist() for queue in picture.processes] == [[0], [40]]


def test_an_imp_owns_the_cells_it_copied_itself_to():
    picture = snapshot([IMP, IMP], NANO, [0, 40], cycle=5)
    assert np.flatnonzero(picture.owners == 0).tolist() == [0, 1, 2, 3, 4, 5]
    assert picture.processes[1].tolist() == [45]


def test_it_stops_at_the_end_of_the_battle():
    dat = assemble("dat 0, 0", NANO)
    picture = snapshot([IMP, dat], NANO, [0, 40], cycle=500)
    assert picture.cycle == 1
    assert picture.processes[1].size == 0


def test_a_warrior_loaded_over_the_end_of_the_core_owns_both_sides():
    picture = snapshot([DWARF], NANO, [78], cycle=0)
    assert np.flatnonzero(picture.owners == 0).tolist() == [0, 1, 78, 79]
