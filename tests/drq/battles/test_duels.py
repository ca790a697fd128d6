from __future__ import annotations

import numpy as np
import pytest

from drq.battles.duels import duels, tally
from drq.battles.engine import LocalEngine
from drq.battles.scoring import Outcome
from redcode import NANO, assemble, fight_batch

SITTER, DEAD = assemble("JMP 0\n", NANO), assemble("DAT 0, 0\n", NANO)
IMP = assemble("MOV 0, 1\n", NANO)


def test_outcomes_against_each_opponent() -> None:
    found = duels(SITTER, [DEAD, SITTER], NANO, 10, 0, LocalEngine(1))
    assert [duel.outcome for duel in found] == [Outcome.DEFEATS, Outcome.TIES]
    assert [duel.opponent for duel in found] == [DEAD, SITTER]
    assert duels(DEAD, [SITTER], NANO, 10, 0, LocalEngine(1))[0].outcome is Outcome.LOSES
    assert tally(found) == {Outcome.DEFEATS: 1, Outcome.TIES: 1, Outcome.LOSES: 0}


def test_both_shares_are_of_the_right_warrior() -> None:
    """Swapping the sides swaps the shares; DAT dies in its first turn, which comes half the times first."""
    one = duels(DEAD, [IMP], NANO, 20, 3, LocalEngine(1))[0]
    assert one.fitness < 0.01 and one.opponent_fitness == pytest.approx(2.0, abs=0.01)


def test_opponents_meet_the_warrior_in_the_same_placements() -> None:
    seen: list[np.ndarray] = []

    class Recording:
        def fight(self, pool, entrants, starts, rules, stop):  # type: ignore[no-untyped-def]
            seen.extend([entrants, starts])
            return fight_batch(pool, entrants, starts, rules, stop=stop, threads=1)

    duels(SITTER, [DEAD, IMP], NANO, 8, 0, Recording())
    entrants, starts = (table.reshape(2, 8, 2) for table in seen)
    assert (starts[0] == starts[1]).all()
    assert ((entrants[0] == 0) == (entrants[1] == 0)).all()
    assert set(entrants[1].ravel().tolist()) == {0, 2}
    assert np.sum(entrants[0][:, 0] == 0) == 4
