"""The report's numbers, recomputed here from the run's rows by other means."""

from __future__ import annotations

import io
import json
import re
import shutil
import sqlite3
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from numpy.typing import NDArray
from rich.console import Console

from drq.battles.duels import Duel, fight_duels
from drq.battles.engine import LocalEngine
from drq.battles.scoring import Outcome
from drq.cli.main import group
from drq.cli.summary import print_summary
from drq.config import CrownConfig
from drq.measurements import PLACEMENTS, SEED
from drq.measurements.cache import CACHE_FILE
from drq.opponents.held_out import held_out, shortage
from drq.plain import to_plain
from drq.report import ChampionDuels, read_config, report_page
from drq.report.champion_duels import recorded_cycles
from drq.report.records import cause_of
from drq.run.archive import empty_archive
from drq.store import RunStore
from drq.store.reader import RunReader, Starter
from redcode import ICWS94, NANO, Warrior, assemble, disassemble
from redcode.language.disassembler import code_text
from redcode.machine.battle import BattleResult
from redcode.pictures.page import asset
from redcode.text import difference
from tests.drq.hostile import scripted_run
from tests.drq.runs import IMP, POINTS, elite, execute, nano_config, opponent, population_config


class CountingEngine:
    """Counts the battles that it is asked for."""

    def __init__(self) -> None:
        self.battles = 0

    def fight(self, pool: Sequence[Warrior], entrants: NDArray[np.int64], *battles: Any) -> BattleResult:
        self.battles += len(entrants)
        return LocalEngine(1).fight(pool, entrants, *battles)


def duels(warrior: Warrior, opponents: Sequence[Warrior]) -> list[Duel]:
    pairs = np.array([(0, 1 + i) for i in range(len(opponents))]).reshape(-1, 2)
    fought = fight_duels([warrior, *opponents], pairs, NANO, PLACEMENTS, SEED, LocalEngine(1))
    return [duel for chunk in fought for duel in chunk]


def report(directory: Path, duels: ChampionDuels | None = None) -> dict[str, Any]:
    """The data inside the page."""
    page = report_page(directory, duels or ChampionDuels(directory, NANO, LocalEngine(1)))
    match = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.S)
    assert match
    run: dict[str, Any] = json.loads(match[1])["run"]
    return run


def select(directory: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(directory / "run.sqlite")) as db:
        return db.execute(sql).fetchall()


def warrior_of_row(directory: Path, id: int) -> Warrior:
    return assemble(select(directory, f"SELECT source FROM candidates WHERE id = {id}")[0][0], NANO)


@pytest.fixture(scope="module")
def genetic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("runs") / "genetic"
    execute(nano_config(rounds=3, iterations=60), directory)
    return directory


@pytest.fixture(scope="module")
def scripted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("runs") / "scripted"
    scripted_run(directory, nano_config(iterations=30))
    return directory


def test_a_champion_s_fitness_is_that_of_its_finals(tmp_path: Path) -> None:
    execute(nano_config(crown=CrownConfig(among=4, placements=8)), tmp_path)
    last = select(tmp_path, "SELECT round, fitness FROM finals GROUP BY round HAVING heat = max(heat)")
    assert [(round["round"], round["fitness"]) for round in report(tmp_path)["rounds"]] == last


def test_a_population_fought_for_points_is_told_as_one(tmp_path: Path) -> None:
    execute(population_config(minutes=60.0, branch=2, objective=replace(POINTS, weighed=True)), tmp_path)
    run = report(tmp_path)
    assert "the fewer beat it" in run["objective"]["unit"]
    assert run["population"] == 5 and run["branch"] == 2 and len(run["rounds"][-1]["cells"]) == 5
    assert run["objective"]["name"] == "duels" and "points" in run["objective"]["unit"]
    assert run["objective"]["even"] is None
    assert run["planned"]["rounds"] is None and len(run["rounds"]) == 4


