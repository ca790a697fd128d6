"""What an operator is: something that turns a request (kind, parents, opponents) into redcode text.

The loop decides everything else: it draws the kind and the parents, assembles the text, fights it and places it. An
operator therefore keeps no state between proposals on which a later proposal depends; all its randomness comes from
the request's own generator. That is what lets proposals overlap and a killed run come back exactly.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from drq.candidate import Elite, Kind
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
    """None for NEW, one for MUTATE, two for CROSSOVER (both may be the same elite)."""
    opponents: tuple[Opponent, ...]
    rules: Rules
    rng: np.random.Generator
    """Private to this proposal, derived from (seed, round, iteration): the only randomness an operator may use."""
    settled: int = 0
    """Proposals of this round, from the first on, whose results are inserted whatever the timing."""
    stop: StopSignal = field(default_factory=StopSignal)
    """What takes long looks at it between its steps."""
    opponent_shares: OpponentShares = _not_fought
    """Fights the whole battles of a parent; only for an operator that shows what the opponents come to."""


@dataclass(frozen=True)
class Proposal:
    """An operator's answer. A failure is a value: ``source`` is None and ``error`` says why."""

    operator: str
    """Name of the operator that wrote it; for a mixture, the one drawn."""
    source: str | None
    error: str | None = None
    warrior: Warrior | None = None
    """``source`` assembled, where the operator has done that already; the loop assembles it otherwise."""


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
        """For the display; None for an operator that calls no model."""

    async def propose(self, request: Request) -> Proposal:
        """Answer one request.

        Up to ``in_flight`` calls run at once. A bad or missing reply is a Proposal with an error, never an exception.

        Raises BudgetSpent when the budget does not allow this proposal, OperatorError when no proposal can succeed,
        and may raise Interrupted once ``request.stop`` is set.
        """

    async def close(self) -> None:
        """Release connections and child processes; called once, also after an error."""
