from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from drq.battles.engine import LocalEngine
from drq.battles.scoring import Outcome
from drq.battles.seating import draw_seating
from drq.errors import ConfigError, StoreError
from drq.opponents.entries import Dropped, Entries, NamedWarrior, Why, load_entries
from drq.progress import quiet
from drq.randomness import Purpose, generator
from drq.tournament import Format, TournamentConfig, play
from drq.tournament.play import melee
from drq.tournament.standings import melee_standing
from redcode import NANO, fight
from tests.drq.commands import drq
from tests.drq.runs import DWARF, IMP, execute, nano_config, opponent

RULES = replace(NANO, max_cycles=400)
SUICIDE = ";name Suicide\nDAT.F #0, #0\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three warriors, one of them twice, a file that is no warrior, and one of another kind."""
    hill = tmp_path / "hill"
    (hill / "deep").mkdir(parents=True)
    for name, text in (("imp", IMP), ("dwarf", DWARF), ("deep/suicide", SUICIDE), ("deep/again", DWARF)):
        (hill / f"{name}.red").write_text(text)
    (hill / "broken.red").write_text("MOV.Q 0, 1\n")
    (hill / "notes.txt").write_text("not a warrior")
    return hill


def config(folder: Path, **values: object) -> TournamentConfig:
    settings = {"warriors": (str(folder),), "opponents": (str(folder),), "placements": 8, "rules": RULES, "threads": 1}
    return TournamentConfig(**(settings | values))  # type: ignore[arg-type]


def test_a_folder_gives_each_code_once_and_counts_what_does_not_assemble(folder: Path) -> None:
    found = load_entries([str(folder)], RULES, "warriors")
    assert [one.name for one in found.warriors] == ["deep/again", "deep/suicide", "imp"]
    assert [(file.name, "expected a modifier" in file.reason) for file in found.skipped] == [("broken", True)]
    assert found.dropped == [Dropped("dwarf", Why.COPY)]


def test_files_beside_runs_are_counted_but_not_the_runs_own(tmp_path: Path) -> None:
    execute(nano_config(rounds=1), tmp_path / "run")
    (tmp_path / "imp.red").write_text(IMP)
    found = load_entries([str(tmp_path)], NANO, "warriors")
    assert [one.name for one in found.warriors] == ["run, round 0"]
    assert found.dropped == [Dropped("imp", Why.BESIDE_RUNS)]


def test_a_warrior_that_is_its_only_opponent_is_named(folder: Path) -> None:
    tournament = play(
        config(folder, warriors=(str(folder / "dwarf.red"), "imp"), opponents=(str(folder / "dwarf.red"),))
    )
    assert [line.warrior for line in tournament.standings] == ["imp"]
    assert tournament.dropped == [Dropped("dwarf", Why.OPPONENT)]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nosuch", "expected warriors to be a file, a run, a built-in warrior or a folder"),
        ("imp,dwarf", "got 'imp,dwarf'; several are given as [a,b]"),
        ("empty", "found none in"),
        ("broken", "to hold a warrior, found none that assembles; broken:1:5: expected a modifier"),
    ],
)
def test_what_means_nothing_is_refused_in_one_line(name: str, message: str, tmp_path: Path, folder: Path) -> None:
    (tmp_path / "empty").mkdir()
    path = {"empty": str(tmp_path / "empty"), "broken": str(folder / "broken.red")}.get(name, name)
    with pytest.raises(ConfigError) as caught:
        load_entries([path], RULES, "warriors")
    assert message in str(caught.value) and "\n" not in str(caught.value)


def test_duels_count_what_the_machine_says(folder: Path) -> None:
    rows = {(row.warrior, row.opponent): row for row in play(config(folder)).pairs}
    assert len(rows) == 6  # three codes, none against itself
    row = rows["imp", "deep/suicide"]
    assert (row.wins, row.ties, row.losses, row.outcome, row.score) == (8, 0, 0, Outcome.DEFEATS, 24)
    assert row.fitness == pytest.approx(2, abs=0.02) and row.win_share.low < 1 == row.win_share.high
    for here in rows.values():
        assert here.wins + here.ties + here.losses == 8
        assert here.fitness_interval.low <= here.fitness <= here.fitness_interval.high


def test_round_robin_is_duels_of_all_with_all(folder: Path) -> None:
    duels, robin = play(config(folder)), play(config(folder, format=Format.ROUND_ROBIN, opponents=()))
    wins = [{(row.warrior, row.opponent): row.wins for row in found.pairs} for found in (duels, robin)]
    assert wins[0].keys() == wins[1].keys()
    for row in robin.pairs:
        other = next(r for r in robin.pairs if (r.warrior, r.opponent) == (row.opponent, row.warrior))
        assert (row.wins, row.ties, row.losses) == (other.losses, other.ties, other.wins)
    assert robin.standings[-1].warrior == "deep/suicide" and [line.opponents for line in robin.standings] == [2, 2, 2]