def test_of_many_rounds_the_last_archives_are_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    execute(population_config(), tmp_path)
    whole = report(tmp_path)
    monkeypatch.setattr("drq.report.page.ARCHIVES", 2)
    run = report(tmp_path)
    assert [bool(entry["cells"]) for entry in run["rounds"]] == [False, False, True, True]
    assert [entry["cells"] for entry in run["rounds"][2:]] == [entry["cells"] for entry in whole["rounds"][2:]]
    assert {str(entry["champion"]) for entry in run["rounds"]} <= run["candidates"].keys()


def test_each_archive_is_what_its_additions_leave(genetic: Path) -> None:
    run = report(genetic)
    config = read_config(genetic)
    for entry in run["rounds"]:
        archive = empty_archive(config.archive)
        rows = select(
            genetic,
            "SELECT id, fitness, cell FROM candidates JOIN evaluations ON evaluations.candidate_id = id"
            f" JOIN insertions ON insertions.candidate_id = id WHERE round = {entry['round']} ORDER BY id",
        )
        cells = {}
        for id, fitness, text in rows:
            cell = tuple(json.loads(text))
            if archive.add(elite(id, fitness), cell) != "not added":
                cells[",".join(map(str, cell))] = id
        assert entry["cells"] == cells
        assert all(str(id) in run["candidates"] for id in cells.values())


def test_the_curve_ends_at_the_champion_and_its_quartiles_are_the_candidates(genetic: Path) -> None:
    run = report(genetic)
    old: set[str] = set()
    parts = ("low", "middle", "high")
    for entry in run["rounds"]:
        champion = run["candidates"][str(entry["champion"])]
        curve = entry["curve"]
        assert (curve["bestAt"][-1], curve["best"][-1]) == (champion["iteration"] + 1, round(champion["fitness"], 4))
        assert curve["best"] == sorted(set(curve["best"]))
        old = {
            *old,
            *(digest for (digest,) in select(genetic, f"SELECT digest FROM opponents WHERE round = {entry['round']}")),
        }
        rows = select(
            genetic,
            "SELECT iteration + 1, fitness, digest FROM candidates JOIN evaluations ON candidate_id = id"
            f" WHERE kind <> 'seed' AND round = {entry['round']} ORDER BY iteration",
        )
        for start, end, *quartiles in zip([0, *curve["at"]], curve["at"], *(curve[k] for k in parts), strict=False):
            fitness = [value for at, value, digest in rows if start < at <= end and digest not in old]
            assert quartiles == pytest.approx(np.quantile(fitness, (0.25, 0.5, 0.75)).tolist(), abs=1e-4)


def test_a_line_of_descent_follows_first_parents_to_one_without(genetic: Path) -> None:
    run = report(genetic)
    assert run["lineages"].keys() == {str(entry["champion"]) for entry in run["rounds"]}
    for champion, chain in run["lineages"].items():
        line = [run["candidates"][str(id)] for id in (champion, *chain)]
        codes = [code_text(warrior_of_row(genetic, candidate["id"]), NANO) for candidate in line]
        for (child, new), (parent, old) in pairwise(zip(line, codes, strict=True)):
            assert child["parents"][0] == parent["id"] < child["id"]
            assert child["change"] == difference(old, new)
        assert line[-1]["parents"] == [] and "change" not in line[-1]
        assert len(line[0]["code"]) == 3 * len(warrior_of_row(genetic, line[0]["id"]))
    assert any(candidate.get("change") for candidate in run["candidates"].values())


def test_scores_and_the_matrix_are_those_of_duels(genetic: Path) -> None:
    run = report(genetic)
    ids = [entry["id"] for entry in run["duels"]["warriors"]]
    assert ids == [None, *(entry["champion"] for entry in run["rounds"])]
    sources = [IMP, *(run["candidates"][str(id)]["source"] for id in ids[1:])]
    warriors = [assemble(source, NANO) for source in sources]
    (starter,) = run["starters"]
    assert (starter["label"], starter["length"]) == ("Imp", 1)
    scores = [starter["score"], *(run["heldOut"][str(id)] for id in ids[1:])]
    for score, warrior in zip(scores, warriors, strict=True):
        fought = duels(warrior, held_out(NANO))
        assert score.pop("shares") == [[duel.fitness, duel.opponent_fitness] for duel in fought]
        counts = Counter(duel.outcome for duel in fought)
        assert score == {str(outcome): counts[outcome] for outcome in Outcome}
    for i, warrior in enumerate(warriors):
        for j, duel in enumerate(duels(warrior, warriors[i + 1 :]), i + 1):
            assert run["duels"]["matrix"][i][j] == duel.fitness
            assert run["duels"]["matrix"][j][i] == duel.opponent_fitness
        assert run["duels"]["matrix"][i][i] is None
        assert [
            sorted(fighter["name"] for fighter in battle["warriors"]) for battle in run["duels"]["recordings"][i]
        ] == [sorted((warrior.name, other.name)) for other in warriors[:i]]


