from __future__ import annotations

import numpy as np
import pytest

from drq.battles.scoring import Outcome, fitness, outcome


def test_fitness_is_the_mean_over_placements() -> None:
    assert fitness(np.array([0.0, 1.0, 2.0, 1.5])) == pytest.approx(1.125)


def test_a_defeat_needs_a_strictly_higher_fitness() -> None:
    assert outcome(1.01, 0.99) is Outcome.DEFEATS
    assert outcome(1.0, 1.0) is Outcome.TIES
    assert outcome(0.1 + 0.2, 0.3) is Outcome.TIES
    assert outcome(0.0, 0.0) is Outcome.TIES
    assert outcome(0.5, 1.5) is Outcome.LOSES
