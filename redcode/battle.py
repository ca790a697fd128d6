"""Battles as arrays: ``fight`` for one match of several rounds, ``fight_batch`` for many independent battles."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from redcode.errors import BattleError
from redcode.isa import Opcode
from redcode.placement import alternating, check_room, seed_from_integer, series
from redcode.pspace import bank_of
from redcode.rules import ICWS94, MAX_WARRIORS, Rules
from redcode.warrior import Warrior

Stop = Literal["last", "all"]

CHUNK_INSTRUCTIONS = 4_000_000
"""Instructions that a thread fights, at most, before it looks whether it should stop: a few hundredths of a second."""


@dataclass(frozen=True)
class BattleResult:
    """What came of a batch. Columns are warriors, in the order in which they were given.

    A warrior that dies in cycle t (counted from 0) was alive for t cycles.
    """

    alive_share: NDArray[np.float64]
    """(battles, warriors) DRQ's fitness, N/T x sum over cycles of A_i / sum_j A_j (Kumar 2026 §4): 0 to N, an even
    share is 1. A survivor counts as alive to the last of ``max_cycles``, also where ``stop="last"`` ended earlier."""
    survived: NDArray[np.bool_]
    """(battles, warriors) True where the warrior had a process left at the end."""
    death_cycle: NDArray[np.int64]
    """(battles, warriors) cycle in which its last process died; ``max_cycles`` for survivors."""
    spawned: NDArray[np.int64]
    """(battles, warriors) processes that its SPL instructions added; a full queue adds none, the first is not counted."""
    covered: NDArray[np.int64]
    """(battles, warriors) distinct addresses it executed, read or wrote: the memory a warrior accesses, as the text of
    Kumar 2026 §4 has it. The published code counts ``executed`` only."""
    executed: NDArray[np.int64]
    """(battles, warriors) distinct addresses it executed."""
    read: NDArray[np.int64]
    """(battles, warriors) distinct addresses its operands looked into: pointers, and the cells they led to."""
    written: NDArray[np.int64]
    """(battles, warriors) distinct addresses it wrote, pointers that it stepped included."""
    cycles: NDArray[np.int64]
    """(battles,) cycles fought."""

    @property
    def wins(self) -> NDArray[np.int64]:
        """(warriors,) rounds that the warrior alone survived, as pMARS counts them."""
        alone = self.survived & (self.survived.sum(axis=1, keepdims=True) == 1)
        return np.asarray(np.sum(alone, axis=0, dtype=np.int64))

    @property
    def ties(self) -> NDArray[np.int64]:
        """(warriors,) rounds that the warrior survived with others."""
        shared = self.survived & (self.survived.sum(axis=1, keepdims=True) > 1)
        return np.asarray(np.sum(shared, axis=0, dtype=np.int64))

    @property
    def losses(self) -> NDArray[np.int64]:
        """(warriors,) rounds that the warrior did not survive."""
        return np.asarray(np.sum(~self.survived, axis=0, dtype=np.int64))

    def _repr_svg_(self) -> str:
        """A bar a warrior, for notebooks."""
        from redcode.drawing import result_svg  # drawing knows results, not the other way round

        return result_svg(self)


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
) -> BattleResult:
    """Fight one match: the same warriors over a number of rounds, p-space kept from round to round.

    Args:
        warriors: 1 to 64 warriors.
        rules: sizes and limits.
        battles: number of rounds; ignored where ``starts`` is given.
        seed: integer from which the start addresses are drawn as pMARS draws them.
        starts: (battles, warriors) integer load addresses, instead of drawn ones.
        first: (battles,) index of the warrior that moves first; None: they take turns, as in pMARS.
        stop: "last" ends a round when one warrior is left (the tournament rule), "all" when none is left (DRQ).
        threads: threads over rounds, None for one a core. Results do not depend on it.

    Raises:
        BattleError: warriors do not fit the rules, or addresses overlap.
    """
    if starts is None:
        check_room(len(warriors), rules)
        starts = series(len(warriors), rules, seed_from_integer(seed), battles)
    table = np.asarray(starts, dtype=np.int64)
    if first is None:
        first = alternating(len(table), len(warriors))
    entrants = np.broadcast_to(np.arange(len(warriors)), table.shape)
    keep_pspace = any(cell.opcode in (Opcode.LDP, Opcode.STP) for warrior in warriors for cell in warrior.code)
    return _fight(warriors, entrants, table, np.asarray(first), rules, stop, threads, keep_pspace)


def fight_batch(
    pool: Sequence[Warrior],
    entrants: ArrayLike,
    starts: ArrayLike,
    rules: Rules = ICWS94,
    *,
    stop: Stop = "last",
    threads: int | None = None,
) -> BattleResult:
    """Fight many independent battles; the columns of a row move in their order, p-space starts empty in each.

    Args:
        pool: the warriors that take part.
        entrants: (battles, warriors) integer indices into ``pool``.
        starts: (battles, warriors) integer load addresses.
        rules: sizes and limits.
        stop: "last" ends a battle when one warrior is left, "all" when none is left.
        threads: threads over battles, None for one a core. Results do not depend on it. Each needs about 0.2 MB beyond
            the results in a core of 8000 with two warriors.

    Raises:
        BattleError: shapes differ, an index or address is out of range, warriors do not fit the rules or overlap.
    """
    first = np.zeros(len(np.asarray(entrants)), dtype=np.int64)
    return _fight(pool, entrants, starts, first, rules, stop, threads, keep_pspace=False)


def _fight(
    pool: Sequence[Warrior],
    entrants: ArrayLike,
    starts: ArrayLike,
    first: NDArray[np.int64],
    rules: Rules,
    stop: Stop,
    threads: int | None,
    keep_pspace: bool,
) -> BattleResult:
    batch = _Batch(pool, np.asarray(entrants), np.asarray(starts), first, rules, stop, keep_pspace)
    battles, warriors = batch.entrants.shape
    instructions = rules.max_cycles * max(warriors, 1)
    workers = 1 if keep_pspace else min(threads or os.cpu_count() or 1, battles)
    chunk = max(1, min(CHUNK_INSTRUCTIONS // instructions, -(-battles // (workers * 4))))
    if workers * instructions < CHUNK_INSTRUCTIONS // 100:
        workers = 1
    bounds = [(low, min(low + chunk, battles)) for low in range(0, battles, chunk)]
    _run_chunks(batch, bounds, workers)
    return batch.result()


def _run_chunks(batch: _Batch, bounds: list[tuple[int, int]], workers: int) -> None:
    """Hand chunks to threads as they become free; Ctrl-C stops after the chunks under way."""
    if workers <= 1:
        arena = batch.arena()
        for low, high in bounds:
            batch.run(arena, low, high)
        return
    tickets = count()
    stopping = False

    def work() -> None:
        arena = batch.arena()
        while not stopping and (ticket := next(tickets)) < len(bounds):
            batch.run(arena, *bounds[ticket])

    with ThreadPoolExecutor(workers) as threads:
        try:
            for future in [threads.submit(work) for _ in range(workers)]:
                future.result()
        except BaseException:
            stopping = True
            raise


class _Batch:
    """The arrays of one batch, checked and packed as the kernel takes them."""

    def __init__(
        self,
        pool: Sequence[Warrior],
        entrants: NDArray[np.int64],
        starts: NDArray[np.int64],
        first: NDArray[np.int64],
        rules: Rules,
        stop: Stop,
        keep_pspace: bool,
    ) -> None:
        _check_pool(pool, rules)
        _check_tables(pool, entrants, starts, first, rules)
        if stop not in ("last", "all"):
            raise BattleError(f"expected stop to be 'last' or 'all', got {stop!r}")
        self.rules = rules
        self.entrants = np.ascontiguousarray(entrants, dtype=np.int64)
        self.starts = np.ascontiguousarray(starts, dtype=np.int64)
        self.first = np.ascontiguousarray(first, dtype=np.int64)
        self.keep_pspace = keep_pspace
        self.stop_at = np.uint64(1 if stop == "last" else 0)
        self.words = np.zeros((len(pool), max(len(warrior) for warrior in pool)), dtype=np.uint64)
        for row, warrior in zip(self.words, pool, strict=True):
            row[: len(warrior)] = warrior.words
        self.lengths = np.array([len(warrior) for warrior in pool], dtype=np.int64)
        self.entries = np.array([warrior.start for warrior in pool], dtype=np.uint64)
        self.banks = _banks(pool, self.entrants)
        shape = self.entrants.shape
        self.deaths = np.zeros(shape, dtype=np.uint64)
        self.spawned = np.zeros(shape, dtype=np.uint64)
        self.covered, self.executed, self.read, self.written = (np.zeros(shape, dtype=np.int64) for _ in range(4))
        self.cycles = np.zeros(shape[0], dtype=np.uint64)

    def arena(self) -> tuple[NDArray[np.generic], ...]:
        """Core, queues, marks and p-space for one thread; a match keeps its p-space in them from chunk to chunk."""
        rules, warriors = self.rules, self.entrants.shape[1]
        queue = 1 << (rules.max_processes - 1).bit_length()
        return (
            np.zeros(rules.core_size, dtype=np.uint64),
            np.zeros(warriors * queue, dtype=np.uint16),
            np.zeros(warriors, dtype=np.uint64),
            np.zeros(warriors, dtype=np.uint64),
            np.zeros(warriors, dtype=np.uint64),
            np.zeros(warriors * rules.core_size, dtype=np.uint8),
            np.zeros(warriors * rules.pspace_cells, dtype=np.uint64),
            np.full(warriors, rules.core_size - 1, dtype=np.uint64),
        )

    def run(self, arena: tuple[NDArray[np.generic], ...], low: int, high: int) -> None:
        """Fight battles ``low`` to ``high``, exclusive, and write their rows of the result."""
        from redcode.kernel import fight_range  # numba takes most of a second to import

        fight_range(
            self.words,
            self.lengths,
            self.entries,
            self.entrants,
            self.starts,
            self.first,
            self.banks,
            self.keep_pspace,
            low,
            high,
            np.uint64(self.rules.max_cycles),
            np.uint64(self.rules.max_processes),
            self.stop_at,
            *arena,
            self.deaths,
            self.spawned,
            self.covered,
            self.executed,
            self.read,
            self.written,
            self.cycles,
        )

    def result(self) -> BattleResult:
        """The result once every chunk has run."""
        deaths = self.deaths.astype(np.int64)
        return BattleResult(
            alive_share=alive_share(deaths, self.rules.max_cycles),
            survived=deaths == self.rules.max_cycles,
            death_cycle=deaths,
            spawned=self.spawned.astype(np.int64),
            covered=self.covered,
            executed=self.executed,
            read=self.read,
            written=self.written,
            cycles=self.cycles.astype(np.int64),
        )


def alive_share(death_cycle: NDArray[np.int64], max_cycles: int) -> NDArray[np.float64]:
    """Share of the battle's units that each warrior collects, from the cycles in which they died.

    With N warriors and T cycles, N units are handed out, N/T a cycle, shared evenly by those alive in that cycle:
    ``N/T x sum_t A_it / sum_j A_jt`` (Kumar 2026 §4). Takes and returns (battles, warriors).
    """
    battles, warriors = death_cycle.shape
    order = np.argsort(death_cycle, axis=1, kind="stable")
    ends = np.take_along_axis(death_cycle, order, axis=1)
    spans = np.diff(ends, axis=1, prepend=0)
    collected = np.cumsum(spans / np.arange(warriors, 0, -1), axis=1)
    shares = np.empty((battles, warriors))
    np.put_along_axis(shares, order, collected * (warriors / max_cycles), axis=1)
    return shares


def _banks(pool: Sequence[Warrior], entrants: NDArray[np.int64]) -> NDArray[np.uint64]:
    """(battles, warriors) column whose p-space each column uses: its own unless an earlier one has its PIN."""
    own = np.broadcast_to(np.arange(entrants.shape[1], dtype=np.uint64), entrants.shape)
    if all(warrior.pin is None for warrior in pool):
        return np.ascontiguousarray(own)
    return np.array([bank_of([pool[index] for index in row]) for row in entrants], dtype=np.uint64)


def _check_pool(pool: Sequence[Warrior], rules: Rules) -> None:
    if not pool:
        raise BattleError("expected at least one warrior, got none")
    for warrior in pool:
        if not 1 <= len(warrior) <= rules.max_length:
            raise BattleError(f"expected 1 to {rules.max_length} instructions, got {len(warrior)} in {warrior.name!r}")
        largest = max(max(cell.a, cell.b) for cell in warrior.code)
        if largest >= rules.core_size:
            raise BattleError(
                f"expected fields below the core size {rules.core_size}, got {largest} in {warrior.name!r}: "
                "assemble it under the rules of the battle"
            )


def _check_tables(
    pool: Sequence[Warrior],
    entrants: NDArray[np.int64],
    starts: NDArray[np.int64],
    first: NDArray[np.int64],
    rules: Rules,
) -> None:
    if entrants.ndim != 2 or entrants.shape != starts.shape or first.shape != entrants.shape[:1]:
        raise BattleError(
            "expected entrants and starts of one shape (battles, warriors) and first of shape (battles,), "
            f"got {entrants.shape}, {starts.shape} and {first.shape}"
        )
    for name, table, limit in (
        ("entrants", entrants, len(pool)),
        ("starts", starts, rules.core_size),
        ("first", first, entrants.shape[1]),
    ):
        if not np.issubdtype(table.dtype, np.integer) or (table.size and not 0 <= table.min() <= table.max() < limit):
            raise BattleError(f"expected {name} to be integers from 0 to {limit - 1}, got {_outlier(table, limit)}")
    if not 1 <= entrants.shape[1] <= MAX_WARRIORS:
        raise BattleError(f"expected 1 to {MAX_WARRIORS} warriors in a battle, got {entrants.shape[1]}")
    order = np.argsort(starts, axis=1)
    addresses = np.take_along_axis(starts, order, axis=1)
    lengths = np.array([len(warrior) for warrior in pool])[np.take_along_axis(entrants, order, axis=1)]
    gaps = np.roll(addresses, -1, axis=1) - addresses
    gaps[:, -1] += rules.core_size
    overlaps = np.argwhere(gaps < lengths)
    if len(overlaps):
        battle = overlaps[0, 0]
        raise BattleError(f"expected starts that leave room for every warrior, got {starts[battle].tolist()}")


def _outlier(table: NDArray[np.int64], limit: int) -> object:
    if not np.issubdtype(table.dtype, np.integer):
        return table.dtype
    return table[(table < 0) | (table >= limit)].flat[0]
