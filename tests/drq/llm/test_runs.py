"""Whole runs with a model behind a local server: rows and endings, whatever the server does."""

from __future__ import annotations

import asyncio
import json
import logging
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

from drq.candidate import Kind
from drq.config import RunConfig
from drq.errors import BudgetSpent, ConfigError, OperatorError
from drq.llm.grammar import redcode_grammar
from drq.operators.base import Proposal, Request
from drq.operators.llm import build
from drq.store.call_store import CallStore
from drq.store.comparison import comparable_rows
from drq.store.reader import RunReader
from redcode import NANO, assemble
from tests.drq.llm.runs import config_for, execute, rows, select
from tests.drq.llm.server import BEHAVIOURS, GOOD_REPLY, Exchange, ModelServer, failing, in_turn
from tests.drq.llm.test_grammar import sentence

KEY = "sk-test/+key=0123456789"


async def inventive(exchange: Exchange) -> None:
    """A different warrior for every different prompt; the same for the same."""
    prompt = json.dumps(exchange.body["messages"])
    await exchange.reply(f"Here:\n{sentence(redcode_grammar(NANO), Random(prompt))}\n")


def llm(server: ModelServer, **values: Any) -> dict[str, Any]:
    quick = {"timeout_s": 1.0, "max_wait_s": 1.5, "in_flight": 3}
    return {"model": "m", "base_url": server.base_url} | quick | values


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("TEST_KEY", KEY)
    return "TEST_KEY"


def test_a_run_records_every_call_and_fights_what_was_written(tmp_path: Path) -> None:
    with ModelServer(inventive) as server:
        execute(config_for(llm(server)), tmp_path)
    assert len(server.requests) == 12
    assert select(tmp_path, "SELECT count(*), count(reply), count(error) FROM calls") == [(12, 12, 0)]
    assert select(tmp_path, "SELECT sum(input_tokens), sum(output_tokens) FROM calls") == [(12 * 12, 12 * 7)]
    assert select(tmp_path, "SELECT count(*) FROM candidates WHERE operator = 'llm' AND error IS NULL") == [(12,)]
    assert select(tmp_path, "SELECT count(*) FROM prompts") == [(1,)]
    assert select(tmp_path, "SELECT count(candidate_id) FROM champions") == [(2,)]


def test_the_order_of_answers_does_not_matter(tmp_path: Path) -> None:
    async def erratic(exchange: Exchange) -> None:
        await asyncio.sleep(Random(exchange.number).random() / 10)
        await inventive(exchange)

    with ModelServer(inventive) as server:
        execute(config_for(llm(server, timeout_s=5.0, max_wait_s=9.0)), tmp_path / "a")
    with ModelServer(erratic) as server:
        execute(config_for(llm(server, timeout_s=5.0, max_wait_s=9.0)), tmp_path / "b")
    assert rows(tmp_path / "a") == rows(tmp_path / "b")


FAILED_CALL = {
    "429-retry-after-long": "HTTP 429",
    "500": "HTTP 500",
    "reset": "connection lost",
    "empty-choices": "expected text",
    "hang": "no answer within",
    "context-too-long": "the request is too long",
    "10-mb": "expected a reply of at most",
}


@pytest.mark.parametrize("mode", FAILED_CALL)
def test_a_call_that_fails_is_a_spent_iteration(mode: str, tmp_path: Path) -> None:
    with ModelServer(in_turn(BEHAVIOURS["good"], BEHAVIOURS[mode])) as server:
        timeouts = {"timeout_s": 5.0, "max_wait_s": 5.0} if mode == "10-mb" else {}
        execute(config_for(llm(server, in_flight=2, **timeouts), rounds=1, iterations=3), tmp_path)
    calls = select(tmp_path, "SELECT reply, error FROM calls WHERE error IS NOT NULL")
    assert len(calls) == 4
    assert all(reply is None and error.startswith(FAILED_CALL[mode]) for reply, error in calls)
    candidates = select(tmp_path, "SELECT source, error FROM candidates WHERE operator = 'llm' AND error IS NOT NULL")
    assert len(candidates) == 4
    assert all(source is None and error.startswith(f"call failed: {FAILED_CALL[mode]}") for source, error in candidates)


