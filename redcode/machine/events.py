"""What the reference interpreter tells whoever watches: events only, no collector."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from redcode.isa import Instruction


@dataclass(frozen=True, slots=True)
class Executed:
    """A process of ``warrior`` takes the instruction at ``address``."""

    cycle: int
    warrior: int
    address: int
    instruction: Instruction


@dataclass(frozen=True, slots=True)
class Read:
    """An operand looked into ``address``: a pointer, or the cell it leads to."""

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
    """The process that executed ``address`` died; ``processes`` are left to the warrior (0: it is dead)."""

    cycle: int
    warrior: int
    address: int
    processes: int


Event = Executed | Read | Wrote | Spawned | ProcessDied
Watcher = Callable[[Event], None]


def discard(event: Event) -> None:
    """Watch nothing."""
