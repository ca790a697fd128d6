"""A battle recorded step by step: small enough for a browser, and exact enough to replay it there.

A step is one executed instruction. The trace keeps only its effects: what its operands read, what it wrote, and which
processes joined the queue. So a player needs no interpreter: it starts from the loaded warriors and applies one step
after another.
"""

from __future__ import annotations

import base64
import zlib
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from redcode.isa import A_SHIFT, B_MODE_SHIFT, FIELD_MASK, pack
from redcode.machine.events import Event, ProcessDied, Read, Spawned, Wrote
from redcode.machine.reference import Machine, Stop
from redcode.rules import Rules
from redcode.warrior import Warrior

WRITES_SHIFT = 3
JOINED_SHIFT = 5


@dataclass(frozen=True, eq=False)
class Trace:
    """One recorded battle, or its first cycles.

    Addresses are relative to the executed one, and new contents are relative to the old ones, because small numbers
    that repeat compress well. Additions are modulo the core size.
    """

    rules: Rules
    warriors: tuple[Warrior, ...]
    starts: tuple[int, ...]
    """Load address of each warrior; they move in this order."""
    cycles: int
    """Number of recorded cycles."""
    ended: bool
    """Whether the battle ended in these cycles."""
    steps: NDArray[np.uint8]
    """(steps,) counts of each step: reads in bits 0-2, writes in bits 3-4, processes that join in bits 5-6."""
    reads: NDArray[np.uint16]
    """(reads,) address - executed address."""
    joined: NDArray[np.uint16]
    """(joined,) address of a process that joins the warrior's queue - executed address, in queue order."""
    writes: NDArray[np.uint16]
    """(4, writes) address - executed address; opcode, modifier and modes XOR the old; A - old A; B - old B."""

    def packed(self) -> str:
        """Reads, joined, writes (all little-endian), then steps, compressed with zlib, as base64 text."""
        wide = [column.astype("<u2").tobytes() for column in (self.reads, self.joined, self.writes)]
        return base64.b64encode(zlib.compress(b"".join([*wide, self.steps.tobytes()]))).decode("ascii")


class _Recorder(Machine):
    """A machine that records the effects of each step from its own events."""

    def __init__(self, rules: Rules, warriors: Sequence[Warrior], starts: Sequence[int]) -> None:
        super().__init__(rules, warriors, starts, watch=self.note)
        self.words = [pack(instruction) for instruction in self.core]
        self.steps = array("B")
        self.reads, self.joined = array("H"), array("H")
        self.writes = tuple(array("H") for _ in range(4))
        self.address = 0
        self.effects = 0
        self.joining = 0

    def execute(self) -> None:
        """Execute one process and close its step."""
        queue = self.queues[self.warrior]
        self.address, self.effects, self.joining = queue[0], 0, 1
        super().execute()
        for place in range(-self.joining, 0):
            self.joined.append(self.wrap(queue[place] - self.address))
        self.steps.append(self.effects | self.joining << JOINED_SHIFT)

    def note(self, event: Event) -> None:
        """Record one event of the current step."""
        kind = type(event)
        if kind is Read:
            self.effects += 1
            self.reads.append(self.wrap(event.address - self.address))
        elif isinstance(event, Wrote):
            self.effects += 1 << WRITES_SHIFT
            self.note_write(event.address, pack(event.instruction))
        elif kind is Spawned:
            self.joining += 1
        elif kind is ProcessDied:
            self.joining = 0

    def note_write(self, address: int, word: int) -> None:
        """Record how ``word`` differs from the old word at ``address``."""
        old = self.words[address]
        self.words[address] = word
        where, code, a_field, b_field = self.writes
        where.append(self.wrap(address - self.address))
        code.append((word ^ old) >> B_MODE_SHIFT)
        a_field.append(self.wrap((word >> A_SHIFT & FIELD_MASK) - (old >> A_SHIFT & FIELD_MASK)))
        b_field.append(self.wrap((word & FIELD_MASK) - (old & FIELD_MASK)))


def record(
    warriors: Sequence[Warrior],
    rules: Rules,
    starts: Sequence[int],
    stop: Stop = "last",
    cycles: int | None = None,
    progress: Callable[[int], None] = lambda cycles: None,
) -> Trace:
    """Play and record a round, or only its first ``cycles``.

    ``starts``: (warriors,) load addresses, in the order in which the warriors move. ``progress`` is told now and then
    how many cycles have been played since the last call. A million steps take about ten seconds, an effect takes seven
    bytes of memory.
    """
    machine = _Recorder(rules, warriors, starts)
    ended = machine.run(stop, cycles, progress)
    return Trace(
        rules,
        tuple(warriors),
        tuple(starts),
        machine.cycle,
        ended,
        np.array(machine.steps, dtype=np.uint8),
        np.array(machine.reads, dtype=np.uint16),
        np.array(machine.joined, dtype=np.uint16),
        np.array(machine.writes, dtype=np.uint16),
    )
