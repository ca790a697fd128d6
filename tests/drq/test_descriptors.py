from __future__ import annotations

import pytest

from drq.config import ArchiveConfig
from drq.descriptors import DESCRIPTORS, describe
from redcode import assemble


def test_means_of_measures_and_counts_of_the_code() -> None:
    warrior = assemble("MOV.I $0, $1\nMOV.I $0, $2\nDAT.F $0, $0\n")
    described = describe(warrior, {"spawned": 2.5, "covered": 20.0, "executed": 22.5})
    assert described == {"spawned": 2.5, "covered": 20.0, "executed": 22.5, "opcodes": 2.0, "length": 3.0}
    assert list(described) == list(DESCRIPTORS)


@pytest.mark.parametrize(
    ("axis", "value", "bin"),
    [
        ("spawned", 0.0, 0),
        ("spawned", 0.95, 0),
        ("spawned", 1.0, 1),
        ("spawned", 9999.9, 4),
        ("spawned", 10000.0, 5),
        ("covered", 9.0, 0),
        ("covered", 10.0, 1),
        ("covered", 4000.0, 5),
        ("executed", 500.0, 3),
        ("opcodes", 3.0, 0),
        ("opcodes", 4.0, 1),
        ("opcodes", 14.0, 5),
        ("length", 5.0, 1),
        ("length", 59.0, 4),
        ("length", 60.0, 5),
    ],
)
def test_bins_are_those_of_the_paper(axis: str, value: float, bin: int) -> None:
    assert ArchiveConfig(axes=(axis,)).cell_of({axis: value}) == (bin,)


def test_axes_give_the_cell_in_their_order() -> None:
    config = ArchiveConfig(axes=("length", "spawned"), bins={"length": (2.0,), "spawned": (1.0, 2.0)})
    assert config.cell_of({"spawned": 5.0, "length": 1.0, "covered": 0.0}) == (0, 2)
