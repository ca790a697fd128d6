"""One warrior of a run, on its way from the operator to the archive and the record."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from statistics import fmean

from redcode.warrior import Warrior

Cell = tuple[int, ...]
"""Index of a bin on each of the archive's axes."""


class Kind(StrEnum):
    """Where a candidate comes from."""

    SEED = "seed"
    """An opponent or past champion, offered to the archive before the round's first proposal; no operator is asked."""
    NEW = "new"
    """A brand-new warrior, from no parent."""
    MUTATE = "mutate"
    """A change of one parent."""
    CROSSOVER = "crossover"
    """A mixture of two parents."""


class InsertionStatus(StrEnum):
    """What the archive did with a candidate."""

    NEW = "new"
    """Its cell was empty."""
    IMPROVED = "improved"
    """It ranks above the elite of its cell, and has taken its place."""
    NOT_ADDED = "not added"
    """Its cell holds an elite that ranks at least as high."""


@dataclass(frozen=True)
class Insertion:
    """What the archive did with a candidate, and where."""

    cell: Cell
    status: InsertionStatus

    def __str__(self) -> str:
        return f"{self.status} in cell {self.cell}"


@dataclass(frozen=True)
class Evaluation:
    """What a candidate's battles showed; means over the round's placements."""

    fitness: float
    """Mean alive share (see ``drq.battles.scoring``), 0 to the number of warriors in a battle; an even share is 1."""
    survived: float
    """Share of its battles that it survived to the last cycle, 0 to 1."""
    descriptors: dict[str, float]
    """Every one of ``drq.descriptors`` by name, whichever of them the archive uses."""
    placement_fitness: tuple[float, ...]
    """Alive share in each placement; ``fitness`` is their mean."""


@dataclass(frozen=True)
class Candidate:
    """What was proposed at (round, iteration); each step of the loop adds what it finds, the store keeps it all."""

    id: int
    """Counts the candidates of a run from 1, in the order in which they are inserted; 0 until then."""
    round: int
    iteration: int
    """Counts the proposals of a round from 0; seeds come before, as -n … -1."""
    kind: Kind
    operator: str
    """Name of the operator that wrote it; empty for a seed."""
    parents: tuple[int, ...]
    """Ids of the candidates it was made from; for a seed that is a past champion, that champion's."""
    source: str | None
    """None when the operator had no warrior to give."""
    error: str | None = None
    """Why it could not fight: the operator's or the assembler's message; None for one that fought."""
    name: str | None = None
    """The warrior's own name; this and the next are None when there is no warrior."""
    digest: str | None = None
    duplicate_of: int | None = None
    """Id of the candidate of this round with the same code, whose evaluation it shares: it is not fought again."""
    evaluation: Evaluation | None = None
    """None for one that could not fight."""
    insertion: Insertion | None = None
    warrior: Warrior | None = field(default=None, compare=False)
    """The assembled text; None where it does not assemble, and where the candidate comes from the store."""

    @property
    def fitness(self) -> float | None:
        """That of the evaluation; None for one that could not fight."""
        return self.evaluation.fitness if self.evaluation else None

    def assembled(self, warrior: Warrior) -> Candidate:
        """The candidate with its warrior."""
        return replace(self, warrior=warrior, name=warrior.name, digest=warrior.digest)


@dataclass(frozen=True)
class Final:
    """What a finalist got in one heat of its round's finals."""

    heat: int
    """Counts from 0. In the last heat the champion is alone with the opponents."""
    candidate_id: int
    placement_fitness: tuple[float, ...]
    """Alive share in each of the heat's placements."""

    @property
    def fitness(self) -> float:
        """Mean alive share in this heat."""
        return fmean(self.placement_fitness)


@dataclass(frozen=True)
class Elite:
    """A candidate that has fought: what the archive keeps, what a parent is, and a champion."""

    id: int
    source: str
    """Its text as it was proposed, comments included."""
    warrior: Warrior
    evaluation: Evaluation
    rank: float
    """What selection compares, higher is better: the fitness, unless ``RunConfig.selection`` says otherwise."""

    @property
    def fitness(self) -> float:
        """Mean alive share over the placements, 0 to the number of warriors in the battle (Kumar 2026 §4)."""
        return self.evaluation.fitness
