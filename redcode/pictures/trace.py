"""A battle written down step by step, small enough to send to a browser and exact enough to replay it there.

A step is one executed instruction. What a step did is all that is kept: where its operands looked, what it wrote, and
which processes joined the queue. The core and the queues before it follow from the steps before, so a player needs no
interpreter: it starts from the loaded warriors and applies one step after another.
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
PROGRESS_EVERY = 1000


@dataclass(frozen=True, eq=False)
class Trace:
    """One recorded battle, all of it or its first cycles.

    Addresses are relative to the executed one and what is written is relative to what was there, both because small
    numbers that repeat compress well. Additions are modulo the core size.
    """

    rules: Rules
    warriors: tuple[Warrior, ...]
    starts: tuple[int, ...]
    """Load address of each warrior; they move in this order."""
    cycles: int
    """Cycles recorded."""
    ended: bool
    """Whether the battle ended within them."""
    steps: NDArray[np.uint8]
    """(steps,) how many of each follow: reads in bits 0-2, writes in bits 3-4, processes that join in bits 5-6."""
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
    """A machine that notes the effects of each step; it hears of them through its own events."""

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
        """Take down one event of the current step."""
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
        """Take down how ``word`` differs from what was at ``address``."""
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
    progress: Callable[[int], None] = lambda cycle: None,
) -> Trace:
    """Play a round and write it down, or only its first ``cycles``.

    ``starts``: (warriors,) load addresses, in the order in which the warriors move. ``progress`` is told the cycle
    now and then. About ten seconds a million steps, and seven bytes of memory an effect.
    """
    machine = _Recorder(rules, warriors, starts)
    limit = rules.max_cycles if cycles is None else min(cycles, rules.max_cycles)
    playing = True
    while playing and machine.cycle < limit:
        playing = machine.play_cycle(stop)
        if machine.cycle % PROGRESS_EVERY == 0:
            progress(machine.cycle)
    return Trace(
        rules,
        tuple(warriors),
        tuple(starts),
        machine.cycle,
        not playing or machine.cycle == rules.max_cycles,
        np.array(machine.steps, dtype=np.uint8),
        np.array(machine.reads, dtype=np.uint16),
        np.array(machine.joined, dtype=np.uint16),
        np.array(machine.writes, dtype=np.uint16),
    )