@pytest.mark.parametrize("format", Format)
def test_warriors_and_opponents_of_one_name_are_told_apart(format: Format, tmp_path: Path) -> None:
    for place, text in (("here", IMP), ("there", DWARF), ("beyond", SUICIDE)):
        (tmp_path / place).mkdir()
        (tmp_path / place / "same.red").write_text(text)
    here, *others = (str(tmp_path / place / "same.red") for place in ("here", "there", "beyond"))
    tournament = play(TournamentConfig((here,), tuple(others), format=format, placements=4, rules=RULES, threads=1))
    names = ["same", "same (2)", "same (3)"]
    assert sorted(line.warrior for line in tournament.standings) == (names[:1] if format is Format.DUELS else names)
    assert all(line.opponents == 2 for line in tournament.standings)
    pairs = {(row.warrior, row.opponent) for row in tournament.pairs}
    assert len(pairs) == len(tournament.pairs) == {Format.DUELS: 2, Format.ROUND_ROBIN: 6, Format.MELEE: 0}[format]


def test_a_number_after_a_name_is_no_other_warriors_name(tmp_path: Path) -> None:
    for name, text in (("a/imp", IMP), ("b/imp", DWARF), ("c/imp (2)", SUICIDE)):
        (tmp_path / name).parent.mkdir()
        (tmp_path / f"{name}.red").write_text(text)
    paths = [str(tmp_path / name) for name in ("c/imp (2).red", "a/imp.red", "b/imp.red")]
    names = [one.name for one in load_entries(paths, RULES, "warriors").warriors]
    assert names == ["imp (2)", "imp", "imp (3)"]


def test_standings_are_the_sums_that_benchmarks_use(folder: Path) -> None:
    tournament = play(config(folder))
    for line in tournament.standings:
        rows = [row for row in tournament.pairs if row.warrior == line.warrior]
        assert line.score == pytest.approx(np.mean([3 * 100 * row.wins / 8 + 100 * row.ties / 8 for row in rows]))
        assert line.defeats == sum(row.outcome is Outcome.DEFEATS for row in rows)
        assert line.hill_defeats == sum(row.wins > row.losses for row in rows)
        assert line.generality == (line.defeats + line.ties) / len(rows)
        assert line.generality_interval.low <= line.generality <= line.generality_interval.high
    assert [line.score for line in tournament.standings] == sorted(line.score for line in tournament.standings)[::-1]


def test_a_melee_counts_survivors_as_pmars_does() -> None:
    names = ("imp", "dwarf", "paper", "stone")
    tournament = play(TournamentConfig(names, (), format=Format.MELEE, placements=6, threads=1))
    assert tournament.pairs == [] and len(tournament.standings) == 4
    for line in tournament.standings:
        assert line.wins + line.battle_ties + line.losses == 6
        assert line.survived == (line.wins + line.battle_ties) / 6
        assert line.survived_interval.low <= line.survived <= line.survived_interval.high
        assert (
            15 / 4 * (line.battle_ties + 4 * line.wins) / 6 - 4 <= line.score <= 15 * (line.wins + line.battle_ties) / 6
        )
    assert sum(line.fitness for line in tournament.standings) <= 4 + 1e-9


def test_the_points_of_a_melee_are_those_of_pmars() -> None:
    """(N² - 1) / S in whole numbers: alone 15, with another 7, with two others 5."""
    shares, survivors = np.array([3.9, 0.1, 1.5, 1.2, 3.8, 0.3]), np.array([1, 0, 2, 3, 1, 0])
    line = melee_standing("x", shares, survivors, 4)
    assert (line.opponents, line.wins, line.battle_ties, line.losses, line.survived) == (3, 2, 2, 2, 4 / 6)
    assert line.score == (15 + 7 + 5 + 15) / 6
    assert line.fitness == pytest.approx(1.8)
    assert line.fitness_interval.low < 1.8 < line.fitness_interval.high


def test_a_melee_may_be_fought_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = TournamentConfig(("imp", "dwarf", "stone"), (), format=Format.MELEE, placements=7, threads=1)
    told: list[tuple[int, int]] = []
    whole = play(settings)
    monkeypatch.setitem(melee.__globals__, "CHUNK_BATTLES", 9)
    assert play(settings, lambda what, done, of: told.append((done, of))) == whole
    assert told == [(0, 7), (3, 7), (6, 7), (7, 7)]


