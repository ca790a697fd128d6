"""Model calls as they are recorded, and their totals."""

from __future__ import annotations

import operator
from dataclasses import astuple, dataclass
from typing import Protocol

SILENT_AFTER = 5
"""After so many failed calls and no answer, a model counts as configured wrongly."""


@dataclass(frozen=True)
class Amount:
    """Calls, tokens and cost: what a budget bounds."""

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
        return Amount(*map(operator.add, astuple(self), astuple(other)))

    def times(self, n: int) -> Amount:
        """``n`` times this amount."""
        return Amount(*(n * part for part in astuple(self)))


NOTHING = Amount()


@dataclass(frozen=True)
class Usage:
    """Totals of the operator's model calls, over the whole life of the run.

    Tokens and cost include the most that requests without a recorded reply can have cost.
    """

    in_flight: int = 0
    done: int = 0
    """Calls recorded, failed ones included."""
    failed: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float = 0.0
    """In the currency of the configured prices; 0 without prices."""
    lost: int = 0
    """Calls that were sent but are not on record, because their process was killed."""
    silent: tuple[str, ...] = ()
    """Models that are no longer asked, because every call of them failed."""
    trouble: str | None = None
    """Error of the last request; None if it succeeded."""
    call_s: float | None = None
    """Seconds that a local model needs for a call at most, measured before the first one; None for others."""


@dataclass(frozen=True)
class Call:
    """One complete exchange with a model: a replay needs nothing else.

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
    """Of the attempt that was answered; 0 without an answer."""
    attempts: int
    """HTTP requests made for this call, the last one included. Depends on timing, as do the next two."""
    started_at: float
    """Seconds since the epoch."""
    duration_s: float
    """From the first attempt to the end, waits included."""


class CallLog(Protocol):
    """The record of model calls. A recorded reply is used again, so that each reply is paid for once."""

    def find(self, round: int, iteration: int, turn: int) -> Call | None:
        """The recorded call, failed ones included, or None if it was never made."""

    def silent(self, round: int, iteration: int) -> tuple[str, ...]:
        """Models that were asked ``SILENT_AFTER`` times or more before this proposal and gave no reply, by name."""

    def reserve(self, round: int, iteration: int, turn: int, most: Amount) -> int:
        """Write the most that a call can cost to disk, before it is sent; returns the number of the reservation.

        The amount counts as spent until it is amended.
        """

    def amend(self, reservation: int, amount: Amount) -> None:
        """Change a reservation to ``amount``; NOTHING deletes it."""

    def add(self, call: Call, system_prompt: str, reservation: int | None = None, lost: Amount = NOTHING) -> None:
        """Record a call; it is on disk when this returns. ``system_prompt`` is kept once, under its hash.

        In the same transaction the call's reservation becomes ``lost``.
        """

    def usage(self) -> Usage:
        """Totals over calls and reservations (``in_flight`` is 0), so that a resumed run's budget counts them."""
