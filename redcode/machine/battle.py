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
from redcode.machine.batch import Batch, Measures, as_table
from redcode.machine.placement import alternating, seed_from_integer, series
from redcode.machine.reference import Stop
from redcode.machine.result import BattleResult
from redcode.rules import ICWS94, Rules
from redcode.warrior import Warrior

__all__ = ["BattleResult", "Stop", "fight", "fight_batch"]

CHUNK_INSTRUCTIONS = 4_000_000
"""Instructions in the battles that a thread takes at a time: a few hundredths of a second. One battle may have more."""


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
    measures: Measures = True,
    progress: Callable[[int], None] | None = None,
) -> BattleResult:
    """Fight one match: the same warriors in a number of rounds. They keep their p-space from round to round.

    Args:
        warriors: 1 to 64 warriors.
        rules: sizes and limits.
        battles: number of rounds; 1 by default. ``starts`` replaces it.
        seed: integer of at least 0; the start addresses follow from it as in pMARS.
        starts: (battles, warriors) integer load addresses, instead of those from ``seed``.
        order: (battles, warriors) indices of the warriors in the order in which they move; None means the given order,
            in which the warriors take turns to move first, as in pMARS.
        stop: "last" ends a round when one warrior is left (the tournament rule), "all" when all are dead (DRQ),
            "first" when the first of ``warriors`` is dead, wherever it stands in the order. With "last" and three or
            more warriors, deaths shorten the last cycle, as in pMARS (docs/syntax.md).
        threads: number of threads; None means one per processor that the process may use. Results do not depend on it.
            A match with p-space runs on one thread, because each round depends on the one before.
        measures: False leaves out the counts of addresses, which take a sixth of the time; "first" counts only those of
            the warrior in column 0.
        progress: told now and then, from any thread, how many rounds have been fought since the last call.

    Raises:
        BattleError: the warriors do not fit the rules, addresses overlap, or an argument has a wrong type or value.
    """
    if not warriors:
        raise BattleError("expected at least one warrior, got none")
    if starts is None:
        starts = series(len(warriors), rules, seed_from_integer(seed), 1 if battles is None else battles)
    elif battles is not None:
        raise BattleError("expected battles or starts, got both: the rows of starts are the battles")
    table = as_table("starts", starts)
    if table.shape[1:] != (len(warriors),):
        raise BattleError(f"expected starts of shape (battles, {len(warriors)}), got {table.shape}")
    if order is None:
        order = alternating(len(table), len(warriors))
    entrants = np.broadcast_to(np.arange(len(warriors)), table.shape)
    keep_pspace = any(cell.opcode in (Opcode.LDP, Opcode.STP) for warrior in warriors for cell in warrior.code)
    batch = Batch(warriors, entrants, table, order, rules, stop, keep_pspace, measures)
    return _fight(batch, threads, progress)


def fight_batch(
    pool: Sequence[Warrior],
    entrants: ArrayLike,
    starts: ArrayLike,
    rules: Rules = ICWS94,
    *,
    order: ArrayLike | None = None,
    stop: Stop = "last",
    threads: int | None = None,
    measures: Measures = True,
) -> BattleResult:
    """Fight many independent battles; p-space starts empty in each.

    Args:
        pool: the warriors that take part.
        entrants: (battles, warriors) integer indices into ``pool``.
        starts: (battles, warriors) integer load addresses.
        rules: sizes and limits.
        order: (battles, warriors) columns in the order in which they move; None means that column 0 moves first. The
            result has the columns of ``entrants`` in any case.
        stop: "last" ends a battle when one warrior is left, "all" when all are dead, "first" when the warrior in column
            0 is dead, wherever it stands in the order. "first" measures that warrior exactly as "all" does, in less
            time. The others that are alive at that moment count as survivors and are measured up to then.
        threads: number of threads; None means one per processor that the process may use. Results do not depend on it.
            Each thread needs about 0.3 MB beyond the results (core 8000, two warriors).
        measures: False leaves out the counts of addresses, which take a sixth of the time; "first" counts only those of
            the warrior in column 0.

    Raises:
        BattleError: shapes differ, an index or address is out of range, or warriors do not fit the rules or overlap.
    """
    return _fight(Batch(pool, entrants, starts, order, rules, stop, False, measures), threads, None)


def _fight(batch: Batch, threads: int | None, progress: Callable[[int], None] | None) -> BattleResult:
    if threads is None:
        threads = processors()
    elif isinstance(threads, bool) or not isinstance(threads, int) or threads < 1:
        raise BattleError(f"expected threads to be an integer, 1 or more, or None, got {threads!r}")
    battles, warriors = batch.battles.entrants.shape
    instructions = batch.rules.max_cycles * warriors
    workers = 1 if batch.battles.keep_pspace else max(1, min(threads, battles))
    if battles * instructions < CHUNK_INSTRUCTIONS // 100:  # starting a thread would take longer
        batch.run(batch.scratch(), 0, battles)
        return batch.result()
    chunk = max(1, min(CHUNK_INSTRUCTIONS // instructions, -(-battles // (workers * 4))))
    bounds = [(low, min(low + chunk, battles)) for low in range(0, battles, chunk)]
    _run_chunks(batch, bounds, workers, progress or (lambda _: None))
    return batch.result()


def processors() -> int:
    """Number of processors that this process may use, which may be fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _run_chunks(batch: Batch, bounds: list[tuple[int, int]], workers: int, progress: Callable[[int], None]) -> None:
    """Give each free thread the next chunk; Ctrl-C stops all threads at once."""
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
        except BaseException:  # above all Ctrl-C, because leaving the block waits for the threads
            batch.stop()
            raise
