"""Rates of the genetic operator's edits, learnt from what the archive has taken.

A mutation's edits are written into its operator's name, so its fate is on record with them. In each round the rates
begin as they are given. An edit whose mutations are taken twice as often as others is then drawn up to twice as often.
The rates of proposal i follow from the attempts of its request, results 0 to i - L: they do not depend on timing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from drq.candidate import Candidate, InsertionStatus

BEGINS = "genetic: "
"""How the name of an operator begins that says its edits."""
PRIOR = 20
"""Mutations with an edit after which its own record counts as much as that of all."""


class Rates:
    """The rates as they are given, and the record of a round so far."""

    def __init__(self, given: dict[str, float]) -> None:
        self._given = given
        self._round, self._counted = -1, 0
        self._tried: Counter[str] = Counter()
        self._taken: Counter[str] = Counter()

    def learnt(self, round: int, attempts: Sequence[Candidate]) -> list[float]:
        """Odds of the edits in their order, from the round's ``attempts`` so far; they sum to 1."""
        if round != self._round or len(attempts) < self._counted:
            self._round, self._counted = round, 0
            self._tried.clear()
            self._taken.clear()
        for attempt in attempts[self._counted :]:
            self._count(attempt)
        self._counted = len(attempts)
        mean = (1 + self._taken.total()) / (1 + self._tried.total())
        odds = [
            rate * (self._taken[name] + PRIOR * mean) / (self._tried[name] + PRIOR)
            for name, rate in self._given.items()
        ]
        return [one / sum(odds) for one in odds]

    def _count(self, attempt: Candidate) -> None:
        if attempt.operator.startswith(BEGINS):
            edits = attempt.operator.removeprefix(BEGINS).split(", ")
            self._tried.update(edits)
            if attempt.insertion and attempt.insertion.status is not InsertionStatus.NOT_ADDED:
                self._taken.update(edits)
