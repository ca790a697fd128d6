"""Rates of edits that are learnt from what the archive takes."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drq.candidate import Candidate, Insertion, InsertionStatus, Kind
from drq.operators.base import Request
from drq.operators.genetic import GeneticOperator, Settings
from drq.operators.rates import Rates
from redcode import NANO
from tests.drq.runs import DWARF, elite

GIVEN = {"change": 0.5, "insert": 0.3, "delete": 0.2}


def attempt(operator: str, taken: bool) -> Candidate:
    status = InsertionStatus.IMPROVED if taken else InsertionStatus.NOT_ADDED
    return Candidate(1, 0, 0, Kind.MUTATE, operator, (), DWARF, insertion=Insertion((0,), status))


def test_without_a_record_the_rates_are_those_given() -> None:
    assert Rates(GIVEN).learnt(0, []) == pytest.approx(list(GIVEN.values()))
    assert Rates(GIVEN).learnt(0, [attempt("llm", True)] * 50) == pytest.approx(list(GIVEN.values()))


def test_what_is_taken_twice_as_often_is_drawn_nearly_twice_as_often() -> None:
    record = [
        attempt(f"genetic: {name}", i % 10 < n) for name, n in (("change", 2), ("insert", 4)) for i in range(2000)
    ]
    change, insert, _ = Rates(GIVEN).learnt(0, record)
    assert insert / change == pytest.approx(2 * 0.3 / 0.5, rel=0.02)


edits = st.lists(st.sampled_from(tuple(GIVEN)), min_size=1, max_size=3)
records = st.lists(st.builds(lambda names, taken: attempt("genetic: " + ", ".join(names), taken), edits, st.booleans()))


@given(records, st.data())
def test_the_rates_follow_from_the_round_s_attempts_however_they_come(
    record: list[Candidate], data: st.DataObject
) -> None:
    together, one_by_one = Rates(GIVEN), Rates(GIVEN)
    one_by_one.learnt(0, [attempt("genetic: delete", True)] * data.draw(st.integers(0, 5)))
    for n in sorted(data.draw(st.lists(st.integers(0, len(record))))):
        one_by_one.learnt(1, record[:n])
    odds = together.learnt(1, record)
    assert one_by_one.learnt(1, record) == odds
    assert sum(odds) == pytest.approx(1) and min(odds) > 0


def test_a_mutation_is_recorded_with_its_edits_and_those_that_are_taken_come_more_often() -> None:
    parent = replace(elite(1, 1.0), source=DWARF)
    operator = GeneticOperator(Settings("genetic", learn=True))

    def names(attempts: tuple[Candidate, ...]) -> list[str]:
        made = []
        for i in range(300):
            rng = np.random.default_rng(i)
            request = Request(0, i, Kind.MUTATE, (parent,), (), NANO, rng, attempts=attempts)
            made.append(asyncio.run(operator.propose(request)).operator)
        return made

    before, after = (
        names(()),
        names(tuple([attempt("genetic: restart", True)] * 200 + [attempt("genetic: change", False)] * 200)),
    )
    assert all(name.startswith("genetic: ") for name in before)
    assert sum("restart" in name for name in after) > 2 * sum("restart" in name for name in before)
