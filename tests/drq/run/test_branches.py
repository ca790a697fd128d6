"""Branches of a run: when they begin anew, when two of them meet, and what their rounds know and begin with."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drq.config import ArchiveConfig
from drq.errors import ConfigError
from drq.run.branches import before, is_end, joined, knows
from drq.store.comparison import comparable_rows
from drq.store.reader import reading
from tests.drq.run.test_population import cuts
from tests.drq.runs import DWARF, IMP, execute, nano_config, population_config

BRANCHED = population_config(rounds=15, branch=2, iterations=8)
"""Eight branches: two, two, their union, two, two, their union, the union of all, and half of the eighth."""


def leaves(branch: int) -> list[int]:
    """The branches that began anew and have come together in this one."""
    both = joined(branch)
    return [branch] if not both else [leaf for one in both for leaf in leaves(one)]


def test_the_first_branches() -> None:
    assert [joined(branch) for branch in range(8)] == [(), (), (0, 1), (), (), (3, 4), (2, 5), ()]


@given(st.integers(0, 70))
def test_branches_that_meet_are_equally_large_and_meet_once(last: int) -> None:
    met = [one for branch in range(last + 1) for one in joined(branch)]
    assert len(met) == len(set(met))
    waiting = [branch for branch in range(last + 1) if branch not in met]
    sizes = [len(leaves(branch)) for branch in waiting]
    assert sizes[:-1] == sorted(set(sizes[:-1]), reverse=True)  # no two are equal, except the last two
    assert sorted(leaf for branch in waiting for leaf in leaves(branch)) == [
        b for b in range(last + 1) if not joined(b)
    ]
    for branch in range(last + 1):
        assert len({len(leaves(one)) for one in joined(branch)}) <= 1


@given(st.integers(0, 200), st.integers(1, 9))
def test_a_round_knows_its_own_branch_and_the_last_of_the_others(round: int, length: int) -> None:
    known = {one for one in range(round) if knows(round, one, length)}
    own = {one for one in range(round) if one // length == round // length}
    assert known == own | {one for one in range(round) if (one + 1) // length > one // length}
    assert all(knows(round, one, None) for one in range(round)) and not is_end(round, None)
    assert set(before(round, length)) <= known


def test_a_round_begins_with_what_its_branch_has_or_joins(tmp_path: Path) -> None:
    execute(BRANCHED, tmp_path, (IMP, DWARF))
    with reading(tmp_path) as run:
        starters = [starter.digest for starter in run.starters()]
        for round in range(15):
            kept = [id for one in before(round, 2) for id in run.archive(one)]
            seeds = [run.find(round, place - (len(kept) or 2)) for place in range(len(kept) or 2)]
            assert run.find(round, -(len(kept) or 2) - 1) is None
            if kept:
                assert [seed.parents for seed in seeds if seed] == [(id,) for id in kept]
            else:
                assert [seed.digest for seed in seeds if seed] == starters
        assert [len(before(round, 2)) for round in range(0, 15, 2)] == [0, 0, 2, 0, 0, 2, 2, 0]


def test_a_round_fights_no_champion_that_it_does_not_know(tmp_path: Path) -> None:
    config = population_config(rounds=15, branch=3, iterations=8, elites=0, history=None)
    execute(config, tmp_path, (IMP, DWARF))
    with reading(tmp_path) as run:
        champions = run.champions()
        for round in range(15):
            met = {row.candidate_id for row in run.opponents(round)} - {None}
            assert met == {id for one, id in champions.items() if id and one < round and knows(round, one, 3)}


def test_a_run_with_branches_that_is_cut_has_the_rows_of_one_that_is_not(tmp_path: Path) -> None:
    execute(BRANCHED, tmp_path / "whole", (IMP, DWARF))
    assert cuts(BRANCHED, tmp_path / "cut", 11) > 10
    assert comparable_rows(tmp_path / "cut") == comparable_rows(tmp_path / "whole")


def test_branches_need_archives_that_are_kept() -> None:
    with pytest.raises(ConfigError, match=r"expected archive.kept=true where rounds are cut into branches"):
        nano_config(branch=3, archive=ArchiveConfig())
