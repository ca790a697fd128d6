from __future__ import annotations

import csv
import os
from pathlib import Path

import numpy as np
import pytest

from drq.battles import duels
from drq.battles.engine import LocalEngine
from drq.battles.hill import LOST, TIED, WON, Placements, all_placements, draw_placements, fight_pairs, points
from redcode import ICWS94, NANO, TINY, Rules, assemble, fight, load
from redcode.errors import BattleError
from redcode.isa import Opcode
from redcode.machine.placement import seed_from_position, series
from tests.drq.runs import random_warrior

CORPUS = Path(os.environ.get("REDCODE_CORPUS", "no corpus"))
HILLS = {"nano": NANO, "tiny": TINY, "94nop": ICWS94}


def uses_pspace(name: str, row: dict[str, str]) -> bool:
    codes = [load(CORPUS / name / row[column], HILLS[name]).code for column in ("warrior_1", "warrior_2")]
    return any(cell.opcode in (Opcode.LDP, Opcode.STP) for code in codes for cell in code)


@pytest.mark.skipif(not CORPUS.is_dir(), reason="expected REDCODE_CORPUS to name the corpus of warriors")
@pytest.mark.parametrize(("name", "rules"), HILLS.items())
def test_pairs_in_placements_of_their_own_end_as_in_pmars(name: str, rules: Rules) -> None:
    with (CORPUS / "battles.csv").open() as table:
        rows = [row for row in csv.DictReader(table) if row["set"] == name][:80]
    rows = [row for row in rows if not uses_pspace(name, row)]  # which lasts from round to round there
    rounds = int(rows[0]["rounds"])
    files = sorted({row[column] for row in rows for column in ("warrior_1", "warrior_2")})
    pairs = np.array([[files.index(row["warrior_1"]), files.index(row["warrior_2"])] for row in rows])
    positions = [series(2, rules, seed_from_position(int(row["position"]), rules), rounds)[:, 1] for row in rows]
    leads = np.broadcast_to(np.arange(rounds) % 2 == 0, (len(rows), rounds))
    pool = [load(CORPUS / name / file, rules) for file in files]
    found = np.concatenate([*fight_pairs(pool, pairs, Placements(np.array(positions), leads), rules, LocalEngine())])
    ours = [[(row == WON).sum(), (row == TIED).sum(), (row == LOST).sum()] for row in found]
    theirs = [[int(row["wins_1"]), int(row["ties_1"]), int(row["wins_2"])] for row in rows]
    assert np.array_equal(ours, theirs)


def test_chunks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    pool = [random_warrior(rng) for _ in range(6)]
    pairs = rng.integers(6, size=(23, 2))
    placed = draw_placements(rng, 23, 5, NANO)
    (whole,) = fight_pairs(pool, pairs, placed, NANO, LocalEngine(1))
    monkeypatch.setattr(duels, "CHUNK_BATTLES", 11)
    monkeypatch.setattr(duels, "MOST_BATTLES", 30)
    parts = list(fight_pairs(pool, pairs, placed, NANO, LocalEngine(2)))
    assert [len(part) for part in parts] == [2, 4, 6, 6, 5]
    assert np.array_equal(np.concatenate(parts), whole) and {WON, LOST} <= set(whole.ravel())


def test_a_core_is_a_ring() -> None:
    """Only the distance matters: as the machine says of both load addresses moved along."""
    rng = np.random.default_rng(4)
    pool = [random_warrior(rng) for _ in range(2)]
    (found,) = fight_pairs(pool, np.array([[0, 1]]), all_placements(1, NANO), NANO, LocalEngine(1))
    distances = np.tile(np.arange(5, 76), 2)
    for shift in (1, 40):
        starts = np.column_stack([np.full(142, shift), (shift + distances) % 80])
        order = np.repeat([[0, 1], [1, 0]], 71, axis=0)
        won = fight(pool, NANO, starts=starts, order=order).won
        assert np.array_equal(won[:, 0].astype(int) - won[:, 1], found[0])


def test_all_placements_are_every_legal_battle_once() -> None:
    placed = all_placements(3, NANO)
    for distances, leads in zip(placed.distances, placed.leads, strict=True):
        both = set(zip(distances.tolist(), leads.tolist(), strict=True))
        assert both == {(distance, lead) for distance in range(5, 76) for lead in (True, False)}
        assert len(distances) == 142
    longest = assemble("nop 0\n" * NANO.max_length, NANO)
    for distance in (4, 76):  # one nearer there is no room
        with pytest.raises(BattleError, match="room"):
            fight([longest, longest], NANO, starts=[[0, distance]])


def test_each_pair_draws_its_own() -> None:
    placed = draw_placements(np.random.default_rng(5), 4000, 3, NANO)
    counts = np.bincount(placed.distances.ravel(), minlength=80)
    assert counts[:5].sum() == counts[76:].sum() == 0 and counts.sum() == 12000
    expected = 12000 / 71
    assert ((counts[5:76] - expected) ** 2 / expected).sum() < 112  # chi-square, 70 degrees of freedom, p = .001
    for left, right in ((placed.distances[0::2, 0], placed.distances[1::2, 0]), placed.distances[:, :2].T):
        assert abs(np.corrcoef(left, right)[0, 1]) < 0.075  # 3.3 standard errors of 2000
    assert set(placed.leads.sum(axis=1)) == {1, 2}  # either moves first in every other battle …
    assert abs(placed.leads[:, 0].mean() - 0.5) < 0.03  # … and as often in the first
    assert len({*map(bytes, placed.distances)}) > 3900


def test_a_hill_gives_three_points_and_one() -> None:
    assert points(np.array([[WON, TIED], [LOST, WON]])).tolist() == [[3, 1], [0, 3]]