@pytest.mark.parametrize(
    ("mode", "error"),
    [("refusal", "expected redcode in the reply, got none"), ("1-mb", "expected at most 50000 characters of code")],
)
def test_a_reply_without_a_warrior_is_a_spent_iteration(mode: str, error: str, tmp_path: Path) -> None:
    with ModelServer(BEHAVIOURS[mode]) as server:
        execute(config_for(llm(server, timeout_s=5.0, max_wait_s=5.0), rounds=1), tmp_path)
    assert select(tmp_path, "SELECT count(reply), count(error) FROM calls") == [(6, 0)]
    candidates = select(tmp_path, "SELECT error FROM candidates WHERE operator = 'llm'")
    assert len(candidates) == 6 and all(row[0].startswith(error) for row in candidates)


def test_a_reasoning_models_answer_fights_and_its_thoughts_do_not(tmp_path: Path) -> None:
    own = {"temperature": None, "max_tokens_name": "max_completion_tokens"}
    with ModelServer(in_turn(BEHAVIOURS["reasoning-inline"], BEHAVIOURS["reasoning-cut-off"])) as server:
        execute(config_for(llm(server, in_flight=1, **own), rounds=1, iterations=2), tmp_path)
    candidates = select(tmp_path, "SELECT source, error FROM candidates WHERE operator = 'llm' ORDER BY id")
    assert candidates[0] == ("MOV.I $0, $1\n", None)
    assert all(source is None and "got only thoughts" in error for source, error in candidates[1:])


@pytest.mark.parametrize("mode", ["prose", "control-characters", "good"])
def test_a_warrior_in_an_odd_reply_fights(mode: str, tmp_path: Path) -> None:
    with ModelServer(BEHAVIOURS[mode]) as server:
        execute(config_for(llm(server), rounds=1), tmp_path)
    assert select(tmp_path, "SELECT count(*) FROM candidates WHERE operator = 'llm' AND digest IS NOT NULL") == [(6,)]


@pytest.mark.parametrize("mode", ["401", "400"])
def test_what_no_call_can_mend_ends_the_run_at_once(mode: str, tmp_path: Path) -> None:
    with ModelServer(BEHAVIOURS[mode]) as server:
        with pytest.raises(OperatorError, match=r"model m: .*HTTP [34]") as caught:
            execute(config_for(llm(server, max_wait_s=60.0)), tmp_path)
        assert caught.value.exit_code == 2 and "\n" not in str(caught.value)
        assert len(server.requests) <= 3, "one attempt of each call in flight"
        assert select(tmp_path, "SELECT count(*) FROM calls") == [(0,)]
        server.behaviour = inventive
        execute(config_for(llm(server, max_wait_s=60.0)), tmp_path)
    assert select(tmp_path, "SELECT count(reply) FROM calls") == [(12,)]


@pytest.mark.parametrize("mode", ["flagged", "400"])
def test_a_refused_prompt_is_a_spent_iteration_also_as_the_first_after_a_resume(mode: str, tmp_path: Path) -> None:
    async def squeamish(exchange: Exchange) -> None:
        refused = Random(json.dumps(exchange.body["messages"]) + str(exchange.body["seed"])).random() < 0.3
        await (BEHAVIOURS[mode] if refused and exchange.number else inventive)(exchange)

    own = {"seed": True, "in_flight": 1}
    with ModelServer(squeamish) as server:
        execute(config_for(llm(server, **own)), tmp_path / "whole")
        failed = [row[0] for row in select(tmp_path / "whole", "SELECT error FROM calls ORDER BY round, iteration")]
        before = next(number for number, error in enumerate(failed) if error)
        assert before > 0
        with pytest.raises(BudgetSpent):
            execute(config_for(llm(server, max_calls=before, **own)), tmp_path / "parts")
        execute(config_for(llm(server, **own)), tmp_path / "parts")
    assert rows(tmp_path / "parts") == rows(tmp_path / "whole")


def test_a_model_that_never_answers_is_no_longer_asked(tmp_path: Path) -> None:
    async def half(exchange: Exchange) -> None:
        await asyncio.sleep(Random().random() / 20)
        await (BEHAVIOURS["empty-choices"] if exchange.body["model"] == "b" else inventive)(exchange)

    def config(**values: Any) -> RunConfig:
        return config_for(llm(server, model=["a", "b"], **values), iterations=20)

    with ModelServer(half) as server:
        execute(config(), tmp_path / "whole")
        for limit in (7, 16, 25):
            with pytest.raises(BudgetSpent):
                execute(config(max_calls=limit), tmp_path / "parts")
        execute(config(), tmp_path / "parts")
    assert rows(tmp_path / "parts") == rows(tmp_path / "whole")
    asked = dict(select(tmp_path / "whole", "SELECT requested_model, count(*) FROM calls GROUP BY 1"))
    assert 5 <= asked["b"] <= 5 + 3 and asked["a"] == 44 - asked["b"]
    store = RunReader.open(tmp_path / "whole")
    operator = build(config(), store.calls)
    assert (store.calls.silent(0, 0), store.calls.silent(2, 0)) == ((), ("b",))
    store.close()
    assert operator.usage.silent == ()


