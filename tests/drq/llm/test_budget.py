"""What is set aside for a call, and what of it is spent in the end."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from drq.errors import BudgetSpent, StoreError
from drq.llm.budget import Budget
from drq.llm.calls import NOTHING, Amount
from drq.llm.settings import LlmSettings
from drq.store.call_store import CallStore

ATTEMPT = Amount(0, 60, 40, 0.5)


def budget(log: CallStore, **limits: Any) -> Budget:
    prices = {"input": 1.0, "output": 1.0}
    return Budget(LlmSettings.parse({"model": "m", "base_url": "http://x/v1", "prices": prices, **limits}), log)


def outstanding(log: CallStore) -> dict[int, Amount]:
    rows = log._db.execute("SELECT id, calls, input_tokens, output_tokens, cost FROM outstanding").fetchall()
    return {id: Amount(*amount) for id, *amount in rows}


@pytest.mark.parametrize("limit", [{"max_calls": 2}, {"max_tokens_total": 200}, {"max_cost": 1.0}])
def test_what_just_fits_is_begun_and_nothing_more(limit: dict[str, float]) -> None:
    log = CallStore.in_memory()
    bounded = budget(log, **limit)

    async def fill() -> None:
        async with bounded.hold(0, 0, 0, ATTEMPT) as one, bounded.hold(0, 0, 1, ATTEMPT) as two:
            one.at_risk = two.at_risk = 1
            assert bounded.in_flight == 2

    asyncio.run(asyncio.wait_for(fill(), 5))
    assert bounded.in_flight == 0 and bounded.spent == Amount(2, 120, 80, 1.0)
    with pytest.raises(BudgetSpent, match=f"the budget llm.{next(iter(limit))}="):
        asyncio.run(fill())
    assert len(outstanding(log)) == 2, "nothing is set aside for a call that is not begun"


def test_another_attempt_is_set_aside_for_after_one_that_may_be_charged() -> None:
    log = CallStore.in_memory()
    bounded = budget(log, max_tokens_total=250)

    async def call() -> None:
        async with bounded.hold(0, 0, 0, ATTEMPT) as hold:
            assert hold.again() and outstanding(log) == {1: Amount(1, 60, 40, 0.5)}, "the first was not charged"
            hold.at_risk = 1
            assert hold.again() and outstanding(log) == {1: Amount(1, 120, 80, 1.0)}
            hold.at_risk = 2
            assert not hold.again() and outstanding(log) == {1: Amount(1, 120, 80, 1.0)}, "a third does not fit"

    asyncio.run(call())
    assert bounded.spent == outstanding(log)[1] == Amount(1, 120, 80, 1.0)


def test_a_call_that_was_never_sent_is_not_spent() -> None:
    log = CallStore.in_memory()
    bounded = budget(log, max_calls=1)

    async def call() -> None:
        async with bounded.hold(0, 0, 0, ATTEMPT):
            pass

    for _ in range(2):
        asyncio.run(call())
    assert bounded.spent == NOTHING and outstanding(log) == {}


def test_a_full_disk_at_the_end_of_a_call_leaves_the_most_on_record() -> None:
    class FullLog(CallStore):
        def amend(self, reservation: int, amount: Amount) -> None:
            raise StoreError("the disk is full")

    log = FullLog.in_memory()

    async def call() -> None:
        async with budget(log).hold(0, 0, 0, ATTEMPT):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        asyncio.run(call())
    assert log.usage().lost == 1