def test_an_opponent_that_the_evolution_has_fought_is_named(genetic: Path, tmp_path: Path) -> None:
    names = [opponent.name for opponent in held_out(NANO)]
    few = shortage(held_out(NANO), NANO)
    expected = {"names": names, "shortage": few, "battles": PLACEMENTS, "met": []}
    assert report(genetic)["heldOutOpponents"] == expected
    source = disassemble(held_out(NANO)[0], NANO)
    execute(nano_config(rounds=1), tmp_path / "run", (source,))
    assert report(tmp_path / "run")["heldOutOpponents"]["met"] == [held_out(NANO)[0].name]
    text = io.StringIO()
    with closing(RunReader.open(tmp_path / "run")) as store:
        print_summary(store, NANO, LocalEngine(1), Console(file=text, width=200))
    assert f"already met, as a starter of this run: {held_out(NANO)[0].name}\n" in text.getvalue()


def test_all_opponents_need_no_reason() -> None:
    assert shortage(held_out(ICWS94), ICWS94) is None


def test_a_won_field_has_one_colour_here_and_in_the_figures() -> None:
    planes = pytest.importorskip("drq.plots.planes", reason="the extra analysis is not installed")
    colours = [planes.WON_OR_LOST(share, bytes=True)[:3] for share in (1.0, 0.0)]
    style = asset("drq", "report/report.css")
    for name, colour in zip(("good", "bad"), colours, strict=True):
        assert f"--{name}: light-dark(#{bytes(colour).hex()}," in style
    assert ".matrix .wins { background: color-mix(in oklab, var(--good)" in style
    assert ".matrix .loses { background: color-mix(in oklab, var(--bad)" in style


def test_battles_share_a_bound_on_what_is_recorded() -> None:
    assert recorded_cycles(1, ICWS94) == 80_000
    assert recorded_cycles(21, ICWS94) * 2 * 210 <= 600_000
    assert recorded_cycles(5, NANO) == 800


