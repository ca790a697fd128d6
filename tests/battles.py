"""Battles for tests: any warriors in a small core, and what both interpreters make of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import get_args

import numpy as np
from hypothesis import strategies as st

from redcode.isa import Instruction, unpack
from redcode.machine.batch import Batch
from redcode.machine.events import Event, Executed, Read, Spawned, Wrote
from redcode.machine.reference import Machine, Stop
from redcode.rules import Rules
from redcode.warrior import Warrior
from tests.strategies import warriors


@dataclass(frozen=True)
class Battle:
    """One battle to be fought twice."""

    rules: Rules
    warriors: tuple[Warrior, ...]
    starts: tuple[int, ...]
    order: tuple[int, ...]
    stop: Stop


@st.composite
def battles(draw: st.DrawFn, max_warriors: int = 4, core_sizes: Sequence[int] = (80, 81, 97, 128)) -> Battle:
    """One to four random warriors of up to ten instructions, evenly spread, under random limits."""
    rules = Rules(
        core_size=draw(st.sampled_from(core_sizes)),
        max_cycles=draw(st.integers(1, 60)),
        max_processes=draw(st.integers(1, 12)),
        max_length=10,
        min_distance=10,
        pspace_size=draw(st.integers(1, 9)),
    )
    fighters = draw(st.lists(warriors(rules, 10), min_size=1, max_size=max_warriors))
    first = draw(st.integers(0, rules.core_size - 1))
    spacing = rules.core_size // len(fighters)
    starts = tuple((first + index * spacing) % rules.core_size for index in range(len(fighters)))
    order = tuple(draw(st.permutations(range(len(fighters)))))
    return Battle(rules, tuple(fighters), starts, order, draw(st.sampled_from(get_args(Stop))))


class Measures:
    """Hears the events of a battle and keeps what the kernel measures: the definition of each measure."""

    def __init__(self, warriors: int) -> None:
        self.spawned = [0] * warriors
        self.executed: list[set[int]] = [set() for _ in range(warriors)]
        self.read: list[set[int]] = [set() for _ in range(warriors)]
        self.written: list[set[int]] = [set() for _ in range(warriors)]

    def __call__(self, event: Event) -> None:
        if isinstance(event, Spawned):
            self.spawned[event.warrior] += 1
        elif isinstance(event, Executed):
            self.executed[event.warrior].add(event.address)
        elif isinstance(event, Read):
            self.read[event.warrior].add(event.address)
        elif isinstance(event, Wrote):
            self.written[event.warrior].add(event.address)

    def counts(self) -> dict[str, list[int]]:
        """The measures under their names in a result."""
        covered = [set().union(*seen) for seen in zip(self.executed, self.read, self.written, strict=True)]
        sets = {"executed": self.executed, "read": self.read, "written": self.written, "covered": covered}
        return {"spawned": self.spawned} | {name: [len(seen) for seen in column] for name, column in sets.items()}


@dataclass(frozen=True)
class Outcome:
    """The whole machine after a battle, and what was measured."""

    core: list[Instruction]
    queues: list[list[int]]
    pspaces: list[tuple[list[int], int]]
    cycles: int
    deaths: list[int]
    spawned: list[int]
    executed: list[int]
    read: list[int]
    written: list[int]
    covered: list[int]


def by_reference(battle: Battle, cycles: int) -> Outcome:
    """Fight with the readable interpreter."""
    measures = Measures(len(battle.warriors))
    rules = replace(battle.rules, max_cycles=cycles)
    machine = Machine(rules, battle.warriors, battle.starts, watch=measures, order=battle.order)
    machine.run(battle.stop)
    living = len(machine.living)
    results = [living if queue else 0 for queue in machine.queues]
    return Outcome(
        core=machine.core,
        queues=[list(queue) for queue in machine.queues],
        pspaces=[(pspace.cells[1:], result) for pspace, result in zip(machine.pspaces, results, strict=True)],
        cycles=machine.cycle,
        deaths=machine.death_cycle,
        **measures.counts(),
    )


def by_kernel(battle: Battle, cycles: int) -> Outcome:
    """Fight with the compiled interpreter, and read the state that it leaves in its scratch."""
    rules, count = replace(battle.rules, max_cycles=cycles), len(battle.warriors)
    batch = Batch(battle.warriors, [range(count)], [battle.starts], [battle.order], rules, battle.stop, False, True)
    scratch = batch.scratch()
    batch.run(scratch, 0, 1)
    core, _, queues, state, pspace = (np.asarray(array).astype(np.int64) for array in scratch[0])
    size = len(queues) // count
    rows = state.reshape(count, -1)
    cells = pspace.reshape(count, rules.pspace_cells)
    result = batch.result()
    return Outcome(
        core=[unpack(int(word)) for word in core],
        queues=[
            [int(queues[size * index + (row[0] + place) % size]) for place in range(row[1])]
            for index, row in enumerate(rows)
        ],
        pspaces=[(cells[batch.battles.banks[0, index]][1:].tolist(), int(row[6])) for index, row in enumerate(rows)],
        cycles=int(result.cycles[0]),
        deaths=result.death_cycle[0].tolist(),
        **{name: getattr(result, name)[0].tolist() for name in ("spawned", "executed", "read", "written", "covered")},
    )