@pytest.mark.parametrize("mode", ["429-retry-after-long", "empty-choices", "context-too-long"])
def test_calls_in_a_row_without_an_answer_end_the_run(mode: str, tmp_path: Path) -> None:
    with ModelServer(in_turn(BEHAVIOURS["good"], BEHAVIOURS[mode])) as server:
        with pytest.raises(OperatorError, match=f"no answer to 8 calls in a row, the last time: {FAILED_CALL[mode]}"):
            execute(config_for(llm(server, max_failures=8, in_flight=1)), tmp_path)
        assert select(tmp_path, "SELECT count(reply), count(error) FROM calls") == [(1, 8)]


@pytest.mark.parametrize("mode", ["429-retry-after-long", "empty-choices", "context-too-long", "500"])
def test_where_nothing_was_ever_answered_a_few_calls_are_enough(mode: str, tmp_path: Path) -> None:
    last = f"no answer to 5 calls in a row, the last time: {FAILED_CALL[mode]}"
    with ModelServer(BEHAVIOURS[mode]) as server, pytest.raises(OperatorError, match=last):
        execute(config_for(llm(server, max_wait_s=0.3)), tmp_path)
    store = RunReader.open(tmp_path)
    (reason, count), *_ = store.calls.failures()
    store.close()
    assert reason.startswith(FAILED_CALL[mode]) and 5 <= count <= 7


def test_paid_replies_under_way_are_recorded_when_another_call_ends_the_run(tmp_path: Path) -> None:
    async def slow(exchange: Exchange) -> None:
        await asyncio.sleep(0.7)
        await inventive(exchange)

    with ModelServer(in_turn(BEHAVIOURS["401"], slow)) as server:
        with pytest.raises(OperatorError, match="the key is refused"):
            execute(config_for(llm(server, in_flight=6)), tmp_path)
        assert len(server.requests) == 6
        assert select(tmp_path, "SELECT count(reply) FROM calls") == [(5,)]
        assert select(tmp_path, "SELECT count(*) FROM outstanding") == [(0,)]
        server.behaviour = inventive
        execute(config_for(llm(server, in_flight=6)), tmp_path)
        assert len(server.requests) == 13, "no reply is asked for twice"


def test_a_refused_key_is_said_while_an_earlier_call_hangs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("drq.run.round.LAND_WITHIN_S", 0.5)
    trouble = in_turn(BEHAVIOURS["hang"], BEHAVIOURS["401"])
    with ModelServer(trouble) as server, pytest.raises(OperatorError, match="the key is refused"):
        execute(config_for(llm(server, in_flight=4, timeout_s=60.0, max_wait_s=60.0)), tmp_path)
    assert select(tmp_path, "SELECT count(*) FROM calls") == [(0,)], "the run did not wait for it to fail"
    assert select(tmp_path, "SELECT sum(calls) FROM outstanding") == [(1,)], "it may be charged all the same"


def test_lost_attempts_change_no_row_of_a_call(tmp_path: Path) -> None:
    async def dropping(exchange: Exchange) -> None:
        await (BEHAVIOURS["reset"] if exchange.number % 3 == 1 else inventive)(exchange)

    for name, behaviour in (("one", inventive), ("two", dropping)):
        with ModelServer(behaviour) as server:
            run = config_for(llm(server, max_wait_s=30.0, prices={"input": 1.0}))
            execute(run, tmp_path / name)
    one, two = (comparable_rows(tmp_path / name) for name in ("one", "two"))
    del one["runs"], two["runs"]
    assert one == two
    lost = select(tmp_path / "two", "SELECT sum(calls), sum(input_tokens) > 0, sum(cost) > 0 FROM outstanding")
    assert lost == [(0, 1, 1)]


