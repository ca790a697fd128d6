"""What a run may spend on model calls, over its whole life.

Before a call is sent, the most it can cost is reserved, in memory and on disk. The recorded reply replaces this
amount by the real one. So the spending stays within every bound, even if the process is killed.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from drq.errors import BudgetSpent, StoreError
from drq.llm.calls import NOTHING, Amount, Call, CallLog
from drq.llm.settings import LlmSettings

ONE_CALL = Amount(calls=1)


class Budget:
    """Compares the bounds of ``settings`` with what is spent and what is reserved for calls in flight."""

    def __init__(self, settings: LlmSettings, log: CallLog) -> None:
        """The amounts that ``log`` holds are already spent."""
        self._settings = settings
        self._log = log
        usage = log.usage()
        self.spent = Amount(usage.done + usage.lost, usage.input_tokens, usage.output_tokens, usage.cost)
        self._holds: list[Hold] = []
        self._settled = asyncio.Event()

    @property
    def in_flight(self) -> int:
        """Calls under way."""
        return len(self._holds)

    @asynccontextmanager
    async def hold(self, round: int, iteration: int, turn: int, attempt: Amount) -> AsyncIterator[Hold]:
        """Reserve for one call the most that an attempt can cost; waits for calls in flight if there is no room.

        Raises BudgetSpent if there is no room and no call in flight, StoreError for a full disk.
        """
        while over := self.over(ONE_CALL + attempt):
            if not self._holds:
                raise BudgetSpent(over)
            await self._settled.wait()
        number = self._log.reserve(round, iteration, turn, ONE_CALL + attempt)
        hold = Hold(self, self._log, number, attempt)
        self._holds.append(hold)
        try:
            yield hold
        finally:
            self._holds.remove(hold)
            self.spent += hold.settle()
            self._settled.set()
            self._settled = asyncio.Event()

    def over(self, more: Amount) -> str | None:
        """The message about the bound that ``more`` would exceed, or None if it fits."""
        total = sum((hold.most for hold in self._holds), start=self.spent) + more
        settings, spent = self._settings, self.spent
        if settings.max_calls is not None and total.calls > settings.max_calls:
            return f"the budget llm.max_calls={settings.max_calls} is used up: {spent.calls} spent"
        for name, limit, before, after, next_one in (
            ("max_tokens_total", settings.max_tokens_total, spent.tokens, total.tokens, more.tokens),
            ("max_cost", settings.max_cost, spent.cost, total.cost, more.cost),
        ):
            if limit is not None and after > limit:
                return (
                    f"the budget llm.{name}={limit} is used up: {before:.10g} spent, and the next call may come to "
                    f"{next_one:.10g}, or to less in a run with a lower llm.max_tokens"
                )
        return None


class Hold:
    """The reservation of one call, until the call is on record."""

    def __init__(self, budget: Budget, log: CallLog, number: int, attempt: Amount) -> None:
        self._budget = budget
        self._log = log
        self._number = number
        self._reserved = 1
        self._recorded: Amount | None = None
        self.attempt = attempt
        """The most that one attempt can cost, as 0 calls: all attempts together are one call."""
        self.at_risk = 0
        """Attempts that were sent and may be charged."""

    @property
    def most(self) -> Amount:
        """The most that the call can cost with the attempts that are reserved."""
        return ONE_CALL + self.attempt.times(self._reserved)

    def again(self) -> bool:
        """Reserve another attempt if the reserved ones may all be charged; False if there is no room."""
        if self.at_risk < self._reserved:
            return True
        if self._budget.over(self.attempt):
            return False
        self._reserved += 1
        self._log.amend(self._number, self.most)
        return True

    def record(self, call: Call, system_prompt: str, lost: Amount) -> None:
        """Record a finished call; ``lost`` is the most that its attempts without a reply can have cost."""
        self._log.add(call, system_prompt, self._number, lost)
        self._recorded = Amount(1, call.input_tokens or 0, call.output_tokens or 0, call.cost or 0.0) + lost

    def settle(self) -> Amount:
        """The final amount: for a call without a record, everything that may be charged."""
        if self._recorded is not None:
            return self._recorded
        spent = ONE_CALL + self.attempt.times(self.at_risk) if self.at_risk else NOTHING
        with suppress(StoreError):  # the reservation on disk then stays as it is, which is enough
            self._log.amend(self._number, spent)
        return spent
