"""Racing: a candidate fights in a few placements first, and goes on only while it can still matter (Maron 1994).

It can matter while it could take the place of its rival in the archive, or enter the finalists. Both are compared with
it placement by placement: they have fought in the same ones, all of them. Its rival is the elite in the cell of its
behaviour so far; in a population, the member whose place it competes for. A candidate that is given up keeps the
evaluation of the placements that it had, and enters nothing.

The hurdle is the archive as it stood when the proposal was launched, after result i - L, like everything else that
decides about proposal i. So a verdict does not depend on threads, batches, or the order in which answers come home. It
never becomes wrong later: a place is never emptied, and its elite is only replaced by a fitter one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import sqrt

from drq.candidate import Elite, Evaluation
from drq.student import t_quantile


class Hurdle:
    """What one proposal has to pass; a verdict of ``drq.battles.evaluate``."""

    def __init__(self, rival: Callable[[Evaluation], Elite | None], last_finalist: Elite | None, error: float) -> None:
        """``rival`` says whose place in the archive a candidate competes for, None for a free one."""
        self._rival = rival
        self._last_finalist = last_finalist
        self._error = error

    def __call__(self, evaluation: Evaluation) -> bool:
        """Whether the candidate goes on: a place is free for it, or could still be its own."""
        places = (self._rival(evaluation), self._last_finalist)
        return any(place is None or self._could_be_fitter(evaluation, place) for place in places)

    def _could_be_fitter(self, evaluation: Evaluation, elite: Elite) -> bool:
        return could_be_fitter(evaluation.placement_fitness, elite.evaluation.placement_fitness, self._error)


def could_be_fitter(own: Sequence[float], other: Sequence[float], error: float) -> bool:
    """Whether the mean of N values, of which ``own`` are the first n, may be above that of the N values ``other``.

    No is wrong with a probability of ``error``, if the differences d of the pairs are drawn from a normal distribution:
    of a mean over N of which n are known, mean(d) is off by Student's t with n - 1 degrees of freedom times
    s(d) √((1 - n/N) / n). One that differs in no placement counts as a copy: no. n must be 2 or more.
    """
    n = len(own)
    differences = [one - two for one, two in zip(own, other, strict=False)]
    mean = sum(differences) / n
    deviation = sqrt(sum((difference - mean) ** 2 for difference in differences) / (n - 1))
    return mean + t_quantile(1 - error, n - 1) * deviation * sqrt((1 - n / len(other)) / n) > 0