def test_a_spent_budget_ends_the_run_and_a_larger_one_resumes_it(tmp_path: Path) -> None:
    with ModelServer(inventive) as server:
        execute(config_for(llm(server)), tmp_path / "whole")
        server.requests.clear()
        for limit in (5, 5, 8):
            with pytest.raises(BudgetSpent, match=f"llm.max_calls={limit} is used up") as caught:
                execute(config_for(llm(server, max_calls=limit)), tmp_path / "parts")
            assert caught.value.exit_code == 3
            assert len(server.requests) == limit, "no reply is paid for twice"
        execute(config_for(llm(server, max_calls=None)), tmp_path / "parts")
        assert len(server.requests) == 12
    assert rows(tmp_path / "parts") == rows(tmp_path / "whole")


def test_tokens_and_cost_stay_within_their_budgets(tmp_path: Path) -> None:
    with ModelServer(inventive) as server:
        prices = {"input": 100.0, "output": 1000.0}
        with pytest.raises(BudgetSpent, match="max_cost"):
            execute(config_for(llm(server, max_cost=0.55, prices=prices, max_tokens=100)), tmp_path)
    spent = select(tmp_path, "SELECT sum(cost), count(*) FROM calls")[0]
    assert 0 < spent[0] <= 0.55 and spent[1] == len(server.requests)


def test_what_does_not_assemble_may_be_repaired(tmp_path: Path) -> None:
    async def clumsy(exchange: Exchange) -> None:
        messages = exchange.body["messages"]
        if len(messages) == 2:
            await exchange.reply("```\nMOV nonsense, 1\n```")
        else:
            assert [message["role"] for message in messages] == ["system", "user", "assistant", "user"]
            assert "nonsense" in messages[3]["content"]
            await inventive(exchange)

    with ModelServer(clumsy) as server:
        execute(config_for(llm(server, repair=1), rounds=1), tmp_path)
    assert select(tmp_path, "SELECT turn, count(*) FROM calls GROUP BY turn") == [(0, 6), (1, 6)]
    assert select(tmp_path, "SELECT count(*) FROM candidates WHERE operator = 'llm' AND error IS NULL") == [(6,)]


def test_a_repair_that_brings_nothing_leaves_the_first_error(tmp_path: Path) -> None:
    async def stubborn(exchange: Exchange) -> None:
        first = len(exchange.body["messages"]) == 2
        await exchange.reply("```\nMOV nonsense, 1\n```" if first else "I give up.")

    with ModelServer(stubborn) as server:
        execute(config_for(llm(server, repair=1), rounds=1, iterations=0), tmp_path)
    assert select(tmp_path, "SELECT source FROM candidates WHERE operator = 'llm'") == [("MOV nonsense, 1\n",)] * 2


def test_an_ensemble_asks_by_weight_and_the_same_again(tmp_path: Path) -> None:
    models = ["a", {"name": "b", "weight": 3.0}]
    with ModelServer(inventive) as server:
        for name in ("one", "two"):
            execute(config_for(llm(server, model=models), rounds=1, iterations=30), tmp_path / name)
    assert rows(tmp_path / "one") == rows(tmp_path / "two")
    counts = dict(select(tmp_path / "one", "SELECT requested_model, count(*) FROM calls GROUP BY 1"))
    assert counts["b"] > counts["a"] > 0
    store = RunReader.open(tmp_path / "one")
    tallies = store.calls.tally()
    store.close()
    assert [(tally.model, tally.proposals) for tally in tallies] == sorted(counts.items())


@pytest.mark.parametrize("show", ["nothing", "opponents", "standing", "both"])
def test_the_model_is_shown_what_was_chosen(show: str, tmp_path: Path) -> None:
    with ModelServer(inventive) as server:
        execute(config_for(llm(server, show=show), rounds=1, crossover_share=0.5), tmp_path)
    prompts = [exchange.body["messages"][1]["content"] for exchange in server.requests]
    changes = [prompt for prompt in prompts if "Write a new warrior" not in prompt]
    assert changes
    assert all(("It will meet these warriors" in prompt) == (show in ("opponents", "both")) for prompt in prompts)
    assert all(("in the same battles: Starter " in prompt) == (show in ("standing", "both")) for prompt in changes)


