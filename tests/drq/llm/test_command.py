"""The command a user types: its exit status and its last line, with a model that behaves and one that does not."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.drq.commands import drq
from tests.drq.llm.runs import select
from tests.drq.llm.server import BEHAVIOURS, Behaviour, Exchange, ModelServer, failing, in_turn
from tests.drq.llm.test_runs import KEY, inventive


def arguments(server: ModelServer, directory: Path) -> tuple[str, ...]:
    """What follows ``drq``."""
    small = ("experiment=smoke", "rounds=1", "initial=4", "iterations=8", "llm.in_flight=4", f"run_dir={directory}")
    model = ("operator=llm", "llm=openai", f"llm.base_url={server.base_url}", "llm.api_key_env=TEST_KEY")
    return ("evolve", *small, *model)


def evolve(server: ModelServer, directory: Path) -> subprocess.Popen[str]:
    """The command, begun in a process of its own."""
    code = "from drq.cli.main import main; main()"
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments(server, directory)],
        env=os.environ | {"TEST_KEY": KEY},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def end(run: subprocess.Popen[str]) -> tuple[int, str]:
    """Exit status and last line on stderr, after looking for what may never be there."""
    out, err = run.communicate()
    assert "Traceback" not in err and KEY not in out + err
    return run.returncode, err.strip().splitlines()[-1]


@pytest.mark.parametrize(
    ("behaviour", "overrides", "status", "line"),
    [
        (inventive, (), 0, "12 done, 0 failed"),
        (failing(401, message=f"Incorrect API key provided: {KEY}"), (), 2, "the key is refused: HTTP 401: Incorrect"),
        (BEHAVIOURS["insufficient-quota"], (), 2, "the quota is spent: HTTP 429: You exceeded your current quota"),
        (BEHAVIOURS["429-retry-after-long"], (), 2, "no answer to 5 calls in a row, the last time: HTTP 429: failing"),
        (inventive, ("llm.max_calls=5",), 3, "the budget llm.max_calls=5 is used up"),
    ],
    ids=["good", "401", "quota", "silent", "budget"],
)
def test_exit_status(
    behaviour: Behaviour,
    overrides: tuple[str, ...],
    status: int,
    line: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TEST_KEY", KEY)
    with ModelServer(behaviour) as server:
        done = drq(capsys, monkeypatch, *arguments(server, tmp_path / "run"), *overrides)
    assert "Traceback" not in done.err and KEY not in done.out + done.err
    assert done.status == status and (line in done.err.strip().splitlines()[-1] or status == 0)
    assert all(KEY.encode() not in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def test_the_end_says_why_calls_failed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEST_KEY", KEY)
    with ModelServer(in_turn(inventive, BEHAVIOURS["empty-choices"], BEHAVIOURS["context-too-long"])) as server:
        few = ("llm.in_flight=1", "iterations=2")
        done = drq(capsys, monkeypatch, *arguments(server, tmp_path / "run"), *few)
    assert done.status == 0
    assert "4 calls failed: the request is too long for the model: HTTP 400: maximum context length is 16\n" in done.out
    assert "1 call failed: expected text in the reply, got none\n" in done.out


def wait_for_requests(server: ModelServer, number: int, run: subprocess.Popen[str]) -> None:
    while len(server.requests) < number:
        assert run.poll() is None
        time.sleep(0.02)


def test_ctrl_c_finishes_what_is_in_flight(tmp_path: Path) -> None:
    async def slow(exchange: Exchange) -> None:
        await asyncio.sleep(0.5)
        await inventive(exchange)

    with ModelServer(slow) as server:
        run = evolve(server, tmp_path / "run")
        wait_for_requests(server, 4, run)
        run.send_signal(signal.SIGINT)
        assert end(run)[0] == 130
        asked = len(server.requests)
        assert 4 <= asked < 12
        assert select(tmp_path / "run", "SELECT count(reply) FROM calls") == [(asked,)]
        assert end(evolve(server, tmp_path / "run"))[0] == 0
        assert len(server.requests) == 12, "no reply is asked for twice"


def test_a_second_ctrl_c_leaves_at_once(tmp_path: Path) -> None:
    with ModelServer(BEHAVIOURS["hang"]) as server:
        run = evolve(server, tmp_path / "run")
        wait_for_requests(server, 4, run)
        run.send_signal(signal.SIGINT)
        assert run.stderr is not None and run.stderr.readline().startswith("stopping: ")
        assert run.poll() is None
        run.send_signal(signal.SIGINT)
        assert end(run)[0] == 130
        server.behaviour = inventive
        assert end(evolve(server, tmp_path / "run"))[0] == 0
    assert select(tmp_path / "run", "SELECT count(reply) FROM calls") == [(12,)]
