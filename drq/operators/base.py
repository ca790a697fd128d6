"""What an operator is: something that turns a request (kind, parents, opponents) into redcode text.

The loop decides everything else: it draws the kind and the parents, assembles the text, fights it and places it. An
operator therefore keeps no state between proposals on which a later proposal depends; all its randomness comes from
the request's own generator. That is what lets proposals overlap and a killed run come back exactly.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from drq.candidate import Kind
from redcode.rules import Rules
from redcode.warrior import Warrior


class Interrupted(Exception):  # noqa: N818 - a request, not a fault
    """The run is to end and what was asked for is not begun or not tried again; the run can go on from here."""


class StopSignal:
    """Set when the run is to end: by Ctrl-C, or by an error that ends it.

    No proposal is begun after that, no request sent and none tried again; what is under way may come home.
    """

    def __init__(self) -> None:
        self._event = asyncio.Event()

    @property
    def requested(self) -> bool:
        """Whether it is set."""
        return self._event.is_set()

    def request(self) -> None:
        """Set it, for good."""
        self._event.set()

    async def within(self, seconds: float) -> bool:
        """Sleep, but no longer than until it is set; returns whether it is."""
        try:
            async with asyncio.timeout(seconds):
                await self._event.wait()
        except TimeoutError:
            return False
        return True


@dataclass(frozen=True)
class Parent:
    """An elite of the archive, chosen to be changed."""

    id: int
    """The candidate's id in the run's store."""
    source: str
    """Its text as it was proposed, comments included."""
    warrior: Warrior
    fitness: float
    """Mean alive share over the placements, 0 to the number of warriors in the battle (Kumar 2026 §4)."""
    opponent_shares: tuple[float, ...]
    """Mean alive share of each of the request's opponents, in their order, in the battles against this parent."""


@dataclass(frozen=True)
class Opponent:
    """A warrior that every candidate of the round fights."""

    warrior: Warrior
    source: str


@dataclass(frozen=True)
class Request:
    """One proposal to make."""

    round: int
    iteration: int
    """Counts the proposals of a round from 0; (round, iteration) names a proposal for ever."""
    kind: Kind
    """NEW, MUTATE or CROSSOVER."""
    parents: tuple[Parent, ...]
    """None for NEW, one for MUTATE, two for CROSSOVER (both may be the same elite)."""
    opponents: tuple[Opponent, ...]
    rules: Rules
    rng: np.random.Generator
    """Private to this proposal, derived from (seed, round, iteration): the only randomness an operator may use."""
    stop: StopSignal = field(default_factory=StopSignal)
    """What takes long looks at it between its steps."""


@dataclass(frozen=True)
class Proposal:
    """An operator's answer. A failure is a value: ``source`` is None and ``error`` says why."""

    operator: str
    """Name of the operator that wrote it; for a mixture, the one drawn."""
    source: str | None
    error: str | None = None


@dataclass(frozen=True)
class Amount:
    """So much of each thing that a budget bounds."""

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float = 0.0

    @property
    def tokens(self) -> int:
        """Input and output together."""
        return self.input_tokens + self.output_tokens

    def __add__(self, other: Amount) -> Amount:
        """Sum, field by field."""
        return Amount(
            self.calls + other.calls,
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            self.cost + other.cost,
        )

    def times(self, n: int) -> Amount:
        """``n`` of it."""
        return Amount(self.calls * n, self.input_tokens * n, self.output_tokens * n, self.cost * n)


NOTHING = Amount()


@dataclass(frozen=True)
class Usage:
    """What the operator's model calls have come to, over the whole life of the run.

    Tokens and cost include what requests without a reply on record may have come to.
    """

    in_flight: int = 0
    done: int = 0
    """Calls recorded, failed ones included."""
    failed: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float = 0.0
    """In the currency of the configured prices; 0 where none are given."""
    lost: int = 0
    """Calls that were sent and are not on record, because their process was killed."""
    trouble: str | None = None
    """What went wrong with the last request, if it went wrong."""


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


@dataclass(frozen=True)
class Call:
    """One exchange with a model, whole: from this row alone the reply can be used again.

    (round, iteration, turn) is its key: turn 0 asks for the warrior, turn 1 for a repair, and so on.
    """

    round: int
    iteration: int
    turn: int
    requested_model: str
    resolved_model: str | None
    """The model that the server says answered."""
    system_hash: str
    """SHA-256 of the system prompt, in hexadecimal; its text is in the table ``prompts``."""
    messages: str
    """The messages after the system prompt, as JSON."""
    options: str
    """Temperature, max_tokens, grammar's hash, …, as JSON."""
    reply: str | None
    """The text, bounded by the operator; None when the call failed."""
    finish_reason: str | None
    error: str | None
    input_tokens: int | None
    output_tokens: int | None
    cost: float | None
    """Of the attempt that was answered; 0 where none was."""
    attempts: int
    """HTTP requests made for this call, the last one included. Depends on timing, as do the next two."""
    started_at: float
    """Seconds since the epoch."""
    duration_s: float
    """From the first attempt to the end, waits included."""


class CallLog(Protocol):
    """The memory of model calls: what is found here is used again instead of being paid for again."""

    def find(self, round: int, iteration: int, turn: int) -> Call | None:
        """The recorded call, failed ones included, or None if it was never made."""

    def reserve(self, round: int, iteration: int, turn: int, most: Amount) -> int:
        """Put on disk, before a call is sent, what it can come to; counts as spent for good unless it is changed.

        Returns the number of the reservation.
        """

    def amend(self, reservation: int, amount: Amount) -> None:
        """Change a reservation to ``amount``; where that is nothing it is gone."""

    def add(self, call: Call, system_prompt: str, reservation: int | None = None, lost: Amount = NOTHING) -> None:
        """Record a call; it is on disk when this returns. ``system_prompt`` is kept once, under its hash.

        At the same instant the call's reservation becomes what attempts without a reply may have come to.
        """

    def usage(self) -> Usage:
        """Totals over calls and reservations (``in_flight`` is 0), so that a resumed run's budget counts them."""
