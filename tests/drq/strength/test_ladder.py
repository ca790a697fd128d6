from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from drq.errors import ConfigError
from drq.strength import Every, LadderConfig, climb
from redcode import NANO, assemble, fight
from tests.drq.commands import drq
from tests.drq.runs import DWARF, IMP

SUICIDE = ";name Suicide\nDAT.F #0, #0\n"
STONE = "SPL.B #0, $0\nMOV.I $2, @0\nADD.AB #7, $-1\nJMP.B $-2, $0\nDAT.F #1, #1\n"
TEXTS = {"imp": IMP, "dwarf": DWARF, "suicide": SUICIDE, "stone": STONE}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "hill"
    folder.mkdir()
    for name, text in TEXTS.items():
        (folder / f"{name}.red").write_text(text)
    return folder


def test_every_placement_is_what_the_machine_says_of_each(folder: Path) -> None:
    ladder = climb(LadderConfig(warriors=(str(folder),), placements=Every.ALL, rules=NANO, threads=1))
    assert ladder.battles == 142 and len(ladder.rungs) == 12
    for rung in ladder.rungs:
        pair = [assemble(TEXTS[name], NANO) for name in (rung.warrior, rung.opponent)]
        starts = [[0, distance] for distance in range(5, 76)]
        results = [fight(pair, NANO, starts=starts, order=[order] * 71) for order in ([0, 1], [1, 0])]
        counts = [sum(int(getattr(result, name)[0]) for result in results) for name in ("wins", "ties", "losses")]
        assert [rung.wins, rung.ties, rung.losses] == counts
        assert rung.score == pytest.approx((300 * rung.wins + 100 * rung.ties) / 142)


def test_a_hill_adds_up(folder: Path) -> None:
    ladder = climb(LadderConfig(warriors=(str(folder),), placements=30, rules=NANO, threads=1))
    back = {(rung.opponent, rung.warrior): (rung.losses, rung.ties, rung.wins) for rung in ladder.rungs}
    assert {(rung.warrior, rung.opponent): (rung.wins, rung.ties, rung.losses) for rung in ladder.rungs} == back
    for line in ladder.lines:
        own = [rung for rung in ladder.rungs if rung.warrior == line.warrior]
        assert line.opponents == len(own) == 3
        assert line.beaten == sum(rung.wins > rung.losses for rung in own) == round(3 * line.beaten_share)
        assert line.even == sum(rung.wins == rung.losses for rung in own)
        assert line.beaten_interval.low <= line.beaten_share <= line.beaten_interval.high
        assert line.score == pytest.approx(np.mean([rung.score for rung in own]))
        assert line.score_interval.low <= line.score <= line.score_interval.high
        assert (line.wins, line.battle_ties, line.losses) == tuple(
            sum(getattr(rung, name) for rung in own) for name in ("wins", "ties", "losses")
        )
        assert line.rating == ladder.ratings[line.warrior]
    assert [line.score for line in ladder.lines] == sorted(line.score for line in ladder.lines)[::-1]
    assert ladder.lines[-1].warrior == "suicide" == list(ladder.ratings)[-1]
    assert np.mean([rating.elo for rating in ladder.ratings.values()]) == pytest.approx(0)


def test_on_a_ladder_only_the_warriors_climb_and_the_mean_rung_is_zero(folder: Path) -> None:
    imp, dwarf = str(folder / "imp.red"), str(folder / "dwarf.red")
    ladder = climb(LadderConfig(warriors=(imp, dwarf), opponents=(str(folder),), placements=20, rules=NANO, threads=1))
    assert {rung.warrior for rung in ladder.rungs} == {"imp", "dwarf"} == {line.warrior for line in ladder.lines}
    assert [line.opponents for line in ladder.lines] == [3, 3]
    assert len(ladder.ratings) == 4
    assert np.mean([rating.elo for rating in ladder.ratings.values()]) == pytest.approx(0)
    alone = climb(LadderConfig(warriors=(imp,), opponents=(dwarf, "nano"), placements=20, rules=NANO, threads=1))
    rungs = [rating.elo for name, rating in alone.ratings.items() if name != "imp"]
    assert len(rungs) == 6 and np.mean(rungs) == pytest.approx(0)


