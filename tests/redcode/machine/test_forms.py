"""Every form of instruction (opcode, modifier, A mode, B mode) in both interpreters, compared after each step."""

from __future__ import annotations

import os
from functools import lru_cache
from itertools import product

import numpy as np
import pytest

from redcode import Rules, Warrior
from redcode.isa import Instruction, Mode, Modifier, Opcode, pack
from redcode.machine.batch import Batch
from redcode.machine.reference import Machine
from tests.battles import Measures

SIZE = 80
RULES = Rules(core_size=SIZE, max_processes=2, max_length=SIZE, min_distance=SIZE, pspace_size=3)
FIELDS = ((0, 0), (0, 1), (1, 0), (1, SIZE - 1), (SIZE - 1, 1), (3, 5))
"""A and B: the instruction itself, the cells beside it (across the end of the core as well), and cells further on."""
STEPS = {1: 2, 2: 3}
"""Cycles to play with so many processes: both meet the form."""
TWICE = Instruction(Opcode.SPL, Modifier.B, Mode.DIRECT, 1, Mode.DIRECT, 0)
packed = lru_cache(None)(pack)


def background() -> list[Instruction]:
    """A core full of instructions, so that it matters where an operand leads; most fields are -1, 0, 1 or 2."""
    rng = np.random.default_rng(94)
    near = (SIZE - 1, 0, 1, 2)
    return [
        Instruction(
            Opcode(rng.integers(len(Opcode))),
            Modifier(rng.integers(len(Modifier))),
            Mode(rng.integers(len(Mode))),
            int(rng.choice(near)) if rng.random() < 0.8 else int(rng.integers(SIZE)),
            Mode(rng.integers(len(Mode))),
            int(rng.choice(near)) if rng.random() < 0.8 else int(rng.integers(SIZE)),
        )
        for _ in range(SIZE)
    ]


def warriors(opcode: Opcode, processes: int) -> list[Warrior]:
    """A warrior for each form and each pair of fields: the form at address 0, before it one that splits."""
    rest = (*background()[1:-1], TWICE)
    return [
        Warrior((Instruction(opcode, modifier, a_mode, a, b_mode, b), *rest), start=0 if processes == 1 else SIZE - 1)
        for modifier, a_mode, b_mode, (a, b) in product(Modifier, Mode, Mode, FIELDS)
    ]


@pytest.mark.skipif(os.environ.get("NUMBA_DISABLE_JIT") == "1", reason="too slow uncompiled")
@pytest.mark.parametrize("processes", [1, 2])
@pytest.mark.parametrize("opcode", Opcode, ids=lambda opcode: opcode.name)
def test_every_form_of(opcode: Opcode, processes: int) -> None:
    pool = warriors(opcode, processes)
    measures = [Measures(1) for _ in pool]
    machines = [Machine(RULES, [warrior], [0], watch=watch) for warrior, watch in zip(pool, measures, strict=True)]
    rows, starts = np.arange(len(pool))[:, None], np.zeros((len(pool), 1), dtype=np.int64)
    for cycles in range(1, STEPS[processes] + 1):
        batch = Batch(pool, rows, starts, None, RULES, "all", False, True)
        batch.limits = batch.limits._replace(max_cycles=np.uint64(cycles))
        scratch = batch.scratch()
        state = scratch[0]
        for row, machine in enumerate(machines):
            machine.play_cycle("all")
            batch.run(scratch, row, row + 1)
            head, count = int(state.state[0]), int(state.state[1])
            queue = [int(state.queues[(head + place) % 2]) for place in range(count)]
            ours = state.core.tolist(), queue, state.pspace[1:].tolist()
            theirs = [packed(cell) for cell in machine.core], list(machine.queues[0]), machine.pspaces[0].cells[1:]
            assert ours == theirs, (cycles, str(pool[row].code[0]))
        for name in ("spawned", "executed", "read", "written", "covered"):
            counts = [watch.counts()[name][0] for watch in measures]
            assert getattr(batch.results, name)[:, 0].tolist() == counts, (cycles, name)
        alive = [cycles if machine.queues[0] else machine.death_cycle[0] for machine in machines]
        assert batch.results.deaths[:, 0].tolist() == alive


def test_all_forms_are_there() -> None:
    assert len({warrior.code[0][:3] + warrior.code[0][4:5] for op in Opcode for warrior in warriors(op, 1)}) == 18 * 448
