"""The sequential operator behind a local server: what the model is shown, in whatever order it answers."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import time
from pathlib import Path
from random import Random
from typing import Any

import pytest

from drq import operators
from drq.cli.configure import configure
from drq.config import RunConfig
from drq.errors import BudgetSpent, ConfigError
from drq.llm.grammar import redcode_grammar
from drq.run.observer import Observer
from drq.store.call_store import CallStore
from redcode import NANO, assemble
from tests.drq.llm.runs import config_for, execute, rows, select
from tests.drq.llm.server import Exchange, ModelServer
from tests.drq.llm.test_grammar import sentence

SHOWN = re.compile(r"Score (\d\.\d\d):\n\n```redcode\n(.*?)\n```", re.DOTALL)


async def unsteady(exchange: Exchange) -> None:
    """A warrior that follows from the request alone, after a while that does not; some do not assemble."""
    await asyncio.sleep(Random().uniform(0.0, 0.02))
    request = Random(json.dumps(exchange.body["messages"]) + str(exchange.body["seed"]))
    await exchange.reply("MOV nonsense, 1" if request.random() < 0.2 else sentence(redcode_grammar(NANO), request))


def config(server: ModelServer, attempts: int = 3, lag: int = 4, **llm: Any) -> RunConfig:
    model = {"model": "m", "base_url": server.base_url, "in_flight": lag, "seed": True} | llm
    operator = {"name": "sequential", "attempts": attempts}
    return config_for(model, operator=operator, new_share=1.0, initial=1, iterations=30)


def prompts(directory: Path, round: int) -> list[str]:
    """What the model was asked, by iteration."""
    query = f"SELECT messages FROM calls WHERE round = {round} ORDER BY iteration"
    return [json.loads(messages)[0]["content"] for (messages,) in select(directory, query)]


@pytest.mark.parametrize("lag", [1, 4])
def test_the_model_sees_its_best_settled_attempts_of_the_round(lag: int, tmp_path: Path) -> None:
    with ModelServer(unsteady) as server:
        execute(config(server, lag=lag), tmp_path)
    for round in (0, 1):
        query = (
            "SELECT iteration, source, fitness, duplicate_of FROM candidates LEFT JOIN evaluations ON candidate_id = id"
            f" WHERE round = {round} AND kind = 'new' ORDER BY iteration"
        )
        made = select(tmp_path, query)
        asked = prompts(tmp_path, round)
        assert len(asked) == len(made) == 31 and any(fitness is None for *_, fitness, _ in made)
        for iteration, prompt in enumerate(asked):
            settled = [row for row in made[: max(0, iteration - lag + 1)] if row[2] is not None and row[3] is None]
            best = sorted(settled, key=lambda row: -row[2])[:3]
            assert [(float(score), code) for score, code in SHOWN.findall(prompt)] == [
                (pytest.approx(fitness, abs=0.005), source.strip("\n")) for _, source, fitness, _ in best
            ]
            assert ("Write a new warrior" in prompt) == (not best)
    assert select(tmp_path, "SELECT DISTINCT parents, operator FROM candidates WHERE iteration >= 0") == [
        ("[]", "sequential")
    ]


def test_the_order_of_answers_does_not_matter(tmp_path: Path) -> None:
    with ModelServer(unsteady) as server:
        for name in ("one", "two"):
            execute(config(server), tmp_path / name)
    assert rows(tmp_path / "one") == rows(tmp_path / "two")


def test_a_killed_run_asks_what_an_unbroken_one_asks(tmp_path: Path) -> None:
    random = Random(0)
    with ModelServer(unsteady) as server:
        execute(config(server), tmp_path / "warm")
        began = time.monotonic()
        execute(config(server), tmp_path / "whole")
        duration = time.monotonic() - began
        for number in range(3):
            directory = tmp_path / str(number)
            pid = os.fork()
            if pid == 0:
                try:
                    execute(config(server), directory)
                finally:
                    os._exit(0)
            time.sleep(random.uniform(0, duration))
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            execute(config(server), directory)
            assert rows(directory) == rows(tmp_path / "whole")


def test_a_spent_budget_is_gone_on_with(tmp_path: Path) -> None:
    with ModelServer(unsteady) as server:
        execute(config(server), tmp_path / "whole")
        for limit in (5, 40):
            with pytest.raises(BudgetSpent):
                execute(config(server, max_calls=limit), tmp_path / "parts")
        execute(config(server), tmp_path / "parts")
    assert rows(tmp_path / "parts") == rows(tmp_path / "whole")


def test_it_replays_without_the_server(tmp_path: Path) -> None:
    with ModelServer(unsteady) as server:
        execute(config(server), tmp_path / "run")
    run = configure(["operator=replay", f"operator.run={tmp_path / 'run'}", f"run_dir={tmp_path / 'again'}"])
    run.execute(lambda operator: Observer())
    assert rows(tmp_path / "again") == rows(tmp_path / "run")


def test_a_reply_that_repeats_what_it_was_shown_and_adds_a_new_one_is_the_new_one(tmp_path: Path) -> None:
    async def chatty(exchange: Exchange) -> None:
        new = f"MOV.I $0, ${1 + exchange.number}"
        quoted = [code for _, code in SHOWN.findall(exchange.body["messages"][1]["content"])]
        await exchange.reply("\n".join(f"```redcode\n{code}\n```" for code in (new, *quoted)))

    with ModelServer(chatty) as server:
        execute(config(server, lag=1), tmp_path)
    assert select(tmp_path, "SELECT count(DISTINCT digest), count(digest) FROM candidates WHERE kind = 'new'") == [
        (62, 62)
    ]


@pytest.mark.parametrize("better", [True, False])
def test_the_aim_is_a_setting(better: bool, tmp_path: Path) -> None:
    with ModelServer(unsteady) as server:
        execute(config(server, better=better), tmp_path)
    asked = [prompt for prompt in prompts(tmp_path, 0) if "Score" in prompt]
    assert asked and all(("likely to do better" in prompt) == better for prompt in asked)


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        (["operator=sequential"], "expected new_share=1 for operator=sequential, which has no parents, got 0.3"),
        (["experiment=sequential", "llm.show=both"], "expected llm.show to be nothing or opponents for operator=seque"),
        (["experiment=sequential", "operator.attempts=0"], "expected operator.attempts to be at least 1, got 0"),
        (
            ["operator=mixed", "operator.weights={genetic: 1, sequential: 1}"],
            "expected operator.weights to name operators to mix, got 'sequential'",
        ),
    ],
)
def test_what_does_not_go_together_is_refused(overrides: list[str], message: str) -> None:
    with pytest.raises(ConfigError) as error:
        run = configure([*overrides, "llm=openai", "llm.api_key_env=null"])
        operators.build(run.config, CallStore.in_memory())
    assert str(error.value).startswith(message)


def test_the_text_that_is_shown_assembles_to_what_fought(tmp_path: Path) -> None:
    with ModelServer(unsteady) as server:
        execute(config(server, grammar=True), tmp_path)
    digests = {row[0] for row in select(tmp_path, "SELECT digest FROM candidates")}
    shown = [code for prompt in prompts(tmp_path, 0) for _, code in SHOWN.findall(prompt)]
    assert shown and all(assemble(code, NANO).digest in digests for code in shown)