def test_the_seed_decides_and_no_two_pairs_share_placements(folder: Path) -> None:
    settings = LadderConfig(warriors=(str(folder),), placements=12, rules=NANO, threads=1)
    one, same, other = (climb(replace(settings, seed=seed)) for seed in (1, 1, 2))
    assert one == same and one.rungs != other.rungs
    assert len({row.tobytes() for row in settings.placed(6).distances}) == 6


def test_the_ratings_of_one_ladder_are_given_to_another(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    common = ("ladder", "rules=nano", "placements=25", "threads=1")
    done = drq(capsys, monkeypatch, *common, f"warriors={folder}", f"out={out}")
    assert done.status == 0 and "4 warriors, one on one against 3 others, 25 battles per pair" in done.out
    assert "0 is the mean warrior" in " ".join(done.out.split())
    with (out / "ratings.csv").open() as file:
        rows = list(csv.DictReader(file))
    with (out / "standings.csv").open() as file:
        standings = {row["warrior"]: row for row in csv.DictReader(file)}
    assert [float(row["elo"]) for row in rows] == sorted((float(row["elo"]) for row in rows), reverse=True)
    for row in rows:
        assert float(row["elo_interval_low"]) < float(row["elo"]) < float(row["elo_interval_high"])
        assert standings[row["warrior"]]["elo"] == row["elo"]
    whole = json.loads((out / "ladder.json").read_text())
    assert [row["warrior"] for row in whole["ratings"]] == [row["warrior"] for row in rows]
    assert len(whole["pairs"]) == 12 and whole["config"]["placements"] == 25

    beside = tmp_path / "beside"
    given = ("warriors=nano_two", f"opponents={folder}", f"elo={out}/ratings.csv", f"out={beside}")
    done = drq(capsys, monkeypatch, *common, *given)
    assert done.status == 0 and "on the scale of the ratings given" in " ".join(done.out.split())
    with (beside / "ratings.csv").open() as file:
        again = {row["warrior"]: row for row in csv.DictReader(file)}
    for row in rows:
        assert float(again[row["warrior"]]["elo"]) == pytest.approx(float(row["elo"]))
        assert again[row["warrior"]]["elo_interval_low"] == ""
    assert again["nano_two"]["elo_interval_low"] != ""


@pytest.mark.parametrize(
    "text", ["warrior,points\nimp,3\n", "warrior,elo\nimp,high\n", "warrior,elo\nimp\n", "warrior,elo\nimp,nan\n"]
)
def test_a_file_without_ratings_is_refused(text: str, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elo.csv").write_text(text)
    with pytest.raises(ConfigError, match=r"expected elo to be a \.csv file with the columns warrior and elo, got"):
        climb(LadderConfig(warriors=(str(folder),), elo=str(tmp_path / "elo.csv"), rules=NANO))


def test_ratings_of_others_are_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elo.csv").write_text("warrior,elo\nnobody,1500\n")
    with pytest.raises(ConfigError, match="names none of them"):
        climb(LadderConfig(warriors=(str(folder),), elo=str(tmp_path / "elo.csv"), rules=NANO))
    with pytest.raises(ConfigError, match="No such file"):
        climb(LadderConfig(warriors=(str(folder),), elo=str(tmp_path / "none.csv"), rules=NANO))


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ((), "drq: expected a value for warriors, got none"),
        (("warriors=imp",), "drq: expected two different warriors at least, got one code: give opponents=PATH"),
        (
            ("warriors=imp", "opponents=dwarf", "placements=most"),
            "drq: expected placements to be one of all, got 'most'",
        ),
        (("warriors=imp", "opponents=dwarf", "placements=0"), "drq: expected placements to be at least 1, got 0"),
        (("warriors=imp", "opponent=dwarf"), "drq: unknown key 'opponent'; the nearest is 'opponents'"),
    ],
)
def test_a_users_mistake_is_one_line(
    arguments: tuple[str, ...], line: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    done = drq(capsys, monkeypatch, "ladder", *arguments)
    assert done.status == 2 and done.err.startswith(line) and done.err.count("\n") == 1
