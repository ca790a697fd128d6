"""The core at one moment of a battle: the last writer of each cell, and where processes wait."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from redcode.machine.events import Event, Wrote
from redcode.machine.reference import Machine, Stop
from redcode.rules import Rules
from redcode.warrior import Warrior


@dataclass(frozen=True, eq=False)
class Snapshot:
    """A battle after ``cycle`` cycles."""

    core_size: int
    warriors: tuple[Warrior, ...]
    cycle: int
    owners: NDArray[np.int16]
    """(core_size,) index of the warrior that wrote the cell last or was loaded there; -1 if there is none."""
    processes: tuple[NDArray[np.int64], ...]
    """For each warrior (processes,) addresses in its queue, the next one first."""


def snapshot(
    warriors: Sequence[Warrior],
    rules: Rules,
    starts: Sequence[int],
    cycle: int | None = None,
    stop: Stop = "last",
    progress: Callable[[int], None] = lambda cycles: None,
) -> Snapshot:
    """Play a round up to ``cycle`` or its end, whichever comes first.

    ``starts``: (warriors,) load addresses, in the order in which the warriors move. ``progress`` is told now and then
    how many cycles have been played since the last call.
    """
    owners = np.full(rules.core_size, -1, dtype=np.int16)
    for index, (warrior, start) in enumerate(zip(warriors, starts, strict=True)):
        owners[np.arange(start, start + len(warrior)) % rules.core_size] = index

    def note(event: Event) -> None:
        if isinstance(event, Wrote):
            owners[event.address] = event.warrior

    machine = Machine(rules, warriors, starts, watch=note)
    machine.run(stop, cycle, progress)
    queues = tuple(np.array(queue, dtype=np.int64) for queue in machine.queues)
    return Snapshot(rules.core_size, tuple(warriors), machine.cycle, owners, queues)
