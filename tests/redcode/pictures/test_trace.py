from collections import deque

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redcode import NANO, Warrior
from redcode.isa import EMPTY_CELL, Instruction, Mode, Modifier, Opcode, pack
from redcode.machine.reference import Machine
from redcode.pictures.trace import Trace, record
from tests.battles import Measures
from tests.strategies import warriors

SIZE = NANO.core_size
STARTS = [0, 20, 40, 60]


class Player:
    """Plays a trace by its description alone; knows no instruction."""

    def __init__(self, trace: Trace) -> None:
        self.core = [pack(EMPTY_CELL)] * trace.rules.core_size
        self.queues = []
        for warrior, start in zip(trace.warriors, trace.starts, strict=True):
            for offset, instruction in enumerate(warrior.code):
                self.core[(start + offset) % SIZE] = pack(instruction)
            self.queues.append(deque([(start + warrior.start) % SIZE]))
        self.living = list(range(len(trace.warriors)))
        self.steps = iter(trace.steps.tolist())
        self.reads = iter(trace.reads.tolist())
        self.joined = iter(trace.joined.tolist())
        self.writes = iter(trace.writes.T.tolist())

    def play_cycle(self) -> set[int]:
        """Play one cycle; returns the addresses read in it."""
        read = set()
        for warrior in self.living:
            step = next(self.steps, None)
            if step is None:
                break
            address = self.queues[warrior].popleft()
            read |= {(address + next(self.reads)) % SIZE for _ in range(step & 7)}
            for _ in range(step >> 3 & 3):
                distance, code, a, b = next(self.writes)
                target = (address + distance) % SIZE
                old = self.core[target]
                new_a, new_b = ((old >> 16 & 0xFFFF) + a) % SIZE, ((old & 0xFFFF) + b) % SIZE
                self.core[target] = ((old >> 32) ^ code) << 32 | new_a << 16 | new_b
            self.queues[warrior].extend((address + next(self.joined)) % SIZE for _ in range(step >> 5))
        self.living = [warrior for warrior in self.living if self.queues[warrior]]
        return read


@given(st.lists(warriors(NANO), min_size=1, max_size=4), st.sampled_from(["last", "all"]))
def test_a_trace_replays_every_cycle_of_the_reference(pool, stop):
    starts = STARTS[: len(pool)]
    trace = record(pool, NANO, starts, stop)
    measures = Measures(len(pool))
    machine, player = Machine(NANO, pool, starts, watch=measures), Player(trace)
    for _ in range(trace.cycles):
        before = [set(seen) for seen in measures.read]
        machine.play_cycle(stop)
        read = player.play_cycle()
        assert player.core == [pack(cell) for cell in machine.core]
        assert player.queues == machine.queues
        assert read >= set().union(*(now - then for now, then in zip(measures.read, before, strict=True)))
    assert all(next(column, None) is None for column in (player.steps, player.reads, player.joined, player.writes))
    reference = Machine(NANO, pool, starts)
    reference.run(stop)
    assert trace.ended and trace.cycles == reference.cycle


def test_only_the_first_cycles_are_recorded_when_asked():
    imp = Warrior((Instruction(Opcode.MOV, Modifier.I, Mode.DIRECT, 0, Mode.DIRECT, 1),))
    trace = record([imp, imp], NANO, [0, 40], cycles=7)
    assert (trace.cycles, trace.ended, len(trace.steps)) == (7, False, 14)
    assert trace.writes.dtype == np.uint16
    assert trace.writes[0].tolist() == [1] * 14


@pytest.mark.parametrize("cycles", [None, 100_000])
def test_a_battle_that_reaches_its_last_cycle_has_ended(cycles):
    imp = Warrior((Instruction(Opcode.MOV, Modifier.I, Mode.DIRECT, 0, Mode.DIRECT, 1),))
    seen = []
    trace = record([imp, imp], NANO, [0, 40], cycles=cycles, progress=seen.append)
    assert (trace.cycles, trace.ended) == (NANO.max_cycles, True)
    assert seen == []


def test_progress_is_told_now_and_then():
    imp = Warrior((Instruction(Opcode.MOV, Modifier.I, Mode.DIRECT, 0, Mode.DIRECT, 1),))
    rules = NANO.__class__(core_size=80, max_cycles=2500, max_processes=80, max_length=5, min_distance=5)
    seen = []
    record([imp], rules, [0], stop="all", progress=seen.append)
    assert seen == [1000, 1000]
