"""What a run may spend on model calls. What is in flight counts at the most it can come to, so no bound is passed."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from drq.errors import BudgetSpent
from drq.llm.settings import LlmSettings


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


class Budget:
    """The bounds of ``settings`` against what is spent and what is held for calls in flight."""

    def __init__(self, settings: LlmSettings, spent: Amount) -> None:
        """``spent``: what the recorded calls of the run have come to already."""
        self._settings = settings
        self.spent = spent
        self._holds: list[Hold] = []
        self._settled = asyncio.Event()

    @property
    def in_flight(self) -> int:
        """Calls under way."""
        return len(self._holds)

    async def hold(self, most: Amount) -> Hold:
        """Set ``most`` aside for one call, after waiting for calls in flight to make room where that may help.

        Raises BudgetSpent where it does not fit and nothing in flight can make room.
        """
        while over := self.over(most):
            if not self._holds:
                raise BudgetSpent(over)
            await self._settled.wait()
        hold = Hold(self, most)
        self._holds.append(hold)
        return hold

    def over(self, more: Amount) -> str | None:
        """What ``more`` would pass, or None if it fits."""
        total = sum((hold.most for hold in self._holds), start=self.spent) + more
        settings = self._settings
        for name, limit, spent, amount in (
            ("max_calls", settings.max_calls, self.spent.calls, total.calls),
            ("max_tokens_total", settings.max_tokens_total, self.spent.tokens, total.tokens),
            ("max_cost", settings.max_cost, self.spent.cost, total.cost),
        ):
            if limit is not None and amount > limit:
                return f"the budget llm.{name}={limit} is used up: {spent:.10g} spent, the next call may pass it"
        return None

    def settle(self, hold: Hold, spent: Amount) -> None:
        """End a hold and let those who wait look again."""
        self._holds.remove(hold)
        self.spent += spent
        self._settled.set()
        self._settled = asyncio.Event()


class Hold:
    """What is set aside for one call until it is settled."""

    def __init__(self, budget: Budget, most: Amount) -> None:
        self._budget = budget
        self._open = True
        self.most = most
        self.attempt = Amount(0, most.input_tokens, most.output_tokens, most.cost)
        """The part of ``most`` that one attempt can come to; the attempts of a call are one call."""

    def again(self) -> bool:
        """Set aside for another attempt, after one that may be charged; False if that does not fit."""
        if self._budget.over(self.attempt):
            return False
        self.most += self.attempt
        return True

    def settle(self, spent: Amount) -> None:
        """Give back what was not spent; only the first time counts."""
        if self._open:
            self._open = False
            self._budget.settle(self, spent)
