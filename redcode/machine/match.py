"""A match on the reference interpreter, which is slow and knows limits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from redcode.machine.batch import Batch
from redcode.machine.events import Event, Spawned, Watcher, discard
from redcode.machine.pspace import new_pspaces
from redcode.machine.reference import Limits, Machine, Stop
from redcode.machine.result import BattleResult
from redcode.rules import Rules
from redcode.warrior import Warrior


def rounds_of_match(
    warriors: Sequence[Warrior],
    rules: Rules,
    starts: NDArray[np.int64],
    order: NDArray[np.int64],
    watch: Watcher = discard,
    limits: Limits | None = None,
) -> Iterator[Machine]:
    """The machine of each round, loaded; the caller runs it before it takes the next one.

    ``starts`` and ``order`` are (rounds, warriors), as in :func:`redcode.fight`. The warriors keep their p-space.
    """
    pspaces = new_pspaces(warriors, rules.pspace_cells, rules.core_size)
    for addresses, moves in zip(starts.tolist(), order.tolist(), strict=True):
        machine = Machine(rules, warriors, addresses, pspaces, watch, moves, limits)
        yield machine
        survivors = sum(1 for queue in machine.queues if queue)
        for pspace, queue in zip(pspaces, machine.queues, strict=True):
            pspace.last_result = survivors if queue else 0


def fight_with_limits(
    warriors: Sequence[Warrior],
    rules: Rules,
    limits: Limits,
    starts: NDArray[np.int64],
    order: NDArray[np.int64],
    stop: Stop = "last",
    progress: Callable[[int], None] = lambda rounds: None,
) -> BattleResult:
    """The result of a match under ``limits``, without measures; raises what :func:`redcode.fight` raises.

    ``starts`` and ``order`` are (rounds, warriors). ``progress`` is told after each round. A million instructions take
    about ten seconds.
    """
    entrants = np.broadcast_to(np.arange(len(warriors)), starts.shape)
    batch = Batch(warriors, entrants, starts, order, rules, stop, keep_pspace=True, measures=False)
    results = batch.results
    round = 0

    def note(event: Event) -> None:
        if isinstance(event, Spawned):
            results.spawned[round, event.warrior] += 1

    for round, machine in enumerate(rounds_of_match(warriors, rules, starts, order, note, limits)):
        machine.run(stop)
        results.deaths[round] = machine.death_cycle
        results.cycles[round] = machine.cycle
        progress(1)
    return batch.result()
