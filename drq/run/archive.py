"""What a round keeps of its candidates, and where parents come from.

``Cells`` is the archive of MAP-Elites (Mouret & Clune 2015, arXiv 1504.04909): in each cell of behaviour, the fittest
seen there. ``Population`` has no cells: a newcomer takes the place of a member of lower rank (steady state).
Neither holds randomness or history of its own: the same additions give the same archive.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection
from copy import copy
from math import prod
from typing import Self

import numpy as np

from drq.candidate import Cell, Elite, Evaluation, InsertionStatus
from drq.config import ArchiveConfig


class Archive(ABC):
    """The elites, each at its place."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._cells: dict[Cell, Elite] = {}

    def __len__(self) -> int:
        """Number of filled places."""
        return len(self._cells)

    def snapshot(self) -> Self:
        """The archive as it stands, which later additions leave alone."""
        twin = copy(self)
        twin._cells = dict(self._cells)
        return twin

    @property
    def elites(self) -> Collection[Elite]:
        """All elites, in the order in which their places were first filled."""
        return self._cells.values()

    @property
    def coverage(self) -> float:
        """Share of the places that are filled, 0 to 1."""
        return len(self._cells) / self._size

    @property
    def has_parents(self) -> bool:
        """Whether there are enough elites to choose parents from."""
        return len(self._cells) > 0

    @abstractmethod
    def cell(self, evaluation: Evaluation, rng: np.random.Generator) -> Cell:
        """The place for which a candidate competes."""

    def rival(self, evaluation: Evaluation, rng: np.random.Generator) -> Elite | None:
        """Who holds the place for which a candidate competes; None while it is free."""
        return self._cells.get(self.cell(evaluation, rng))

    def status(self, rank: float, cell: Cell) -> InsertionStatus:
        """What ``add`` does with an elite of that rank."""
        resident = self._cells.get(cell)
        if resident is None:
            return InsertionStatus.NEW
        return InsertionStatus.IMPROVED if rank > resident.rank else InsertionStatus.NOT_ADDED

    def add(self, elite: Elite, cell: Cell) -> InsertionStatus:
        """Keep ``elite`` in ``cell`` if that is empty or holds one of lower rank."""
        status = self.status(elite.rank, cell)
        if status is not InsertionStatus.NOT_ADDED:
            self._cells[cell] = elite
        return status

    def sample(self, rng: np.random.Generator) -> Elite:
        """A parent; raises ValueError when there is none."""
        elites = list(self._cells.values())
        return elites[int(rng.integers(len(elites)))]


class Cells(Archive):
    """MAP-Elites: a candidate competes in the cell of its behaviour, and parents are drawn uniformly over the cells."""

    def __init__(self, config: ArchiveConfig) -> None:
        super().__init__(prod(len(config.bins[axis]) + 1 for axis in config.axes))
        self._config = config

    def cell(self, evaluation: Evaluation, rng: np.random.Generator) -> Cell:
        """The cell of the candidate's behaviour; ``rng`` is not used."""
        return self._config.cell_of(evaluation.descriptors)


class Population(Archive):
    """A fixed number of members. Both a parent and the member to be replaced win and lose against one other member."""

    @property
    def has_parents(self) -> bool:
        """Whether the population is full: until then all candidates are new warriors."""
        return len(self._cells) == self._size

    def cell(self, evaluation: Evaluation, rng: np.random.Generator) -> Cell:
        """The next free place, else that of the lower of two members."""
        if len(self._cells) < self._size:
            return (len(self._cells),)
        return min(self._two(rng), key=lambda cell: self._cells[cell].rank)

    def sample(self, rng: np.random.Generator) -> Elite:
        """The higher of two members."""
        return max((self._cells[cell] for cell in self._two(rng)), key=lambda elite: elite.rank)

    def _two(self, rng: np.random.Generator) -> list[Cell]:
        return [(int(place),) for place in rng.integers(len(self._cells), size=2)]


def empty_archive(config: ArchiveConfig) -> Archive:
    """The archive that ``config`` describes."""
    return Cells(config) if config.size is None else Population(config.size)
