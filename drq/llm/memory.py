"""A log of calls that forgets them with the process."""

from __future__ import annotations

from collections import Counter

from drq.llm.calls import NOTHING, SILENT_AFTER, Amount, Call, Usage


class MemoryLog:
    """``CallLog`` without a run: for checking a configuration, and for using an operator on its own."""

    def __init__(self) -> None:
        self.calls: dict[tuple[int, int, int], Call] = {}
        self.outstanding: dict[int, Amount] = {}

    def find(self, round: int, iteration: int, turn: int) -> Call | None:
        """The call added under this key, or None."""
        return self.calls.get((round, iteration, turn))

    def silent(self, round: int, iteration: int) -> tuple[str, ...]:
        """Counted over the calls that were added."""
        before = [call for key, call in sorted(self.calls.items()) if key < (round, iteration)]
        asked = Counter(call.requested_model for call in before)
        answered = {call.requested_model for call in before if call.reply is not None}
        return tuple(sorted(m for m, calls in asked.items() if calls >= SILENT_AFTER and m not in answered))

    def reserve(self, round: int, iteration: int, turn: int, most: Amount) -> int:
        """Keep the amount under the next number."""
        number = max(self.outstanding, default=0) + 1
        self.outstanding[number] = most
        return number

    def amend(self, reservation: int, amount: Amount) -> None:
        """Keep another amount."""
        self.outstanding[reservation] = amount

    def add(self, call: Call, system_prompt: str, reservation: int | None = None, lost: Amount = NOTHING) -> None:
        """Keep a call."""
        self.calls[call.round, call.iteration, call.turn] = call
        if reservation is not None:
            self.amend(reservation, lost)

    def usage(self) -> Usage:
        """Totals over the calls and what is outstanding."""
        calls = self.calls.values()
        outstanding = sum(self.outstanding.values(), start=NOTHING)
        return Usage(
            done=len(calls),
            failed=sum(call.error is not None for call in calls),
            input_tokens=sum(call.input_tokens or 0 for call in calls) + outstanding.input_tokens,
            output_tokens=sum(call.output_tokens or 0 for call in calls) + outstanding.output_tokens,
            cost=sum(call.cost or 0.0 for call in calls) + outstanding.cost,
            lost=outstanding.calls,
        )
