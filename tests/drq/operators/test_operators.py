"""The small operators: mixed, scripted, replay's log, and the log without a run."""

from __future__ import annotations

import asyncio
import math
import re
import sqlite3
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from drq import operators
from drq.candidate import Kind
from drq.cli.configure import configure
from drq.errors import ConfigError, OperatorError
from drq.llm.calls import Call, Usage
from drq.operators.base import Proposal, Request
from drq.operators.mixed import MixedOperator
from drq.operators.replay import ReplayLog
from drq.store import RunStore
from drq.store.call_store import CallStore
from redcode import NANO
from tests.drq.runs import DWARF, IMP, nano_config, opponent

CALL = Call(0, 3, 0, "m", "m", "h", "[]", "{}", "reply", "stop", None, 10, 20, 0.5, 2, 1.0, 0.1)


def request(iteration: int) -> Request:
    return Request(0, iteration, Kind.NEW, (), (opponent(),), NANO, np.random.default_rng(iteration))


class Named:
    """Answers with its name."""

    def __init__(self, name: str, in_flight: int, usage: Usage | None = None) -> None:
        self.name, self.in_flight, self.usage, self.closed = name, in_flight, usage, False

    async def propose(self, request: Request) -> Proposal:
        return Proposal(self.name, f"; {request.rng.random()}\n{IMP}")

    async def close(self) -> None:
        self.closed = True


def test_a_mixture_draws_by_weight_and_says_who_wrote() -> None:
    one, two = Named("one", 2), Named("two", 7, Usage(done=3))
    mixed = MixedOperator([one, two], [3.0, 1.0])
    proposals = [asyncio.run(mixed.propose(request(i))) for i in range(400)]
    share = sum(proposal.operator == "one" for proposal in proposals) / 400
    assert 0.68 < share < 0.82
    assert [asyncio.run(mixed.propose(request(i))) for i in range(400)] == proposals
    assert (mixed.in_flight, mixed.usage) == (7, Usage(done=3))
    asyncio.run(mixed.close())
    assert one.closed and two.closed


def test_a_mixture_is_built_from_the_configuration() -> None:
    settings = {
        "name": "mixed",
        "weights": {"genetic": 1, "scripted": 1},
        "settings": {"scripted": {"warriors": ["imp"]}},
    }
    mixed = operators.build(nano_config(operator=settings), CallStore.in_memory())
    names = {asyncio.run(mixed.propose(request(i))).operator for i in range(20)}
    assert names == {"genetic", "scripted"}


def test_what_has_no_weight_is_not_built() -> None:
    mixed = operators.build(
        nano_config(operator={"name": "mixed", "weights": {"genetic": 1, "llm": 0}}), CallStore.in_memory()
    )
    assert mixed.name == "mixed" and asyncio.run(mixed.propose(request(0))).operator == "genetic"


@pytest.mark.parametrize(
    "weights", [{}, {"genetic": 0}, *({"genetic": 1, "scripted": weight} for weight in (math.inf, math.nan, -0.5))]
)
def test_a_weight_that_is_none_is_refused(weights: dict[str, float]) -> None:
    with pytest.raises(ConfigError, match=r"expected operator\.weights to be numbers"):
        operators.build(nano_config(operator={"name": "mixed", "weights": weights}), CallStore.in_memory())


@pytest.mark.parametrize("name", ["mixed", "replay", "nosuch"])
def test_what_cannot_be_mixed_is_refused(name: str) -> None:
    for settings in ({"weights": {"genetic": 1, name: 1}}, {"weights": {"genetic": 1}, "settings": {name: {}}}):
        with pytest.raises(ConfigError, match=f"to name operators to mix, got '{name}'"):
            operators.build(nano_config(operator={"name": "mixed", **settings}), CallStore.in_memory())


def test_a_script_is_asked_one_at_a_time_at_least() -> None:
    settings = {"name": "scripted", "warriors": ["imp"]}
    assert operators.build(nano_config(operator=settings), CallStore.in_memory()).in_flight == 1
    with pytest.raises(ConfigError, match=r"expected operator\.in_flight to be at least 1, got 0"):
        operators.build(nano_config(operator=settings | {"in_flight": 0}), CallStore.in_memory())


def test_the_settings_of_a_mixture_are_given_as_the_configuration_says() -> None:
    config = configure(["operator=mixed", "llm=openai", "operator.settings={genetic: {edits: 3.0}}"]).config
    assert config.operator["settings"] == {"genetic": {"edits": 3.0}}


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        (
            ["operator.weights={genetic: 1, llm: 1}"],
            "operator=mixed: expected settings of a model for operator=llm, got",
        ),
        (
            ["operator.weights.llm=0", "+operator.settings.genetic.edits=0.5"],
            "operator=mixed: expected operator.settings.genetic.edits to be at least 1, got 0.5",
        ),
        (
            ["operator.weights.llm=0", "+operator.weights.scripted=1", "+operator.settings.scripted.warrior=[imp]"],
            "operator=mixed: unknown key 'operator.settings.scripted.warrior'; the nearest is "
            "'operator.settings.scripted.warriors'",
        ),
    ],
)
def test_the_mistakes_of_a_part_are_named_as_the_mixture_takes_them(overrides: list[str], message: str) -> None:
    config = configure(["operator=mixed", *overrides]).config
    with pytest.raises(ConfigError) as error:
        operators.build(config, CallStore.in_memory())
    assert str(error.value).startswith(message)


def test_the_configuration_s_own_examples_of_a_mixture_work() -> None:
    text = (files("drq.configs") / "operator" / "mixed.yaml").read_text()
    examples = re.findall(r"operator\.\S+=[\d.]+", text)
    config = configure(["operator=mixed", "llm=openai", "llm.api_key_env=null", *examples]).config
    assert len(examples) == 2 and operators.build(config, CallStore.in_memory()).name == "mixed"


def test_scripted_warriors_come_in_turn(tmp_path: Path) -> None:
    for name, text in (("a", IMP), ("b", DWARF)):
        (tmp_path / f"{name}.red").write_text(text)
    settings = {"name": "scripted", "warriors": [str(tmp_path)], "in_flight": 2}
    operator = operators.build(nano_config(operator=settings), CallStore.in_memory())
    assert [asyncio.run(operator.propose(request(i))).source for i in range(4)] == [IMP, DWARF, IMP, DWARF]
    assert operator.in_flight == 2


def test_a_replay_copies_what_it_finds_and_makes_no_call(tmp_path: Path) -> None:
    recorded = RunStore.open_or_create(tmp_path, {}, {}, [])
    recorded.calls.add(CALL, "prompt")
    own = CallStore.in_memory()
    log = ReplayLog(own, tmp_path)
    assert log.find(0, 3, 0) == CALL and own.find(0, 3, 0) == CALL
    assert log.find(0, 3, 0) == CALL and log.usage().done == 1
    with pytest.raises(OperatorError, match="the recorded run ends here: it has no call for round 0, iteration 4"):
        log.find(0, 4, 0)
    with pytest.raises(AssertionError):
        log.add(CALL, "prompt")
    log.close()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        log.find(0, 5, 0)
    recorded.close()


@pytest.mark.parametrize("name", ["genetic", "scripted"])
def test_every_operator_says_its_name(name: str) -> None:
    settings = {"name": name} | ({"warriors": ["imp"]} if name == "scripted" else {})
    operator = operators.build(nano_config(operator=settings), CallStore.in_memory())
    assert operator.name == name and operator.usage is None
    asyncio.run(operator.close())
