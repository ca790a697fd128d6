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

    def add(self, elite: Elite, cell: Cell) -> InsertionStatus:
        """Keep ``elite`` in ``cell`` if that is empty or holds a less fit one."""
        resident = self._cells.get(cell)
        if resident is not None and elite.fitness <= resident.fitness:
            return InsertionStatus.NOT_ADDED
        self._cells[cell] = elite
        return InsertionStatus.NEW if resident is None else InsertionStatus.IMPROVED

    def sample(self, rng: np.random.Generator) -> Elite:
        """An elite drawn uniformly over the filled cells; raises ValueError when there is none."""
        elites = list(self._cells.values())
        return elites[int(rng.integers(len(elites)))]
