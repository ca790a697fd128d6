"""One warrior of a run, and what became of it. Plain values: the store writes them, the loop reads them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

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
    """It is fitter than the elite of its cell, and has taken its place."""
    NOT_ADDED = "not added"
    """Its cell holds an elite at least as fit."""


@dataclass(frozen=True)
class Candidate:
    """What was proposed at (round, iteration)."""

    id: int
    """Counts the candidates of a run from 1, in the order in which they were inserted."""
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
    error: str | None
    """Why it could not fight: the operator's or the assembler's message; None for one that fought."""
    name: str | None = None
    """The warrior's own name; this and the next are None when there is no warrior."""
    digest: str | None = None
    duplicate_of: int | None = None
    """Id of the candidate of this round with the same code, whose scores it shares: it was not fought again."""


@dataclass(frozen=True)
class Evaluation:
    """What a candidate's battles showed; means over the round's placements."""

    fitness: float
    """Mean alive share (see ``drq.battles.scoring``), 0 to the number of warriors in a battle; an even share is 1."""
    survived: float
    """Share of its battles at whose end it lived, 0 to 1."""
    cycles: float
    """Mean length of its battles."""
    descriptors: dict[str, float]
    """Every descriptor of ``drq.battles.descriptors`` by name, whichever of them the archive uses."""
    placement_fitness: tuple[float, ...]
    """Alive share in each placement; ``fitness`` is their mean."""
    opponent_shares: tuple[float, ...]
    """Mean alive share of each opponent in the battles against this candidate."""


@dataclass(frozen=True)
class Elite:
    """What the archive keeps of a candidate; its text stays in the store."""

    id: int
    digest: str
    fitness: float


@dataclass(frozen=True)
class Insertion:
    """What the archive did with an evaluated candidate, and where."""

    elite: Elite
    cell: Cell
    status: InsertionStatus


@dataclass(frozen=True)
class Record:
    """The part of a stored candidate that the loop needs to go on: small, so that a long run can be walked again."""

    id: int
    iteration: int
    insertion: Insertion | None
    """None for a candidate that could not fight."""
