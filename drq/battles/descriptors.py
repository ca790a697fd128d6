"""What a candidate did, as named numbers; the archive's axes are a choice among them.

========  =========================================================================================================
spawned   processes created by the warrior in a battle beyond its first: one for each SPL that found room, whether or
          not another process died in that cycle. Mean over the placements.
covered   distinct addresses that the warrior's processes executed, read or wrote in a battle: what Kumar 2026 §4 calls
          accessed. Mean over the placements.
executed  distinct addresses executed only, which is what the published code of that paper counts. Mean likewise.
opcodes   distinct opcodes in the warrior's code.
length    instructions in the warrior's code.
========  =========================================================================================================

The default bins of each (``drq.config.DEFAULT_BINS``) are those of Kumar 2026 §4 and of its published code.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from drq.candidate import Cell
from drq.config import ArchiveConfig
from redcode.warrior import Warrior


def describe(
    warrior: Warrior, spawned: NDArray[np.int64], covered: NDArray[np.int64], executed: NDArray[np.int64]
) -> dict[str, float]:
    """Every descriptor by name; the arrays are (placements,), one number a battle, of this warrior."""
    return {
        "spawned": float(np.mean(spawned)),
        "covered": float(np.mean(covered)),
        "executed": float(np.mean(executed)),
        "opcodes": float(len({instruction.opcode for instruction in warrior.code})),
        "length": float(len(warrior)),
    }


def cell_of(descriptors: dict[str, float], config: ArchiveConfig) -> Cell:
    """The archive cell of these descriptors: on each axis, the number of bin bounds at or below the value."""
    return tuple(int(np.searchsorted(config.bins[axis], descriptors[axis], side="right")) for axis in config.axes)
