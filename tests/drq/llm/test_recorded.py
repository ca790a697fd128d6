"""A run that a real model wrote, shipped with the tests, comes out the same from its record; see its SOURCE.txt."""

from __future__ import annotations

import shutil
import socket
from pathlib import Path

import pytest

from drq.cli.configure import configure
from drq.run.observer import Observer
from drq.store.reader import RunReader
from redcode import NANO, assemble
from tests.drq.llm.runs import rows, select

RECORDED = Path(__file__).parents[2] / "data" / "recorded_run"


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    """A copy, since opening a database may write beside it."""
    return Path(shutil.copytree(RECORDED, tmp_path / "recorded"))


def test_every_reply_of_the_model_assembles(recorded: Path) -> None:
    replies = [row[0] for row in select(recorded, "SELECT reply FROM calls")]
    assert len(replies) == 32 and len(set(replies)) > 24
    assert all(assemble(reply, NANO) for reply in replies)


def test_it_replays_row_for_row_without_a_network(
    recorded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_network(*_: object) -> None:
        raise AssertionError("a replay opened a connection")

    monkeypatch.setattr(socket.socket, "connect", no_network)
    run = configure(["operator=replay", f"operator.run={recorded}", f"run_dir={tmp_path / 'replayed'}"])
    run.execute(lambda operator: Observer())
    assert rows(tmp_path / "replayed") == rows(recorded)
    assert select(tmp_path / "replayed", "SELECT count(candidate_id) FROM champions") == [(2,)]


def test_it_is_the_run_of_its_command_though_older_than_the_settings(recorded: Path) -> None:
    llm = ["llm=local", "llm.gguf=gemma-3-270m-q4_k_m.gguf", "llm.max_tokens=150", "llm.show=standing"]
    llm += ["llm.max_length=null", "llm.extra_body={}"]
    small = ["experiment=smoke", "operator=llm", "archive.begin=empty", "crossover_share=0.25", "initial=4"]
    command = [*small, "rounds=2", "iterations=12", f"run_dir={recorded}", *llm]
    assert configure(command).is_finished()
    assert not configure([*command, "llm.seed=false"]).is_finished()


def test_a_warrior_of_the_model_is_champion(recorded: Path) -> None:
    champions = "champions JOIN candidates ON id = champions.candidate_id JOIN evaluations USING (candidate_id)"
    found = select(recorded, f"SELECT operator, fitness FROM {champions}")
    assert len(found) == 2 and all(operator == "llm" and fitness > 0.5 for operator, fitness in found)


def test_the_model_is_counted(recorded: Path) -> None:
    store = RunReader.open(recorded)
    (tally,) = store.calls.tally()
    store.close()
    assert (tally.model, tally.proposals, tally.failed, tally.assembled) == ("gemma-3-270m-q4_k_m.gguf", 32, 0, 32)
    assert 0 < tally.inserted < 32 and tally.tokens > 30_000 and tally.cost == 0
