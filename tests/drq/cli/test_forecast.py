"""What a run with a model will come to, beside what it comes to."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from drq.candidate import Kind
from drq.cli.configure import configure
from drq.cli.extent import expected_calls
from drq.cli.forecast import Forecast
from drq.cli.main import group
from drq.errors import ConfigError
from drq.run.observer import Observer
from tests.drq.llm.server import ModelServer
from tests.drq.llm.test_runs import inventive

SMALL = (
    "experiment=smoke",
    "rounds=2",
    "initial=4",
    "iterations=20",
    "crossover_share=0.2",
    "operator=llm",
    "llm=openai",
)


def evolve(*overrides: str) -> Result:
    return CliRunner().invoke(group, ["evolve", *SMALL, *overrides])


@pytest.fixture
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the runs would be; there is no key."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    return tmp_path


def test_a_dry_run_makes_no_call_needs_no_key_and_writes_nothing(directory: Path) -> None:
    with ModelServer(inventive) as server:
        shown = evolve(f"llm.base_url={server.base_url}", "dry_run=true", "llm.max_calls=40")
    assert shown.exit_code == 0 and not server.requests and not any(directory.iterdir())
    for line in (
        "--- system prompt",
        "--- new: 25% of",
        "--- mutate: 60% of",
        "--- crossover: 15% of",
        "calls    48\n",
    ):
        assert line in shown.output
    assert "cost     unknown without llm.prices" in shown.output and "budget   llm.max_calls=40\n" in shown.output


def test_the_prompts_and_numbers_are_those_of_the_run(directory: Path) -> None:
    """The first prompts are the same to the letter; the expected shares and tokens are near what was asked."""
    with ModelServer(inventive) as server:
        options = [*SMALL, f"llm.base_url={server.base_url}", "llm.api_key_env=null", "llm.show=both", "run_dir=run"]
        run = configure(options)
        forecast = Forecast(run)
        run.execute(lambda operator: Observer())
    told = [[message["content"] for message in exchange.body["messages"]] for exchange in server.requests]
    new = next(iter(forecast.prompts(0).values()))
    assert [message["content"] for message in new] in told
    assert len(told) == forecast.calls == 48
    count = sum("\nWrite a new warrior" in user for _, user in told)
    assert 4 * 2 <= count <= 24
    assert json.dumps(told).count("It will meet") == 48
    assert new[1]["content"] in evolve("llm.show=both", "dry_run=true").output


def test_the_cost_is_that_of_the_tokens(directory: Path) -> None:
    prices = ("llm.prices={input: 2.0, output: 8.0, cached: 0.5}", "llm.max_tokens=100", "dry_run=true")
    forecast = Forecast(configure([*SMALL, *prices]))
    assert forecast.written == 4800
    assert forecast.cost(forecast.read, forecast.written) == pytest.approx((forecast.read * 2 + 4800 * 8) / 1e6)
    assert 0 < forecast.cost(forecast.read, 0, forecast.read) < forecast.cost(forecast.read, 0) / 3.9
    ensemble = "llm.model=[{name: a, weight: 3.0, prices: {input: 1.0}}, {name: b, prices: {input: 9.0}}]"
    assert Forecast(configure([*SMALL, ensemble])).cost(1_000_000, 0) == pytest.approx(3.0)
    assert "if the system prompt is cached" in evolve(*prices).output


def test_a_mixture_asks_for_the_share_of_the_model(directory: Path) -> None:
    weights = "operator.weights={genetic: 3.0, llm: 1.0}"
    assert expected_calls(configure([*SMALL, "operator=mixed", weights]).config) == 12


def test_a_sequential_run_is_shown_with_as_many_attempts_as_it_will_see(directory: Path) -> None:
    own = ("operator=sequential", "new_share=1", "operator.attempts=2", "llm.grammar=true")
    with ModelServer(inventive) as server:
        run = configure([*SMALL, *own, f"llm.base_url={server.base_url}", "llm.api_key_env=null", "run_dir=run"])
        forecast = Forecast(run)
        run.execute(lambda operator: Observer())
    assert forecast.calls == len(server.requests) == 48
    shown = forecast.prompts(1)[Kind.NEW][1]["content"]
    asked = [exchange.body["messages"][1]["content"] for exchange in server.requests]
    assert shown.count("Score ") == max(prompt.count("Score ") for prompt in asked) == 2


def test_a_run_without_a_model_makes_no_call(directory: Path) -> None:
    shown = CliRunner().invoke(group, ["evolve", "experiment=smoke", "dry_run=true"])
    assert shown.output == "calls    0: no model is asked\n" and not any(directory.iterdir())
    wrong = CliRunner().invoke(group, ["evolve", "experiment=smoke", "dry_run=3"])
    assert isinstance(wrong.exception, ConfigError) and "dry_run to be true or false" in str(wrong.exception)


def test_a_sweep_says_what_each_run_costs_and_begins_none(directory: Path) -> None:
    code = "from drq.cli.main import main; main()"
    command = [sys.executable, "-c", code, "evolve", "-m", *SMALL, "rounds=1,2", "operator=llm,genetic", "dry_run=true"]
    shown = subprocess.run(command, capture_output=True, text=True, check=True)
    assert [line.split()[1] for line in shown.stdout.splitlines() if line.startswith("calls")] == [
        "24",
        "0:",
        "48",
        "0:",
    ]
    assert not list(directory.rglob("run.sqlite")) and "Traceback" not in shown.stderr


def test_prompts_grow_with_the_opponents_that_are_shown(directory: Path) -> None:
    forecast = Forecast(configure([*SMALL, "rounds=3", "llm.show=both"]))
    assert forecast.prompt_tokens(0) < forecast.prompt_tokens(1) < forecast.prompt_tokens(2)
    only_last = Forecast(configure([*SMALL, "rounds=3", "history=1", "llm.show=both"]))
    assert only_last.prompt_tokens(1) == only_last.prompt_tokens(2) == forecast.prompt_tokens(1)
