"""The events of a battle, which the reference interpreter tells its watcher."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from redcode.isa import Instruction


@dataclass(frozen=True, slots=True)
class Executed:
    """A process of ``warrior`` executes the instruction at ``address``."""

    cycle: int
    warrior: int
    address: int
    instruction: Instruction


@dataclass(frozen=True, slots=True)
class Read:
    """An operand read the cell at ``address``: a pointer, or the cell that it leads to."""

    cycle: int
    warrior: int
    address: int


@dataclass(frozen=True, slots=True)
class Wrote:
    """``warrior`` changed the cell at ``address`` to ``instruction``."""

    cycle: int
    warrior: int
    address: int
    instruction: Instruction


@dataclass(frozen=True, slots=True)
class Spawned:
    """A new process of ``warrior`` will start at ``address``; the warrior now has ``processes``."""

    cycle: int
    warrior: int
    address: int
    processes: int


@dataclass(frozen=True, slots=True)
class ProcessDied:
    """The process that executed ``address`` died. The warrior has ``processes`` left; with 0 it is dead."""

    cycle: int
    warrior: int
    address: int
    processes: int


Event = Executed | Read | Wrote | Spawned | ProcessDied
Watcher = Callable[[Event], None]


def discard(event: Event) -> None:
    """Ignore the event."""
