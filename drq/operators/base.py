"""What an operator is: something that turns a request (kind, parents, opponents) into redcode text.

The loop decides everything else: it draws the kind and the parents, assembles the text, fights it and inserts it. A
proposal depends on its request alone, not on earlier proposals, and all randomness comes from the request's generator.
So proposals can overlap, and a killed run resumes exactly.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from drq.candidate import Candidate, Elite, Kind
from drq.llm.calls import Usage
from drq.opponents.names import Opponent
from drq.stop import StopSignal
from redcode.rules import Rules
from redcode.warrior import Warrior

OpponentShares = Callable[[Warrior], Awaitable[tuple[float, ...]]]
"""Mean alive share of each of a round's opponents, in their order, in the battles against a warrior."""


async def _not_fought(warrior: Warrior) -> tuple[float, ...]:
    return ()


@dataclass(frozen=True)
class Request:
    """One proposal to make."""

    round: int
    iteration: int
    """Counts the proposals of a round from 0; (round, iteration) identifies a proposal."""
    kind: Kind
    """NEW, MUTATE or CROSSOVER."""
    parents: tuple[Elite, ...]
    """Empty for NEW, one for MUTATE, two for CROSSOVER (both may be the same elite)."""
    opponents: tuple[Opponent, ...]
    rules: Rules
    rng: np.random.Generator
    """Private to this proposal, derived from (seed, round, iteration): the only randomness an operator may use."""
    attempts: Sequence[Candidate] = ()
    """The round's proposals that are inserted by now, in order, with what became of them: the first ones, whatever the
    timing."""
    stop: StopSignal = field(default_factory=StopSignal)
    """Long work checks it between its steps."""
    opponent_shares: OpponentShares = _not_fought
    """Fights a parent to the end of its battles; for an operator that shows how the opponents do."""

    @property
    def settled(self) -> int:
        """How many of the round's first proposals are inserted by now."""
        return len(self.attempts)


@dataclass(frozen=True)
class Proposal:
    """An operator's answer. A failure is a value: ``source`` is None and ``error`` says why."""

    operator: str
    """Name of the operator that wrote it; for a mixture, the one drawn."""
    source: str | None
    error: str | None = None
    warrior: Warrior | None = None
    """``source`` assembled; None leaves that to the loop."""


class Operator(Protocol):
    """A source of proposals."""

    @property
    def name(self) -> str:
        """Short name, as written to the store."""

    @property
    def in_flight(self) -> int:
        """The lag L ≥ 1: proposal i sees the archive as it stood after result i - L, so L may be under way at once."""

    @property
    def usage(self) -> Usage | None:
        """Totals of the model calls; None for an operator without a model."""

    async def propose(self, request: Request) -> Proposal:
        """Answer one request.

        Up to ``in_flight`` calls run at once. A bad or missing reply is a Proposal with an error, never an exception.

        Raises BudgetSpent when the budget does not allow this proposal, OperatorError when no proposal can succeed,
        and may raise Interrupted once ``request.stop`` is set.
        """

    async def close(self) -> None:
        """Release connections and child processes; called once, also after an error."""