def test_a_melee_has_as_many_as_the_core_has_room_for(tmp_path: Path) -> None:
    for name, text in (("imp", IMP), ("dwarf", DWARF), ("suicide", SUICIDE)):
        (tmp_path / f"{name}.red").write_text(text)
    settings = TournamentConfig((str(tmp_path),), (), format=Format.MELEE, placements=2, threads=1)
    assert len(play(replace(settings, rules=replace(RULES, min_distance=26))).standings) == 3
    with pytest.raises(ConfigError, match="expected 2 to 2 warriors in a melee under these rules, got 3"):
        play(replace(settings, rules=replace(RULES, min_distance=27)))


def test_one_is_no_melee() -> None:
    with pytest.raises(ConfigError, match="expected 2 to 64 warriors in a melee under these rules, got 1"):
        play(TournamentConfig(("imp",), (), format=Format.MELEE, threads=1))


def test_two_in_a_melee_are_a_duel() -> None:
    names = ("dwarf", "paper")
    melee = play(TournamentConfig(names, (), format=Format.MELEE, placements=10, threads=1))
    duel = play(TournamentConfig(names[:1], names[1:], placements=10, threads=1))
    line = next(line for line in melee.standings if line.warrior == "dwarf")
    row = duel.pairs[0]
    assert (line.wins, line.battle_ties, line.fitness) == (row.wins, row.ties, pytest.approx(row.fitness))
    assert line.score == pytest.approx(row.score / 10)


def test_the_seed_decides_and_nothing_else(folder: Path) -> None:
    one, same, other = (play(config(folder, seed=seed)).pairs for seed in (1, 1, 2))
    assert one == same != other
    assert play(config(folder, seed=1, threads=2)).pairs == one


def test_opponents_of_the_evolution_are_not_called_unseen(tmp_path: Path) -> None:
    run = tmp_path / "run"
    execute(nano_config(seed=2), run, (IMP,))
    texts = {"imp": IMP, "dwarf": DWARF, "suicide": SUICIDE}
    for name, text in texts.items():
        (tmp_path / f"{name}.red").write_text(text)
    opponents = tuple(str(tmp_path / f"{name}.red") for name in texts)
    for warriors in (run, run / "champions"):
        tournament = play(TournamentConfig((str(warriors),), opponents, placements=4, rules=NANO, threads=1))
        assert len(tournament.standings) == 2
        assert all(row.met_in_evolution == (row.opponent == "imp") for row in tournament.pairs)
        for line in tournament.standings:
            unseen = [row.outcome for row in tournament.pairs if row.warrior == line.warrior and row.opponent != "imp"]
            counts = (2, unseen.count(Outcome.DEFEATS), unseen.count(Outcome.TIES))
            assert (line.unseen, line.unseen_defeats, line.unseen_ties) == counts


def test_what_a_champion_met_in_either_run_it_has_met() -> None:
    imp, dwarf = (NamedWarrior(name, opponent(text).warrior) for name, text in (("imp", IMP), ("dwarf", DWARF)))
    ours = Entries([imp], met={"champion": {"a"}, "first": {"c"}})
    theirs = Entries([dwarf, NamedWarrior("same", imp.warrior)], met={"champion": {"b"}, "second": {"d"}})
    joined = ours.joined(theirs)
    assert joined.met == {"champion": {"a", "b"}, "first": {"c"}, "second": {"d"}}
    assert joined.warriors == [imp, dwarf]
    assert ours.met["champion"] == {"a"}


