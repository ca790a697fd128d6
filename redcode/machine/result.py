"""The result of a batch of battles, as arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, repr=False)
class BattleResult:
    """The result of a batch. Columns are the warriors in the given order.

    A warrior that dies in cycle t (counted from 0) was alive for t cycles. ``covered``, ``executed``, ``read`` and
    ``written`` are -1 where the caller did not ask for them.
    """

    alive_share: NDArray[np.float64]
    """(battles, warriors) DRQ's fitness, N/T x sum over cycles of A_i / sum_j A_j (Kumar 2026 §4): 0 to N; 1 is an even
    share. A survivor counts as alive for all ``max_cycles``, even if the battle ended earlier."""
    survived: NDArray[np.bool_]
    """(battles, warriors) True where the warrior had a process left at the end."""
    death_cycle: NDArray[np.int64]
    """(battles, warriors) cycle in which its last process died; ``max_cycles`` for survivors. A death after
    ``max_cycles``, where a round goes on as in pMARS, counts as one in the last of them."""
    spawned: NDArray[np.int64]
    """(battles, warriors) processes that its SPL instructions added; the first process is not counted, and a full queue
    adds none."""
    covered: NDArray[np.int64]
    """(battles, warriors) distinct addresses it executed, read or wrote. This is the memory coverage of the text of
    Kumar 2026 §4; the published code counts only ``executed``."""
    executed: NDArray[np.int64]
    """(battles, warriors) distinct addresses it executed."""
    read: NDArray[np.int64]
    """(battles, warriors) distinct addresses that its operands read: pointers, and the cells they lead to."""
    written: NDArray[np.int64]
    """(battles, warriors) distinct addresses it wrote, including pointers that it decremented or incremented."""
    cycles: NDArray[np.int64]
    """(battles,) cycles played."""

    @property
    def won(self) -> NDArray[np.bool_]:
        """(battles, warriors) True where only this warrior survived, as pMARS counts wins."""
        return np.asarray(self.survived & (self.survived.sum(axis=1, keepdims=True) == 1))

    @property
    def wins(self) -> NDArray[np.int64]:
        """(warriors,) rounds that only this warrior survived."""
        return np.asarray(np.sum(self.won, axis=0, dtype=np.int64))

    @property
    def ties(self) -> NDArray[np.int64]:
        """(warriors,) rounds that the warrior survived with others."""
        return np.asarray(np.sum(self.survived & ~self.won, axis=0, dtype=np.int64))

    @property
    def losses(self) -> NDArray[np.int64]:
        """(warriors,) rounds that the warrior did not survive."""
        return np.asarray(np.sum(~self.survived, axis=0, dtype=np.int64))

    def __repr__(self) -> str:
        counts = (f"{name}={getattr(self, name).tolist()}" for name in ("wins", "ties", "losses"))
        return f"BattleResult(battles={len(self.cycles)}, {', '.join(counts)})"

    def _repr_svg_(self) -> str:
        """One bar per warrior, for notebooks."""
        from redcode.pictures.drawing import result_svg  # drawing imports this file

        return result_svg(self)


def alive_share(death_cycle: NDArray[np.int64], max_cycles: int) -> NDArray[np.float64]:
    """The fitness that each warrior collects, from the cycles in which the warriors died.

    With N warriors and T cycles, each cycle gives N/T, which the warriors that are alive share evenly:
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
