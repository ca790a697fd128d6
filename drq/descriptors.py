"""What a candidate does in its battles, as named numbers, in one table. The archive's axes are a choice among them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from redcode.warrior import Warrior


class Descriptor(NamedTuple):
    """One number that describes a candidate."""

    label: str
    """As the axis of a picture has it."""
    meaning: str
    bins: tuple[float, ...]
    """Default upper bounds (exclusive) of all bins but the last, which is open: for a core of 8000 cells."""
    measure: str | None = None
    """The array of ``redcode.BattleResult`` of which it is the mean over the placements; None for one of the code."""
    counted: Callable[[Warrior], int] | None = None
    """What is counted in the code, where there is no measure."""


_ADDRESSES = (10.0, 100.0, 500.0, 1000.0, 4000.0)

DESCRIPTORS: dict[str, Descriptor] = {
    "spawned": Descriptor(
        "processes spawned",
        "processes that its SPL instructions added to the first",
        (1.0, 10.0, 100.0, 1000.0, 10000.0),
        measure="spawned",
    ),
    "covered": Descriptor(
        "addresses covered",
        "distinct addresses that it executed, read or wrote: what Kumar 2026 §4 calls accessed",
        _ADDRESSES,
        measure="covered",
    ),
    "executed": Descriptor(
        "addresses executed",
        "distinct addresses that it executed: what the published code of Kumar 2026 counts",
        _ADDRESSES,
        measure="executed",
    ),
    "opcodes": Descriptor(
        "distinct opcodes",
        "distinct opcodes in its code",
        (4.0, 6.0, 8.0, 10.0, 14.0),
        counted=lambda warrior: len({instruction.opcode for instruction in warrior.code}),
    ),
    "length": Descriptor("instructions", "instructions in its code", (5.0, 12.0, 20.0, 35.0, 60.0), counted=len),
}
"""By name. The bins are those of Kumar 2026 §4 and of its published code."""


def describe(warrior: Warrior, means: Mapping[str, float]) -> dict[str, float]:
    """Every descriptor by name; ``means`` gives the mean over the battles of this warrior by the measure's name."""
    return {
        name: float(row.counted(warrior)) if row.counted else means[row.measure or name]
        for name, row in DESCRIPTORS.items()
    }
