"""One batch of battles: checked, packed for the kernel, and fought in ranges of rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from redcode.errors import BattleError
from redcode.machine import reference
from redcode.machine.pspace import bank_of
from redcode.machine.reference import Stop
from redcode.machine.result import BattleResult, alive_share
from redcode.rules import MAX_WARRIORS, Rules
from redcode.warrior import Warrior

if TYPE_CHECKING:
    from redcode.machine.kernel import Machine, Marks

    Scratch = tuple[Machine, Machine, Marks]

Measures = bool | Literal["first"]
"""Whose addresses are counted: all warriors', nobody's, or only those of the warrior in column 0."""


class Batch:
    """The arrays of one batch, checked and packed for the kernel."""

    def __init__(
        self,
        pool: Sequence[Warrior],
        entrants: ArrayLike,
        starts: ArrayLike,
        order: ArrayLike | None,
        rules: Rules,
        stop: Stop,
        keep_pspace: bool,
        measures: Measures,
    ) -> None:
        _check_pool(pool, rules)
        who, where, turns = _checked_tables(pool, entrants, starts, order, rules)
        if stop not in get_args(Stop):
            raise BattleError(f"expected stop to be 'last', 'all' or 'first', got {stop!r}")
        if measures not in (True, False, "first"):
            raise BattleError(f"expected measures to be True, False or 'first', got {measures!r}")
        from redcode.machine import kernel  # numba takes most of a second to import

        self.kernel, self.rules = kernel, rules
        self.measured = {True: who.shape[1], False: 0, "first": 1}[measures]
        words = np.zeros((len(pool), max(len(warrior) for warrior in pool)), dtype=np.uint64)
        for row, warrior in zip(words, pool, strict=True):
            row[: len(warrior)] = warrior.words
        lengths = np.array([len(warrior) for warrior in pool], dtype=np.int64)
        self.pool = kernel.Pool(words, lengths, np.array([warrior.start for warrior in pool], dtype=np.uint64))
        self.battles = kernel.Battles(who, where, turns, _banks(pool, who), keep_pspace)
        self.limits = kernel.Limits(
            np.uint64(rules.max_cycles),
            np.uint64(rules.max_processes),
            stop_at=np.uint64(1 if stop == "last" and who.shape[1] > 1 else 0),  # one alone plays on
            watched=np.uint64(0) if stop == "first" else kernel.NOBODY,
            overtime=np.uint64(reference.OVERTIME),
        )
        deaths, spawned = (np.zeros(who.shape, dtype=np.uint64) for _ in range(2))
        measured = (len(who), self.measured)
        covered, executed, read, written = (np.zeros(measured, dtype=np.int64) for _ in range(4))
        self.results = kernel.Results(
            deaths, spawned, covered, executed, read, written, cycles=np.zeros(len(who), dtype=np.uint64)
        )
        self.stopping = np.zeros(1, dtype=np.uint16)

    def scratch(self) -> Scratch:
        """Memory for one thread: a machine, a second one for a copy of its state, and marks.

        Between chunks it keeps the p-space of a match.
        """
        rules, warriors = self.rules, self.battles.entrants.shape[1]
        queue = 1 << (rules.max_processes - 1).bit_length()

        def machine() -> Machine:
            core = np.zeros(rules.core_size, dtype=np.uint64)
            queues = np.zeros(warriors * queue, dtype=np.uint16)
            state = np.full(warriors * int(self.kernel.SLOT), rules.core_size - 1, dtype=np.uint64)
            pspace = np.zeros(warriors * rules.pspace_cells, dtype=np.uint64)
            memory: Machine = self.kernel.Machine(core, core.view(np.uint16), queues, state, pspace)
            return memory

        rows = min(self.measured + 1, warriors)
        return machine(), machine(), np.zeros(rows * rules.core_size, dtype=np.uint8) if self.measured else None

    def run(self, scratch: Scratch, low: int, high: int) -> None:
        """Fight battles ``low`` to ``high``, exclusive, and write their rows of the result."""
        tables = self.pool, self.battles, self.limits, *scratch, self.results, self.stopping
        self.kernel.fight_range(*tables, low, high)

    def stop(self) -> None:
        """Make all threads leave their battles."""
        self.stopping[0] = 1

    def result(self) -> BattleResult:
        """The result, after every chunk has run."""
        counts = {name: array.astype(np.int64) for name, array in self.results._asdict().items()}
        deaths = counts.pop("deaths")
        unmeasured = ((0, 0), (0, deaths.shape[1] - self.measured))
        for name in ("covered", "executed", "read", "written"):
            counts[name] = np.pad(counts[name], unmeasured, constant_values=-1)
        return BattleResult(
            alive_share=alive_share(deaths, self.rules.max_cycles),
            survived=deaths == self.rules.max_cycles,
            death_cycle=deaths,
            **counts,
        )


def _banks(pool: Sequence[Warrior], entrants: NDArray[np.int64]) -> NDArray[np.uint64]:
    """(battles, warriors) column whose p-space each column uses: its own, or that of an earlier one with its PIN."""
    own = np.broadcast_to(np.arange(entrants.shape[1], dtype=np.uint64), entrants.shape)
    if all(warrior.pin is None for warrior in pool):
        return np.ascontiguousarray(own)
    banks = [bank_of([pool[index] for index in row]) for row in entrants]
    return np.array(banks, dtype=np.uint64).reshape(entrants.shape)


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


def as_table(name: str, values: ArrayLike) -> NDArray[Any]:
    """``values`` as an array of any type; raises BattleError if the rows differ in length."""
    try:
        return np.asarray(values)
    except ValueError:
        raise BattleError(f"expected {name} to be rows of one length, got {values!r:.60}") from None


def _checked_tables(
    pool: Sequence[Warrior], entrants: ArrayLike, starts: ArrayLike, order: ArrayLike | None, rules: Rules
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """The three tables as (battles, warriors) int64; without ``order``, column 0 moves first."""
    who, where = as_table("entrants", entrants), as_table("starts", starts)
    turns = who if order is None else as_table("order", order)
    if who.ndim != 2 or not who.shape == where.shape == turns.shape:
        raise BattleError(
            "expected entrants, starts and order of one shape (battles, warriors), "
            f"got {who.shape}, {where.shape} and {turns.shape}"
        )
    columns = np.arange(who.shape[1])
    if not 1 <= len(columns) <= MAX_WARRIORS:
        raise BattleError(f"expected 1 to {MAX_WARRIORS} warriors in a battle, got {len(columns)}")
    if order is None:
        turns = np.broadcast_to(columns, who.shape)
    who, where = _integers("entrants", who, len(pool)), _integers("starts", where, rules.core_size)
    turns = _integers("order", turns, len(columns))
    repeating = turns[(np.sort(turns, axis=1) != columns).any(axis=1)]
    if len(repeating):
        raise BattleError(f"expected every row of order to hold each column once, got {repeating[0].tolist()}")
    _check_overlaps(pool, who, where, rules)
    return who, where, turns


def _integers(name: str, table: NDArray[Any], limit: int) -> NDArray[np.int64]:
    """The table as int64; raises BattleError unless it holds integers from 0 to ``limit`` - 1."""
    outlier: object = table.dtype
    if np.issubdtype(table.dtype, np.integer):
        outliers = table[(table < 0) | (table >= limit)]
        if not outliers.size:
            return np.ascontiguousarray(table, dtype=np.int64)
        outlier = outliers[0]
    raise BattleError(f"expected {name} to be integers from 0 to {limit - 1}, got {outlier}")


def _check_overlaps(
    pool: Sequence[Warrior], entrants: NDArray[np.int64], starts: NDArray[np.int64], rules: Rules
) -> None:
    order = np.argsort(starts, axis=1)
    addresses = np.take_along_axis(starts, order, axis=1)
    lengths = np.array([len(warrior) for warrior in pool])[np.take_along_axis(entrants, order, axis=1)]
    gaps = np.roll(addresses, -1, axis=1) - addresses
    gaps[:, -1] += rules.core_size
    overlaps = np.argwhere(gaps < lengths)
    if len(overlaps):
        battle = overlaps[0, 0]
        raise BattleError(f"expected starts that leave room for every warrior, got {starts[battle].tolist()}")