def test_the_grammar_and_a_seed_are_sent_where_asked(tmp_path: Path) -> None:
    with ModelServer(inventive) as server:
        execute(config_for(llm(server, grammar=True, seed=True, extra_body={"top_k": 5}), rounds=1), tmp_path)
    bodies = [exchange.body for exchange in server.requests]
    assert all(body["grammar"] == redcode_grammar(NANO) and body["top_k"] == 5 for body in bodies)
    assert len({body["seed"] for body in bodies}) == len(bodies)
    options = [json.loads(row[0]) for row in select(tmp_path, "SELECT options FROM calls")]
    assert all(option["grammar"].startswith("sha256:") and option["top_k"] == 5 for option in options)


def test_a_grammar_of_ones_own_takes_the_place_of_the_operators(tmp_path: Path) -> None:
    own = {"grammar": 'root ::= "MOV 0, 1"'}
    with ModelServer(inventive) as server:
        execute(config_for(llm(server, grammar=True, extra_body=own), rounds=1), tmp_path)
    assert server.requests and all(exchange.body["grammar"] == own["grammar"] for exchange in server.requests)


def test_the_key_is_nowhere(tmp_path: Path, key: str, caplog: pytest.LogCaptureFixture, capfd: Any) -> None:
    async def indiscreet(exchange: Exchange) -> None:
        await exchange.reply(f"; you said {exchange.headers['authorization']}\n{GOOD_REPLY}")

    caplog.set_level(logging.DEBUG)
    with ModelServer(in_turn(failing(503, message=KEY), indiscreet)) as server:
        execute(config_for(llm(server, api_key_env=key)), tmp_path)
        server.behaviour = failing(401, message=f"Incorrect API key provided: {KEY}")
        with pytest.raises(OperatorError) as caught:
            execute(config_for(llm(server, api_key_env=key)), tmp_path / "other")
    assert KEY not in str(caught.value)
    seen = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert len(seen) > 4
    out, err = capfd.readouterr()
    for text in (*seen, caplog.text.encode(), out.encode(), err.encode()):
        assert KEY.encode() not in text and b"0123456789" not in text
    assert select(tmp_path, "SELECT count(*) FROM calls WHERE reply LIKE '%Bearer [key]%'") != [(0,)]


def test_a_missing_key_is_found_before_anything_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_SUCH_KEY", raising=False)
    config = config_for({"model": "m", "base_url": "http://127.0.0.1:9/v1", "api_key_env": "NO_SUCH_KEY"})
    with pytest.raises(ConfigError, match="NO_SUCH_KEY"):
        execute(config, tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_an_endpoint_that_is_not_there_ends_the_run(tmp_path: Path) -> None:
    config = config_for({"model": "m", "base_url": "http://127.0.0.1:9/v1", "max_wait_s": 0.3, "in_flight": 4})
    with pytest.raises(OperatorError, match="no answer to 5 calls in a row, the last time: connection failed"):
        execute(config, tmp_path)
    assert select(tmp_path, "SELECT count(*) FROM outstanding") == [(0,)], "nothing can have been charged"


def test_the_client_library_is_imported_only_with_the_operator() -> None:
    code = "import sys, drq.cli.main, drq.run.run, drq.operators.genetic; sys.exit('openai' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


@pytest.mark.parametrize("in_flight", [1, 4, 16])
def test_calls_overlap(in_flight: int, tmp_path: Path) -> None:
    under_way = [0]
    full = asyncio.Event()

    async def counted(exchange: Exchange) -> None:
        under_way.append(under_way[-1] + 1)
        if under_way[-1] == in_flight:
            full.set()
        await full.wait()
        under_way.append(under_way[-1] - 1)
        await inventive(exchange)

    with ModelServer(counted) as server:
        config = config_for(llm(server, in_flight=in_flight, timeout_s=60.0, max_wait_s=60.0), rounds=1, iterations=30)
        execute(config, tmp_path)
    assert max(under_way) == in_flight


def test_a_reply_is_assembled_once(tmp_path: Path) -> None:
    async def propose() -> list[Proposal]:
        with ModelServer(in_turn(BEHAVIOURS["good"], BEHAVIOURS["refusal"])) as server:
            operator = build(config_for(llm(server)), CallStore.in_memory())
            requests = [Request(0, i, Kind.NEW, (), (), NANO, np.random.default_rng(i)) for i in range(2)]
            proposals = [await operator.propose(request) for request in requests]
            await operator.close()
            return proposals

    good, refusal = asyncio.run(propose())
    assert good.source is not None and good.warrior == assemble(good.source, NANO)
    assert (refusal.source, refusal.warrior) == (None, None)