@pytest.mark.parametrize("key", ["warriors", "opponents"])
def test_nothing_is_not_the_current_directory(
    key: str, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    others = [f"{other}=imp" for other in ("warriors", "opponents") if other != key]
    done = drq(capsys, monkeypatch, "tournament", f"{key}=", *others)
    assert done.status == 2 and done.err.startswith(f"drq: expected {key} to be a file, ") and "got ''" in done.err


def test_a_run_of_other_rules_is_refused(tmp_path: Path) -> None:
    execute(nano_config(rounds=1), tmp_path / "run")
    with pytest.raises(
        StoreError, match=r"run was evolved under rules.core_size=80 rules.pspace_size=null: give that,"
    ):
        load_entries([str(tmp_path / "run")], replace(NANO, core_size=800, pspace_size=1), "warriors")


def test_the_command_writes_tables_that_say_the_same(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    arguments = (f"warriors={folder}", f"opponents={folder}", "rules=nano", "placements=5", f"out={out}", "threads=1")
    done = drq(capsys, monkeypatch, "tournament", *arguments)
    assert done.status == 0 and "skipped as not assembling under these rules: 2 files" in done.out
    assert " more" not in done.out, "all are listed"
    assert "fought once, because they are copies of one code: 2 warriors: dwarf, dwarf\n" in done.out
    assert (
        "not fought against themselves, because they are opponents too: 3 warriors: deep/again, deep/suicide, imp\n"
        in done.out
    )
    whole = json.loads((out / "tournament.json").read_text())
    with (out / "pairs.csv").open() as file:
        pairs = list(csv.DictReader(file))
    assert [row["wins"] for row in pairs] == [str(row["wins"]) for row in whole["pairs"]]
    assert {row["outcome"] for row in pairs} <= {"defeats", "ties", "loses"}
    with (out / "standings.csv").open() as file:
        names = [row["warrior"] for row in csv.DictReader(file)]
    assert names == [row["warrior"] for row in whole["standings"]] and whole["config"]["placements"] == 5
    assert whole["dropped"][0] == {"name": "dwarf", "why": "fought once, because they are copies of one code"}


def test_a_melees_table_has_no_column_of_duels(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    heads = {}
    for format in ("melee", "duels"):
        out = tmp_path / format
        arguments = ("warriors=imp", "opponents=dwarf", "placements=1", f"format={format}", f"out={out}", "threads=1")
        done = drq(capsys, monkeypatch, "tournament", *arguments)
        warriors = {
            "melee": "2 warriors in one core, 1 battle",
            "duels": "1 warrior, one on one against 1 other, 1 battle",
        }
        assert done.status == 0 and warriors[format] in " ".join(done.out.split())
        assert ("generality" in done.out, "points" in done.out) == (format == "duels", format == "melee")
        with (out / "standings.csv").open() as file:
            rows = list(csv.DictReader(file))
        heads[format] = set(rows[0])
        assert all(value != "" for row in rows for value in row.values())
    assert heads["melee"] - heads["duels"] == {"survived", "survived_interval_low", "survived_interval_high"}
    assert {"generality", "generality_interval_low", "defeats", "unseen"} <= heads["duels"] - heads["melee"]


@pytest.mark.parametrize("out", ["hill/imp.red", "hill/imp.red/deeper", "/proc/nothing"])
def test_where_nothing_can_be_written_nothing_is_fought(
    out: str, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("drq.cli.commands.tournament.play", lambda *_: pytest.fail("fought"))
    monkeypatch.chdir(folder.parent)
    done = drq(capsys, monkeypatch, "tournament", "warriors=imp", "opponents=dwarf", f"out={out}")
    assert done.status == 2 and done.err.count("\n") == 1
    assert done.err.startswith(f"drq: expected out to be a folder that can be written, got {out}: ")


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ((), "drq: expected a value for warriors, got none"),
        (("warriors=imp", "oponents=dwarf"), "drq: unknown key 'oponents'; the nearest is 'opponents'"),
        (("warriors=imp", "placements=0"), "drq: expected placements to be at least 1, got 0"),
        (("warriors=imp", "format=war"), "drq: expected format to be one of duels, round_robin, melee, got 'war'"),
        (("warriors=imp", "opponents=imp"), "drq: expected two different warriors at least, got one code"),
        (("warriors=imp", "rules=huge"), "drq: expected rules to be one of "),
    ],
)
def test_a_users_mistake_is_one_line(
    arguments: tuple[str, ...],
    line: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done = drq(capsys, monkeypatch, "tournament", *arguments)
    assert done.status == 2 and done.err.startswith(line) and done.err.count("\n") == 1


@pytest.mark.parametrize(("format", "opponents"), [("duels", ("held_out",)), ("round_robin", ()), ("melee", ())])
def test_only_duels_have_opponents_by_default(format: str, opponents: tuple[str, ...]) -> None:
    assert TournamentConfig(("imp",), format=Format(format)).opponents == opponents


def test_three_in_a_core_win_what_the_hill_says() -> None:
    """Against the machine's own tournament rule, on the placements of the melee."""
    sources = (IMP, DWARF, SUICIDE)
    pool = [NamedWarrior(str(i), opponent(text).warrior) for i, text in enumerate(sources)]
    seating = draw_seating(generator(0, Purpose.DUELS), 12, 3, RULES)
    wins = np.zeros(3, dtype=int)
    for entrants, starts in zip(seating.entrants, seating.starts, strict=True):
        result = fight([pool[i].warrior for i in entrants], RULES, starts=[starts], order=[[0, 1, 2]], stop="last")
        wins[entrants] += result.wins
    settings = TournamentConfig(("x",), (), format=Format.MELEE, placements=12, rules=RULES)
    standings = melee(pool, settings, LocalEngine(1), quiet)
    assert [line.wins for line in standings] == wins.tolist()
