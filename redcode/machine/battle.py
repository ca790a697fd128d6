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
    battles: int = 1,
    seed: int = 0,
    starts: ArrayLike | None = None,
    first: ArrayLike | None = None,
    stop: Stop = "last",
    threads: int | None = None,
    measures: bool = True,
    progress: Callable[[int], None] | None = None,
) -> BattleResult:
    """Fight one match: the same warriors over a number of rounds, p-space kept from round to round.

    Args:
        warriors: 1 to 64 warriors.
        rules: sizes and limits.
        battles: number of rounds; ignored where ``starts`` is given.
        seed: integer, not negative, from which the start addresses are drawn as pMARS draws them.
        starts: (battles, warriors) integer load addresses, instead of drawn ones.
        first: (battles,) index of the warrior that moves first; None: they take turns, as in pMARS.
        stop: "last" ends a round when one warrior is left (the tournament rule), "all" when none is left (DRQ).
        threads: threads over rounds, None for one a core; results do not depend on it. A match in which p-space is
            used runs on one, since each round depends on the last.
        measures: False leaves out the counts of addresses, which take a sixth of the time.
        progress: told now and then, from any thread, how many rounds have been fought since it was told last.

    Raises:
        BattleError: warriors do not fit the rules, addresses overlap, or an argument is not what it should be.
    """
    if not warriors:
        raise BattleError("expected at least one warrior, got none")
    if starts is None:
        starts = series(len(warriors), rules, seed_from_integer(seed), battles)
    table = as_table("starts", starts)
    if table.shape[1:] != (len(warriors),):
        raise BattleError(f"expected starts of shape (battles, {len(warriors)}), got {table.shape}")
    if first is None:
        first = alternating(len(table), len(warriors))
    entrants = np.broadcast_to(np.arange(len(warriors)), table.shape)
    keep_pspace = any(cell.opcode in (Opcode.LDP, Opcode.STP) for warrior in warriors for cell in warrior.code)
    return _fight(warriors, entrants, table, first, rules, stop, threads, keep_pspace, measures, progress)


def fight_batch(
    pool: Sequence[Warrior],
    entrants: ArrayLike,
    starts: ArrayLike,
    rules: Rules = ICWS94,
    *,
    stop: Stop = "last",
    threads: int | None = None,
    measures: bool = True,
) -> BattleResult:
    """Fight many independent battles; the columns of a row move in their order, p-space starts empty in each.

    Args:
        pool: the warriors that take part.
        entrants: (battles, warriors) integer indices into ``pool``.
        starts: (battles, warriors) integer load addresses.
        rules: sizes and limits.
        stop: "last" ends a battle when one warrior is left, "all" when none is left.
        threads: threads over battles, None for one a core; results do not depend on it. Each needs about 0.3 MB beyond
            the results (core 8000, two warriors).
        measures: False leaves out the counts of addresses, which take a sixth of the time.

    Raises:
        BattleError: shapes differ, an index or address is out of range, warriors do not fit the rules or overlap.
    """
    table = as_table("entrants", entrants)
    first = np.zeros(table.shape[:1], dtype=np.int64)
    return _fight(pool, table, starts, first, rules, stop, threads, False, measures)


def _fight(
    pool: Sequence[Warrior],
    entrants: ArrayLike,
    starts: ArrayLike,
    first: ArrayLike,
    rules: Rules,
    stop: Stop,
    threads: int | None,
    keep_pspace: bool,
    measures: bool,
    progress: Callable[[int], None] | None = None,
) -> BattleResult:
    batch = Batch(pool, entrants, starts, first, rules, stop, keep_pspace, measures)
    battles, warriors = batch.entrants.shape
    instructions = rules.max_cycles * max(warriors, 1)
    workers = 1 if keep_pspace else max(1, min(threads or os.cpu_count() or 1, battles))
    if battles * instructions < CHUNK_INSTRUCTIONS // 100:  # starting a thread would take longer
        batch.run(batch.arena(), 0, battles)
        return batch.result()
    chunk = max(1, min(CHUNK_INSTRUCTIONS // instructions, -(-battles // (workers * 4))))
    bounds = [(low, min(low + chunk, battles)) for low in range(0, battles, chunk)]
    _run_chunks(batch, bounds, workers, progress or (lambda _: None))
    return batch.result()


def _run_chunks(batch: Batch, bounds: list[tuple[int, int]], workers: int, progress: Callable[[int], None]) -> None:
    """Hand chunks to threads as they become free; Ctrl-C stops them at once."""
    tickets = count()

    def work() -> None:
        arena = batch.arena()
        while (ticket := next(tickets)) < len(bounds) and not batch.stopping[0]:
            low, high = bounds[ticket]
            batch.run(arena, low, high)
            progress(high - low)

    with ThreadPoolExecutor(workers) as threads:
        try:
            for future in [threads.submit(work) for _ in range(workers)]:
                future.result()
        except BaseException:  # Ctrl-C above all: leaving the block waits for the threads
            batch.stop()
            raise