def test_it_tells_battles_that_are_cut_from_whole_ones(genetic: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert report(genetic)["duels"]["recordedCycles"] is None
    monkeypatch.setattr("drq.report.champion_duels.RECORDED_STEPS", 1200)
    assert report(genetic)["duels"]["recordedCycles"] == 100


def test_a_page_written_again_fights_nothing_again(genetic: Path, tmp_path: Path) -> None:
    run, engine = tmp_path / genetic.parent.name / genetic.name, CountingEngine()
    shutil.copytree(genetic, run, ignore=shutil.ignore_patterns(CACHE_FILE))
    duels = ChampionDuels(run, NANO, engine)
    first = report(run, duels)
    fought = engine.battles
    assert fought > 0
    second = report(run, duels)
    assert engine.battles == fought
    assert {**first, "made": 0} == {**second, "made": 0}


def test_operators_and_totals_count_every_proposal(scripted: Path) -> None:
    run = report(scripted)
    (proposed,) = select(scripted, "SELECT count(*) FROM candidates WHERE kind <> 'seed'")[0]
    assert run["totals"]["proposed"] == sum(row["proposed"] for row in run["operators"]) == proposed
    assert run["totals"]["failed"] == sum(row["failed"] for row in run["operators"]) == 44
    (kept,) = select(
        scripted,
        "SELECT count(*) FROM insertions JOIN candidates ON id = candidate_id"
        " WHERE status <> 'not added' AND kind <> 'seed'",
    )[0]
    assert sum(row["new"] + row["improved"] for row in run["operators"]) == kept


def test_calls_are_summed_by_model(scripted: Path) -> None:
    run = report(scripted)
    totals = run["totals"]
    calls = totals["calls"]
    assert (calls["done"], calls["failed"], calls["input_tokens"], calls["cost"]) == (2, 1, 300, 0.25)
    assert [(row["requested"], row["calls"], row["failed"], row["mean_s"]) for row in run["models"]] == [
        ("small", 2, 1, 2)
    ]


def test_failures_are_grouped_by_cause(scripted: Path) -> None:
    run = report(scripted)
    assert sum(row["count"] for row in run["failures"]) == run["totals"]["failed"]
    assert [row["count"] for row in run["failures"]] == sorted((row["count"] for row in run["failures"]), reverse=True)
    silent = select(scripted, "SELECT count(*) FROM candidates WHERE error = 'the script has no warrior here'")[0][0]
    assert {row["cause"]: row["count"] for row in run["failures"]}["the script has no warrior here"] == silent == 22
    assert len(run["failures"]) == 2
    example = max(run["failures"], key=lambda row: row["iteration"])
    assert example["text"].startswith("<script>window.pwned=1</script>")


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        ("<source>:12:3: expected a label, got 'x1'\n    x1 y\n    ^", "expected a label, got '…'"),
        ("line 7: expected 1 to 100 instructions, got 112", "expected N to N instructions, got N"),
        ("the model refused", "the model refused"),
        ("429: try again in 1.5 s", "N: try again in N s"),
    ],
)
def test_position_names_and_numbers_make_no_cause(error: str, cause: str) -> None:
    assert cause_of(error) == cause


def test_untrusted_text_is_bounded_and_stays_data(scripted: Path) -> None:
    page = report_page(scripted, ChampionDuels(scripted, NANO, LocalEngine(1)))
    assert len(page) < 1_000_000
    assert "<img" not in page and page.count("</script>") == 2
    assert "\x07" not in page


def test_it_says_whether_the_run_is_going_on(tmp_path: Path) -> None:
    directory = tmp_path / "run"
    config = nano_config()
    execute(config, directory)
    assert report(directory)["going"] is False
    store = RunStore.open_or_create(directory, to_plain(config), {}, [])
    try:
        assert report(directory)["going"] is True
    finally:
        store.close()


def test_a_run_that_has_not_begun_a_round_has_a_page(tmp_path: Path) -> None:
    starter = opponent(IMP)
    rows = [Starter("Imp", starter.warrior.digest, starter.source)]
    RunStore.open_or_create(tmp_path / "run", to_plain(nano_config()), {}, rows).close()
    run = report(tmp_path / "run")
    assert (run["rounds"], run["totals"]["proposed"], run["duels"]["matrix"]) == ([], 0, [[None]])


def test_the_command_writes_the_page(genetic: Path, tmp_path: Path) -> None:
    output = tmp_path / "report.html"
    result = CliRunner().invoke(group, ["report", str(genetic), "-o", str(output), "--watch"])
    assert result.exit_code == 0, result.output
    assert re.fullmatch(rf"{re.escape(str(output))}: \d\.\d MB\n", result.output)
    assert output.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert not list(tmp_path.glob("*.tmp"))


def test_a_page_that_cannot_be_written_is_told_before_a_battle(
    genetic: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("drq.cli.commands.report.report_page", lambda *_: pytest.fail("fought"))
    (tmp_path / "file").touch()
    result = CliRunner().invoke(group, ["report", str(genetic), "-o", str(tmp_path / "file" / "report.html")])
    assert str(result.exception).startswith(
        f"expected the folder of -o to be a folder that can be written, got {tmp_path}"
    )


def test_a_directory_without_a_run_is_one_clear_line(tmp_path: Path) -> None:
    result = CliRunner().invoke(group, ["report", str(tmp_path)])
    assert result.exit_code != 0
    assert f"expected a run, found no {tmp_path / 'run.sqlite'}" in str(result.exception)
