"""A sequential test of which of two warriors is stronger: it stops as soon as the battles tell."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

MOST_POINTS = 300
"""A warrior that wins every battle scores so many: 3 W% + T%."""
BETS = 2.0 ** -np.arange(1, 11)
"""Shares of the stake: each is the best for another size of the mean, so that nobody needs to know it before."""


class Verdict(StrEnum):
    """What the battles say of the first warrior."""

    STRONGER = "stronger"
    WEAKER = "weaker"
    EVEN = "even"
    """The difference is smaller than the margin."""
    OPEN = "open"
    """The battles do not tell."""


def evidence(values: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """(n,) how strongly the first 1 … n of ``values``, each -1 to 1, speak for a mean above 0: a natural logarithm.

    It is the log of a probability ratio ``mean over BETS b of Π (1 + b · value)``, whose expectation stays at most 1
    while the mean is 0 or less. So the chance that it *ever* exceeds log(1 / α) is at most α (Ville 1939), whatever the
    distribution: Wald's sequential probability ratio test (Wald 1945) for bounded values, mixed over alternatives
    (Robbins 1970; Waudby-Smith and Ramdas 2024, §4).
    """
    logs = np.cumsum(np.log1p(np.multiply.outer(values, BETS)), axis=0)
    return np.asarray(np.logaddexp.reduce(logs, axis=1) - np.log(len(BETS)))


def decide(differences: NDArray[np.int64], margin: float, error: float) -> tuple[Verdict, int]:
    """The verdict on paired battles in their order, and after how many it was reached.

    ``differences``: (battles,) points of the first warrior less those of the second, -300 to 300, drawn independently
    with the mean that is judged. Whatever that mean, a wrong verdict comes with a probability of at most ``error``:
    ``STRONGER`` where it is 0 or less, ``WEAKER`` where it is 0 or more, ``EVEN`` where it is ``margin`` or more to
    either side. Of these only two can be wrong at a time, and each has half of ``error``. ``OPEN`` is never wrong.
    """
    enough = np.log(2 / error)
    above, below = (evidence(sign * differences / MOST_POINTS) for sign in (1, -1))
    near = np.minimum(*(evidence((margin - sign * differences) / (MOST_POINTS + margin)) for sign in (1, -1)))
    reached = {
        verdict: int(np.argmax(crossed))
        for verdict, crossed in zip(Verdict, (above > enough, below > enough, near > enough), strict=False)
        if crossed.any()
    }
    if not reached:
        return Verdict.OPEN, len(differences)
    first = min(reached, key=lambda verdict: reached[verdict])
    return first, reached[first] + 1
