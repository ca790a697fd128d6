"""A run killed at any instant with 16 calls in flight comes back: same rows, and no recorded reply asked for again."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import time
from functools import partial
from pathlib import Path
from random import Random

import pytest

from drq.config import RunConfig
from drq.errors import BudgetSpent
from drq.llm.grammar import redcode_grammar
from redcode import NANO
from tests.drq.llm.runs import config_for, execute, rows, select
from tests.drq.llm.server import Exchange, ModelServer
from tests.drq.llm.test_grammar import sentence
from tests.drq.runs import in_child

KILLS = 200 if os.environ.get("DRQ_SLOW") else 5


async def unsteady(exchange: Exchange) -> None:
    """A warrior that follows from the request alone, after a while that does not."""
    await asyncio.sleep(Random().uniform(0.0, 0.1))
    request = Random(json.dumps(exchange.body["messages"]) + str(exchange.body["seed"]))
    await exchange.reply("MOV nonsense, 1" if request.random() < 0.2 else sentence(redcode_grammar(NANO), request))


def config(server: ModelServer) -> RunConfig:
    llm = {"model": "m", "base_url": server.base_url, "in_flight": 16, "seed": True, "repair": 1}
    return config_for(llm, initial=8, iterations=40)


def seeds(directory: Path) -> set[int]:
    """What names the recorded calls: every request has a seed of its own."""
    if not (directory / "run.sqlite").exists() or not select(directory, "SELECT 1 FROM sqlite_schema"):
        return set()
    return {json.loads(row[0])["seed"] for row in select(directory, "SELECT options FROM calls")}


def test_killed_runs_end_like_others(tmp_path: Path) -> None:
    random = Random(0)
    with ModelServer(unsteady) as server:
        execute(config(server), tmp_path / "warm")  # so that every child finds imports and kernel done
        began = time.monotonic()
        os.waitpid(in_child(lambda: execute(config(server), tmp_path / "whole")), 0)
        duration = time.monotonic() - began
        expected = rows(tmp_path / "whole")
        assert len(expected["champions"]) == 2
        for number in range(KILLS):
            directory = tmp_path / str(number)
            work = partial(execute, config(server), directory)
            pid = in_child(work)
            time.sleep(random.uniform(0, duration))
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            recorded = seeds(directory)
            server.requests.clear()
            os.waitpid(in_child(work), 0)
            shutil.rmtree(directory.with_name(str(number - 1)), ignore_errors=True)
            asked = [exchange.body["seed"] for exchange in server.requests]
            assert len(asked) == len(set(asked)) and not recorded & set(asked)
            assert rows(directory) == expected


def test_a_budget_holds_though_the_run_is_killed_again_and_again(tmp_path: Path) -> None:
    async def slow(exchange: Exchange) -> None:
        await asyncio.sleep(0.5)
        await unsteady(exchange)

    with ModelServer(slow) as server:
        llm = {"model": "m", "base_url": server.base_url, "in_flight": 4, "seed": True, "max_calls": 10}
        for sent in (4, 8, 10):
            pid = in_child(lambda: execute(config_for(llm), tmp_path / "run"))
            while len(server.requests) < sent and os.waitpid(pid, os.WNOHANG) == (0, 0):
                time.sleep(0.01)
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        with pytest.raises(BudgetSpent, match=r"llm\.max_calls=10 is used up: 10 spent"):
            execute(config_for(llm), tmp_path / "run")
        assert len(server.requests) == 10
        execute(config_for(llm | {"max_calls": None}), tmp_path / "run")
        server.behaviour = unsteady
        execute(config_for(llm | {"max_calls": None}), tmp_path / "whole")
    assert rows(tmp_path / "run") == rows(tmp_path / "whole")


def test_the_rows_do_not_depend_on_anything_but_the_seed(tmp_path: Path) -> None:
    with ModelServer(unsteady) as server:
        for name in ("one", "two"):
            execute(config(server), tmp_path / name)
    assert rows(tmp_path / "one") == rows(tmp_path / "two")
