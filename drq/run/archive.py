"""The MAP-Elites archive (Mouret & Clune 2015, arXiv 1504.04909): in each cell of behaviour, the fittest seen there."""

from __future__ import annotations

from math import prod

import numpy as np

from drq.candidate import Cell, Elite, InsertionStatus
from drq.config import ArchiveConfig


class Archive:
    """Cells filled with elites. It holds no randomness and no history: the same additions give the same archive."""

    def __init__(self, config: ArchiveConfig) -> None:
        self._size = prod(len(config.bins[axis]) + 1 for axis in config.axes)
        self._cells: dict[Cell, Elite] = {}

    def __len__(self) -> int:
        """Number of filled cells."""
        return len(self._cells)

    @property
    def coverage(self) -> float:
        """Share of the cells that are filled, 0 to 1."""
        return len(self._cells) / self._size

    def status(self, rank: float, cell: Cell) -> InsertionStatus:
        """What ``add`` does with an elite of that rank."""
        resident = self._cells.get(cell)
        if resident is None:
            return InsertionStatus.NEW
        return InsertionStatus.IMPROVED if rank > resident.rank else InsertionStatus.NOT_ADDED

    def add(self, elite: Elite, cell: Cell) -> InsertionStatus:
        """Keep ``elite`` in ``cell`` if that is empty or holds one of a lower rank."""
        status = self.status(elite.rank, cell)
        if status is not InsertionStatus.NOT_ADDED:
            self._cells[cell] = elite
        return status

    def sample(self, rng: np.random.Generator) -> Elite:
        """An elite drawn uniformly over the filled cells; raises ValueError when there is none."""
        elites = list(self._cells.values())
        return elites[int(rng.integers(len(elites)))]
