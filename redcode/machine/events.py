"""The events of a battle, which the reference interpreter tells its watcher."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from redcode.isa import Instruction


@dataclass(frozen=True, slots=True)
class _Event:
    cycle: int
    warrior: int
    address: int


@dataclass(frozen=True, slots=True)
class Executed(_Event):
    """A process of ``warrior`` executes the instruction at ``address``."""

    instruction: Instruction


@dataclass(frozen=True, slots=True)
class Read(_Event):
    """An operand read the cell at ``address``: a pointer, or the cell that it leads to."""


@dataclass(frozen=True, slots=True)
class Wrote(_Event):
    """``warrior`` changed the cell at ``address`` to ``instruction``."""

    instruction: Instruction


@dataclass(frozen=True, slots=True)
class Spawned(_Event):
    """A new process of ``warrior`` will start at ``address``; the warrior now has ``processes``."""

    processes: int


@dataclass(frozen=True, slots=True)
class ProcessDied(_Event):
    """The process that executed ``address`` died. The warrior has ``processes`` left; with 0 it is dead."""

    processes: int


Event = Executed | Read | Wrote | Spawned | ProcessDied
Watcher = Callable[[Event], None]


def discard(event: Event) -> None:
    """Ignore the event."""
