"""Battles as arrays: ``fight`` for one match of several rounds, ``fight_batch`` for many independent battles."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import numpy as np
from numpy.typing import ArrayLike

from redcode.errors import BattleError
from redcode.isa import Opcode
from redcode.machine.batch import Batch, as_table
from redcode.machine.placement import alternating, seed_from_integer, series
from redcode.machine.reference import Stop
from redcode.machine.result import BattleResult
from redcode.rules import ICWS94, Rules
from redcode.warrior import Warrior

__all__ = ["BattleResult", "Stop", "fight", "fight_batch"]

CHUNK_INSTRUCTIONS = 4_000_000
"""Instructions in what a thread takes at a time, if that is more than one battle: a few hundredths of a second."""


def fight(
    warriors: Sequence[Warrior],
    rules: Rules = ICWS94,
    *,
    battles: int | None = None,
    seed: int = 0,
    starts: ArrayLike | None = None,
    order: ArrayLike | None = None,
    stop: Stop = "last",
    threads: int | None = None,
    measures: bool = True,
    progress: Callable[[int], None] | None = None,
) -> BattleResult:
    """Fight one match: the same warriors over a number of rounds, p-space kept from round to round.

    Args:
        warriors: 1 to 64 warriors.
        rules: sizes and limits.
        battles: number of rounds, 1 unless ``starts`` has them.
        seed: integer, not negative, from which the start addresses are drawn as pMARS draws them.
        starts: (battles, warriors) integer load addresses, instead of drawn ones.
        order: (battles, warriors) indices of the warriors in the order in which they move; None: as given, and they
            take turns to move first, as in pMARS.
        stop: "last" ends a round when one warrior is left (the tournament rule), "all" when none is left (DRQ),
            "first" when the first of ``warriors`` is dead, wherever it comes in the order.
        threads: threads over rounds, None for one a processor that the process may use; results do not depend on it. A
            match in which p-space is used runs on one, since each round depends on the last.
        measures: False leaves out the counts of addresses, which take a sixth of the time.
        progress: told now and then, from any thread, how many rounds have been fought since it was told last.

    Raises:
        BattleError: warriors do not fit the rules, addresses overlap, or an argument is not what it should be.
    """
    if not warriors:
        raise BattleError("expected at least one warrior, got none")
    if starts is None:
        starts = series(len(warriors), rules, seed_from_integer(seed), 1 if battles is None else battles)
    elif battles is not None:
        raise BattleError("expected battles or starts, which say how many there are, got both")
    table = as_table("starts", starts)
    if table.shape[1:] != (len(warriors),):
        raise BattleError(f"expected starts of shape (battles, {len(warriors)}), got {table.shape}")
    if order is None:
        order = alternating(len(table), len(warriors))
    entrants = np.broadcast_to(np.arange(len(warriors)), table.shape)
    keep_pspace = any(cell.opcode in (Opcode.LDP, Opcode.STP) for warrior in warriors for cell in warrior.code)
    return _fight(warriors, entrants, table, order, rules, stop, threads, keep_pspace, measures, progress)


def fight_batch(
    pool: Sequence[Warrior],
    entrants: ArrayLike,
    starts: ArrayLike,
    rules: Rules = ICWS94,
    *,
    order: ArrayLike | None = None,
    stop: Stop = "last",
    threads: int | None = None,
    measures: bool = True,
) -> BattleResult:
    """Fight many independent battles; p-space starts empty in each.

    Args:
        pool: the warriors that take part.
        entrants: (battles, warriors) integer indices into ``pool``.
        starts: (battles, warriors) integer load addresses.
        rules: sizes and limits.
        order: (battles, warriors) columns in the order in which they move; None: as they stand. The result keeps the
            columns of ``entrants``, whatever the order.
        stop: "last" ends a battle when one warrior is left, "all" when none is left, "first" when the warrior in column
            0 is dead, wherever it comes in the order. All that is measured of that warrior is the same as with "all",
            in less time; others that live when it dies count as survivors, measured up to then.
        threads: threads over battles, None for one a processor that the process may use; results do not depend on it.
            Each needs about 0.3 MB beyond the results (core 8000, two warriors).
        measures: False leaves out the counts of addresses, which take a sixth of the time.

    Raises:
        BattleError: shapes differ, an index or address is out of range, warriors do not fit the rules or overlap.
    """
    return _fight(pool, entrants, starts, order, rules, stop, threads, False, measures)


def _fight(
    pool: Sequence[Warrior],
    entrants: ArrayLike,
    starts: ArrayLike,
    order: ArrayLike | None,
    rules: Rules,
    stop: Stop,
    threads: int | None,
    keep_pspace: bool,
    measures: bool,
    progress: Callable[[int], None] | None = None,
) -> BattleResult:
    if threads is None:
        threads = processors()
    elif isinstance(threads, bool) or not isinstance(threads, int) or threads < 1:
        raise BattleError(f"expected threads to be an integer, 1 or more, or None, got {threads!r}")
    batch = Batch(pool, entrants, starts, order, rules, stop, keep_pspace, measures)
    battles, warriors = batch.battles.entrants.shape
    instructions = rules.max_cycles * max(warriors, 1)
    workers = 1 if keep_pspace else max(1, min(threads, battles))
    if battles * instructions < CHUNK_INSTRUCTIONS // 100:  # starting a thread would take longer
        batch.run(batch.scratch(), 0, battles)
        return batch.result()
    chunk = max(1, min(CHUNK_INSTRUCTIONS // instructions, -(-battles // (workers * 4))))
    bounds = [(low, min(low + chunk, battles)) for low in range(0, battles, chunk)]
    _run_chunks(batch, bounds, workers, progress or (lambda _: None))
    return batch.result()


def processors() -> int:
    """Processors that this process may use: fewer than the machine has where it is tied to some of them."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _run_chunks(batch: Batch, bounds: list[tuple[int, int]], workers: int, progress: Callable[[int], None]) -> None:
    """Hand chunks to threads as they become free; Ctrl-C stops them at once."""
    tickets = count()

    def work() -> None:
        scratch = batch.scratch()
        while (ticket := next(tickets)) < len(bounds) and not batch.stopping[0]:
            low, high = bounds[ticket]
            batch.run(scratch, low, high)
            progress(high - low)

    with ThreadPoolExecutor(workers) as threads:
        try:
            for future in [threads.submit(work) for _ in range(workers)]:
                future.result()
        except BaseException:  # Ctrl-C above all: leaving the block waits for the threads
            batch.stop()
            raise
