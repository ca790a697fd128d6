"""The commands that the end of a run prints are run here as a shell would."""

from __future__ import annotations

import io
import json
import re
import shlex
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from rich.console import Console

import redcode.commands.cli
from drq.battles.engine import LocalEngine
from drq.battles.scoring import Outcome
from drq.cli.main import group
from drq.cli.summary import print_next, print_summary
from drq.measurements import Cache, Conditions, against
from drq.opponents.held_out import held_out
from drq.store.reader import RunReader
from redcode import NANO, Rules, assemble
from tests.drq.llm import runs as model_runs
from tests.drq.llm.server import BEHAVIOURS, Exchange, ModelServer
from tests.drq.runs import IMP, execute, nano_config


def summary(directory: Path, rules: Rules = NANO) -> str:
    text = io.StringIO()
    with closing(RunReader.open(directory)) as store:
        console = Console(file=text, width=200)
        print_summary(store, rules, LocalEngine(1), console)
        print_next(store, rules, console)
    return text.getvalue()


def hint(text: str, program: str) -> list[str]:
    """The arguments of the command of ``program`` among the hints, without its output."""
    line = next(line for line in text.splitlines() if program in line)
    return shlex.split(line[line.index(program) + len(program) :])[:-2]


def battle(arguments: list[str], output: Path) -> dict[str, Any]:
    """The battle in the page that ``redcode watch`` writes."""
    result = CliRunner().invoke(redcode.commands.cli.group, ["watch", *arguments, "-o", str(output)])
    assert result.exit_code == 0, result.output
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', output.read_text(), re.S)
    assert found
    data: dict[str, Any] = json.loads(found[1])["battle"]
    return data


def test_starters_come_first_with_what_they_do_to_the_held_out(tmp_path: Path) -> None:
    execute(nano_config(rounds=1), tmp_path / "run")
    rows = [line.split("│")[1:-1] for line in summary(tmp_path / "run").splitlines() if line.startswith("│")]
    first, champion = ([cell.strip() for cell in row] for row in rows[:2])
    assert first[:3] == ["starter", "-", "Imp"] and champion[0] == "0"
    with closing(Cache(None)) as cache:
        (duels,) = against([assemble(IMP, NANO)], held_out(NANO), Conditions(NANO), cache, LocalEngine(1))
    counts = [duel.outcome for duel in duels]
    assert first[3:6] == [str(counts.count(outcome)) for outcome in Outcome]
    assert first[6] == f"{1 - counts.count(Outcome.LOSES) / len(counts):.0%}"


def test_of_many_starters_none_is_measured(tmp_path: Path) -> None:
    execute(nano_config(rounds=1), tmp_path / "run", tuple(f"DAT #{i}, #0" for i in range(5)))
    assert "│ starter" not in summary(tmp_path / "run")


def test_the_battle_to_watch_is_fought_under_the_rules_of_the_run(tmp_path: Path) -> None:
    execute(nano_config(), tmp_path / "run")
    arguments = hint(summary(tmp_path / "run"), "redcode watch")
    assert [Path(path).name for path in arguments[-2:]] == ["round_001.red", "round_000.red"]
    shown = battle(arguments, tmp_path / "battle.html")
    assert (shown["coreSize"], shown["maxProcesses"]) == (80, 80) and shown["cycles"] <= 800


def test_after_one_round_the_champion_meets_the_starter(tmp_path: Path) -> None:
    (tmp_path / "mine.red").write_text(IMP)
    for starter, name in (("imp", "imp"), (str(tmp_path / "mine.red"), str(tmp_path / "mine.red"))):
        directory = tmp_path / Path(starter).stem
        execute(nano_config(rounds=1, starter=(starter,)), directory)
        arguments = hint(summary(directory), "redcode watch")
        assert arguments[-2:] == [str(directory / "champions" / "round_000.red"), name]
        assert len(battle(arguments, tmp_path / "battle.html")["warriors"]) == 2
    (tmp_path / "mine.red").unlink()
    assert hint(summary(directory), "redcode watch")[-1].endswith("round_000.red")


@pytest.mark.parametrize("name", ["-lead", "o [3] $HOME 'q'"])
def test_the_commands_name_any_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    execute(nano_config(iterations=3), Path(name))
    text = summary(Path(name))
    battle(hint(text, "redcode watch"), tmp_path / "battle.html")
    result = CliRunner().invoke(group, ["report", *hint(text, "drq report"), "-o", str(tmp_path / "report.html")])
    assert result.exit_code == 0, result.output
    assert Path(hint(text, "drq analyze")[0]).samefile(name)


def test_without_opponents_nothing_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    execute(nano_config(rounds=1), tmp_path / "run")
    monkeypatch.setattr("drq.cli.summary.held_out", lambda rules: [])
    text = summary(tmp_path / "run")
    assert "against" not in text and "\n0 of 5 held-out warriors assemble under these rules\n" in text
    row = next(line for line in text.splitlines() if "genetic" in line)
    assert row.count(" - ") == 4


def test_one_opponent_is_one_warrior(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    execute(nano_config(rounds=1), tmp_path / "run")
    monkeypatch.setattr("drq.cli.summary.held_out", lambda rules: held_out(rules)[:1])
    assert "Champions against 1 held-out warrior, 100 battles each" in summary(tmp_path / "run")


def test_a_model_of_an_ensemble_that_never_answered_is_named(tmp_path: Path) -> None:
    async def half(exchange: Exchange) -> None:
        await BEHAVIOURS["empty-choices" if exchange.body["model"] == "b" else "good"](exchange)

    with ModelServer(half) as server:
        llm = {"model": ["a", "b"], "base_url": server.base_url, "in_flight": 1}
        model_runs.execute(model_runs.config_for(llm, rounds=1, iterations=20), tmp_path)
    lines = [line for line in summary(tmp_path).splitlines() if "no longer asked" in line]
    assert lines == ["every call of b failed, so it was no longer asked"]
