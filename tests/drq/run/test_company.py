from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drq.battles.engine import LocalEngine
from drq.config import ArchiveConfig
from drq.run.company import Known, choose, fought, weights
from drq.store.reader import OpponentRow
from redcode import NANO, assemble
from tests.drq.runs import DWARF, IMP, nano_config, opponent

DEAD = "DAT.F #{n}, #0\n"
SITTER, BODY = assemble("JMP 0\n", NANO), assemble("DAT 0, 0\n", NANO)


def known(source: str, id: int) -> Known:
    one = opponent(source)
    return one, OpponentRow(one.warrior.digest, None, id)


STARTERS = [(opponent(IMP), OpponentRow(opponent(IMP).warrior.digest, 0, None))]
WEAK = [known(DEAD.format(n=n), n) for n in range(1, 7)]
WINNERS = [known(DWARF.replace("#4", f"#{step}"), 10 + step) for step in (4, 8)]
CHAMPIONS = [*WEAK[:2], WINNERS[0], *WEAK[2:4], WINNERS[1], *WEAK[4:]]
ENGINE = LocalEngine(1)


def ids(chosen: list[Known]) -> list[int | None]:
    return [row.candidate_id for _, row in chosen]


def test_the_hall_of_fame_takes_those_that_still_win() -> None:
    config = nano_config(history=1, hall_of_fame=2, elites=1, archive=ArchiveConfig(axes=(), size=2, kept=True))
    kept = [known(IMP.replace("$1", "$2"), 50), known(DEAD.format(n=9), 51)]
    wide = [*CHAMPIONS[:-1], WEAK[5]]
    chosen = choose(STARTERS, wide, kept, 3, config, ENGINE)
    assert ids(chosen)[:2] == [None, 6]  # the starter and the last champion
    considered = ids(chosen)[2:4]
    assert len(considered) == 2 and len(chosen) == 5 and ids(chosen)[4] in (50, 51)
    assert choose(STARTERS, wide, kept, 3, config, LocalEngine(2)) == chosen
    several = [ids(choose(STARTERS, wide, kept, round, config, ENGINE))[2:4] for round in range(12)]
    won = sum(id in (14, 18) for pair in several for id in pair)
    drawn_blindly = 2 * 12 * 2 / 7
    assert won > 1.5 * drawn_blindly and len({tuple(pair) for pair in several}) > 1


def test_a_round_fights_starters_and_its_history_and_each_code_once() -> None:
    assert ids(choose(STARTERS, CHAMPIONS, [], 0, nano_config(), ENGINE)) == [None, *ids(CHAMPIONS)]
    assert ids(choose(STARTERS, CHAMPIONS, [], 0, nano_config(history=0), ENGINE)) == [None]
    twice = [*CHAMPIONS, known(IMP, 99), CHAMPIONS[0]]
    assert ids(choose(STARTERS, twice, [], 0, nano_config(history=2), ENGINE)) == [None, CHAMPIONS[0][1].candidate_id]
    few = choose(STARTERS, CHAMPIONS, [], 0, nano_config(history=6, hall_of_fame=5), ENGINE)
    assert ids(few) == [None, *ids(CHAMPIONS[2:]), *ids(CHAMPIONS[:2])]


@given(*[st.integers(0, 4)] * 2, *[st.integers(1, 3)] * 2, st.integers(0, 99))
def test_an_opponent_counts_the_more_the_fewer_seeds_win_against_it(
    sitters: int, dead: int, safe: int, weak: int, round: int
) -> None:
    """A sitter wins against a dead warrior, two sitters tie, and of two dead ones that which moves first loses."""
    opponents, seeds = ([SITTER] * sit + [BODY] * die for sit, die in ((safe, weak), (sitters, dead)))
    found = weights(opponents, seeds, round, nano_config(), ENGINE)
    expected = np.array([1 / (1 + sitters / 3)] * safe + [1 / (1 + sitters + dead / 2)] * weak)
    assert found == pytest.approx(expected / expected.mean())
    assert (found == weights(opponents, seeds, round, nano_config(), LocalEngine(2))).all()


def test_where_opponents_are_few_each_round_draws_them_from_all() -> None:
    config = nano_config(history=6, hall_of_fame=5, opponents=3)
    everyone = choose(STARTERS, CHAMPIONS, [], 0, config, ENGINE)
    drawn = [ids(fought(everyone, round, config)) for round in range(30)]
    assert all(len(three) == 3 and three == [id for id in ids(everyone) if id in three] for three in drawn)
    assert {id for three in drawn for id in three} == set(ids(everyone))
    assert fought(everyone, 0, nano_config()) == everyone
    assert drawn[4] == ids(fought(everyone, 4, config))
