"""A log of calls that forgets them with the process."""

from __future__ import annotations

from drq.operators.base import Call, Usage


class MemoryLog:
    """``CallLog`` without a run: for checking a configuration, and for using an operator on its own."""

    def __init__(self) -> None:
        self.calls: dict[tuple[int, int, int], Call] = {}

    def find(self, round: int, iteration: int, turn: int) -> Call | None:
        """The call added under this key, or None."""
        return self.calls.get((round, iteration, turn))

    def add(self, call: Call, system_prompt: str) -> None:
        """Keep a call."""
        self.calls[call.round, call.iteration, call.turn] = call

    def usage(self) -> Usage:
        """Totals over the calls."""
        calls = self.calls.values()
        return Usage(
            done=len(calls),
            failed=sum(call.error is not None for call in calls),
            input_tokens=sum(call.input_tokens or 0 for call in calls),
            output_tokens=sum(call.output_tokens or 0 for call in calls),
            cost=sum(call.cost or 0.0 for call in calls),
        )
