import pytest

from redcode.pictures.grid import columns_for


@pytest.mark.parametrize(
    ("size", "columns"), [(8000, 100), (800, 32), (80, 10), (8192, 128), (55440, 264), (65535, 257)]
)
def test_usual_cores_fill_whole_rows(size, columns):
    assert columns_for(size) == columns
    assert size % columns == 0


def test_a_prime_core_has_a_short_last_row():
    assert columns_for(8191) == 101
