"""The client against a server that misbehaves: what each failure becomes, and that time and body size stay bounded."""

from __future__ import annotations

import asyncio
import tracemalloc
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from drq.candidate import Kind
from drq.errors import BudgetSpent, ConfigError, OperatorError
from drq.llm.budget import Budget
from drq.llm.calls import NOTHING, Amount, Call
from drq.llm.client import Answer, Client
from drq.llm.completion import MAX_REPLY, Completion
from drq.llm.secrets import Access
from drq.llm.settings import LlmSettings
from drq.operators.base import Request
from drq.stop import Interrupted, StopSignal
from drq.store.call_store import CallStore
from redcode import NANO
from tests.drq.llm.server import BEHAVIOURS, GOOD_REPLY, Behaviour, Exchange, ModelServer, failing, in_turn, replying

KEY = "sk-test/+key=0123456789"
MESSAGES = [{"role": "system", "content": "write"}, {"role": "user", "content": "a warrior"}]


def settings_for(server: ModelServer, **values: Any) -> LlmSettings:
    quick = {"timeout_s": 1.0, "max_wait_s": 2.0}
    return LlmSettings.parse({"model": "m", "base_url": server.base_url} | quick | values)


async def one(
    client: Client, settings: LlmSettings, budget: Budget, iteration: int = 0, stop: StopSignal | None = None
) -> Answer:
    """Ask, and record what came of it."""
    model = settings.models[0]
    request = Request(0, iteration, Kind.NEW, (), (), NANO, np.random.default_rng(0))
    async with budget.hold(request.round, request.iteration, 0, client.most(model, MESSAGES)) as hold:
        answer = await client.ask(model, MESSAGES, settings.extra_body or {}, hold, stop or StopSignal())
        spent, completion = answer.spent, answer.completion
        tokens = (spent.input_tokens, spent.output_tokens, spent.cost)
        call = Call(0, iteration, 0, "m", None, "", "", "", completion.text, None, completion.error, *tokens, 1, 0, 0)
        hold.record(call, "", answer.lost)
        return answer


def ask(behaviour: Behaviour, times: int = 1, **values: Any) -> tuple[list[Answer], ModelServer, Budget]:
    """Ask ``times`` times, one after another."""
    with ModelServer(behaviour) as server:
        settings = settings_for(server, **values)
        log = CallStore.in_memory()
        budget = Budget(settings, log)

        async def run() -> list[Answer]:
            client = Client(settings, server.base_url, Access(KEY))
            try:
                return [await one(client, settings, budget, iteration) for iteration in range(times)]
            finally:
                await client.close()

        answers = asyncio.run(run())
        assert Budget(settings, log).spent == budget.spent, "the record says the same"
        return answers, server, budget


def test_good_reply() -> None:
    (answer,), server, budget = ask(BEHAVIOURS["good"], extra_body={"top_k": 4}, prices={"input": 1.0, "output": 2.0})
    assert answer.completion == Completion(GOOD_REPLY, None, "m", "stop", 12, 7)
    assert answer.spent == budget.spent == Amount(1, 12, 7, (12 * 1 + 7 * 2) / 1e6)
    assert (answer.attempts, budget.in_flight) == (1, 0)
    sent = server.requests[0].body
    assert sent == {"model": "m", "messages": MESSAGES, "temperature": 1.0, "max_tokens": 2048, "top_k": 4}
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"


def test_temperature_may_be_left_out_and_the_bound_renamed() -> None:
    _, server, _ = ask(BEHAVIOURS["good"], temperature=None, max_tokens_name="max_completion_tokens")
    assert server.requests[0].body == {"model": "m", "messages": MESSAGES, "max_completion_tokens": 2048}


@pytest.mark.parametrize(
    "mode",
    [
        "429",
        "500",
        "503",
        "reset",
        "half-json",
        "half-body",
        "not-a-completion",
        "error-200",
        "error-200-list",
        "upstream-died",
        "login-page",
    ],
)
def test_passing_trouble_is_tried_again(mode: str) -> None:
    (answer,), server, _ = ask(in_turn(BEHAVIOURS[mode], BEHAVIOURS["good"]), max_wait_s=5.0)
    assert (answer.completion.text, answer.attempts, len(server.requests)) == (GOOD_REPLY, 2, 2)


@pytest.mark.parametrize(
    ("mode", "error"),
    [
        ("429", "HTTP 429: failing with 429"),
        ("500", "HTTP 500: failing with 500"),
        ("503", "HTTP 503: failing with 503"),
        ("reset", "connection lost: "),
        ("half-json", 'expected JSON in the reply, got {"id": "x", "object": "chat.completion"'),
        ("half-body", "connection lost: "),
        ("not-a-completion", "expected a JSON object in the reply, got list"),
        ("error-200", "HTTP 503: upstream busy"),
        ("error-200-list", "HTTP 503: upstream busy"),
        ("upstream-died", "HTTP 502: upstream died"),
        ("upstream-died-silently", "HTTP 500: upstream died"),
        ("login-page", "expected JSON in the reply, got <!DOCTYPE html> <html><title>Sign in</title></html>"),
        ("stream", 'expected JSON in the reply, got data: {"choices": []}'),
        ("slow-drip", "no answer within llm.timeout_s"),
        ("hang", "no answer within llm.timeout_s"),
        ("429-retry-after-long", "HTTP 429: failing with 429"),
        ("nested-error", "HTTP 500: no message"),
    ],
)
def test_lasting_trouble_fails_the_call(mode: str, error: str) -> None:
    (answer,), server, budget = ask(BEHAVIOURS[mode])
    assert answer.completion.text is None
    assert str(answer.completion.error).startswith(error)
    assert answer.attempts == len(server.requests) >= (1 if "long" in mode else 2)
    assert budget.spent == answer.spent + answer.lost and budget.in_flight == 0
    assert answer.spent == Amount(1)


@pytest.mark.parametrize("mode", ["endless", "10-mb"])
def test_a_body_without_end_is_given_up(mode: str) -> None:
    tracemalloc.start()
    (answer,), server, _ = ask(BEHAVIOURS[mode], timeout_s=20.0, max_wait_s=20.0)
    assert answer.completion.error == "expected a reply of at most 4194304 bytes, got more"
    assert len(server.requests) == 1
    tracemalloc.stop()


def test_an_error_body_without_end_is_bounded_too() -> None:
    (answer,), _, _ = ask(BEHAVIOURS["endless-error"], timeout_s=20.0, max_wait_s=20.0)
    assert answer.completion.error == "expected a reply of at most 4194304 bytes, got more"


def test_a_long_reply_is_cut() -> None:
    (answer,), _, _ = ask(BEHAVIOURS["1-mb"], timeout_s=20.0, max_wait_s=20.0)
    assert answer.completion.text is not None and len(answer.completion.text) == MAX_REPLY


@pytest.mark.parametrize(
    ("mode", "error"),
    [
        ("empty-choices", "expected text in the reply, got none"),
        ("null-content", "expected text in the reply, got none"),
        ("nested-parts", "expected text in the reply, got none"),
        ("flagged", "the prompt is refused: HTTP 403: Your input was flagged"),
        ("invalid-prompt", "the prompt is refused: HTTP 400: no"),
        ("context-too-long", "the request is too long for the model: HTTP 400: maximum context length is 16"),
        ("context-too-long-llama", "the request is too long for the model: HTTP 400: request exceeds the available"),
    ],
)
def test_empty_answers_fail_the_call_without_another_attempt(mode: str, error: str) -> None:
    (answer,), server, _ = ask(BEHAVIOURS[mode])
    assert answer.completion.text is None and str(answer.completion.error).startswith(error)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("mode", "message"),
    [
        ("401", "model m: the key is refused: HTTP 401: Incorrect API key provided"),
        ("402", "model m: the account is out of credit: HTTP 402: Insufficient balance"),
        ("403", "model m: access is refused: HTTP 403: Forbidden"),
        ("404", "model m: not found: HTTP 404: Not found"),
        ("wrong-model", "model m: not found: HTTP 404: The model does not exist"),
        ("wrong-model-400", "model m: no such model: HTTP 400: The model does not exist"),
        ("insufficient-quota", "model m: the quota is spent: HTTP 429: You exceeded your current quota"),
        ("400", "model m: HTTP 400: Unrecognized request argument supplied: grammar"),
        ("redirect", "model m: HTTP 307: expected llm.base_url to be the endpoint itself, got one that redirects"),
    ],
)
def test_what_no_call_can_mend_stops_the_run_at_once(mode: str, message: str) -> None:
    with ModelServer(BEHAVIOURS[mode]) as server:
        settings = settings_for(server, max_wait_s=60.0)
        client, budget = Client(settings, server.base_url, Access(KEY)), Budget(settings, CallStore.in_memory())
        with pytest.raises(OperatorError) as caught:
            asyncio.run(one(client, settings, budget))
    assert str(caught.value) == message
    assert len(server.requests) == 1


def test_answers_on_record_count_as_answers() -> None:
    with ModelServer(BEHAVIOURS["400"]) as server:
        settings = settings_for(server)
        client = Client(settings, server.base_url, Access(KEY), answered=True)
        answer = asyncio.run(one(client, settings, Budget(settings, CallStore.in_memory())))
    assert answer.completion.error == "HTTP 400: Unrecognized request argument supplied: grammar"


def test_headers_and_query_go_with_every_request_and_are_not_shown() -> None:
    async def echo(exchange: Exchange) -> None:
        await exchange.reply(f"; {exchange.headers['api-key']} {exchange.target}\n{GOOD_REPLY}")

    secrets = ("gate-12345678", "code/12345678")
    access = Access(KEY, {"api-key": secrets[0], "X-Title": "drq"}, {"api-version": "1", "code": secrets[1]}, secrets)
    with ModelServer(echo) as server:
        settings = settings_for(server)
        client = Client(settings, server.base_url, access)
        answer = asyncio.run(one(client, settings, Budget(settings, CallStore.in_memory())))
    (sent,) = server.requests
    assert sent.headers["api-key"] == secrets[0] and sent.headers["x-title"] == "drq"
    assert sent.target == "/v1/chat/completions?api-version=1&code=code%2F12345678"
    assert "12345678" not in repr(answer) and str(answer.completion.text).startswith("; [key] ")


def test_the_system_prompt_can_be_folded_into_the_first_message() -> None:
    _, server, _ = ask(BEHAVIOURS["good"], fold_system=True)
    assert server.requests[0].body["messages"] == [{"role": "user", "content": "write\n\na warrior"}]


PROXIES = ["socks5://user:hunter2@127.0.0.1:9", "socks9://user:hunter2@host", "http://user:hunter2", "http://h:hunter2"]


@pytest.mark.parametrize("proxy", [*PROXIES, "http://127.0.0.1:9"])
@pytest.mark.parametrize("variable", ["ALL_PROXY", "http_proxy"])
def test_this_machine_is_reached_without_a_proxy(proxy: str, variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, proxy)
    (answer,), _, _ = ask(BEHAVIOURS["good"])
    assert answer.completion.text == GOOD_REPLY


@pytest.mark.parametrize("proxy", PROXIES)
def test_a_proxy_that_cannot_be_used_is_one_line(proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", proxy)
    url = "http://model.invalid/v1"
    with pytest.raises(ConfigError, match=r"environment variables ALL_PROXY.*, got ") as caught:
        Client(LlmSettings.parse({"model": "m", "base_url": url}), url, Access(KEY))
    assert "hunter2" not in str(caught.value) and "\n" not in str(caught.value)


def test_a_proxy_that_is_not_there_is_said_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("drq.llm.client.UNREACHABLE_S", 1.0)
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    settings = LlmSettings.parse({"model": "m", "base_url": "http://model.invalid/v1"})
    client = Client(settings, "http://model.invalid/v1", Access(KEY))
    with pytest.raises(OperatorError, match="model m: connection failed: "):
        asyncio.run(one(client, settings, Budget(settings, CallStore.in_memory())))


def test_a_reasoning_model_is_asked_in_its_own_words() -> None:
    own = {"temperature": None, "max_tokens_name": "max_completion_tokens"}
    for mode in ("reasoning", "reasoning-inline"):
        (answer,), server, _ = ask(BEHAVIOURS[mode], **own)
        assert str(answer.completion.text).endswith(GOOD_REPLY)
    assert server.requests[0].body.keys() == {"model", "messages", "max_completion_tokens"}
    (answer,), _, _ = ask(BEHAVIOURS["reasoning-cut-off"], **own)
    assert answer.completion.error == (
        "expected text in the reply, got only thoughts, in reasoning_content before llm.max_tokens was reached"
    )
    for wrong, remedy in ((own | {"max_tokens_name": "max_tokens"}, "max_tokens_name"), ({}, "max_tokens_name")):
        with pytest.raises(OperatorError, match=rf"\(try llm\.{remedy}"):
            ask(BEHAVIOURS["reasoning"], **wrong)
    with pytest.raises(OperatorError, match=r"\(try llm\.temperature=null\)"):
        ask(BEHAVIOURS["reasoning"], max_tokens_name="max_completion_tokens")


def test_cached_tokens_are_priced_as_such() -> None:
    async def cached(exchange: Exchange) -> None:
        counts = {"prompt_tokens": 900.0, "completion_tokens": 10, "prompt_tokens_details": {"cached_tokens": 800}}
        await exchange.reply(GOOD_REPLY, usage=counts)

    (answer,), _, budget = ask(cached, prices={"input": 10.0, "output": 1.0, "cached": 1.0})
    assert answer.spent == budget.spent == Amount(1, 900, 10, pytest.approx((100 * 10 + 800 + 10) / 1e6))


def test_a_refused_request_after_a_good_one_only_fails_its_call() -> None:
    answers, _, _ = ask(in_turn(BEHAVIOURS["good"], BEHAVIOURS["400"], BEHAVIOURS["good"]), times=3)
    assert [answer.completion.error for answer in answers] == [
        None,
        "HTTP 400: Unrecognized request argument supplied: grammar",
        None,
    ]


def test_retry_after_is_kept() -> None:
    waits: list[float] = []

    class Noting(StopSignal):
        async def within(self, seconds: float) -> bool:
            waits.append(seconds)
            return False

    with ModelServer(in_turn(BEHAVIOURS["429-retry-after"], BEHAVIOURS["good"])) as server:
        settings = settings_for(server, max_wait_s=60.0)
        client, budget = Client(settings, server.base_url, Access(KEY)), Budget(settings, CallStore.in_memory())
        answer = asyncio.run(one(client, settings, budget, stop=Noting()))
    assert answer.attempts == 2 and len(waits) == 1 and 1.0 <= waits[0] < 1.1


@pytest.mark.parametrize("value", ["soon", "-5", "nan", "1e400", "Tue, 01 Jan 1980 00:00:00 GMT", ""])
def test_an_odd_retry_after_does_no_harm(value: str) -> None:
    (answer,), _, _ = ask(in_turn(failing(429, {"Retry-After": value}), BEHAVIOURS["good"]), max_wait_s=5.0)
    assert answer.completion.text == GOOD_REPLY


def test_attempts_that_may_be_charged_count_at_their_most() -> None:
    (answer,), _, budget = ask(in_turn(BEHAVIOURS["half-json"], BEHAVIOURS["good"]), max_wait_s=5.0, max_tokens=100)
    input_bound = sum(32 + len(text.encode()) for message in MESSAGES for text in message.values())
    assert (answer.spent, answer.lost) == (Amount(1, 12, 7, 0.0), Amount(0, input_bound, 100, 0.0))
    assert budget.spent == answer.spent + answer.lost


def test_tokens_the_server_does_not_count_are_counted_at_their_most() -> None:
    async def silent(exchange: Any) -> None:
        await exchange.reply(GOOD_REPLY, usage={"prompt_tokens": True, "completion_tokens": -3})

    (answer,), _, _ = ask(silent, max_tokens=100)
    assert answer.spent.output_tokens == 100 and answer.spent.input_tokens > len("writea warrior")


def test_a_budget_of_calls_is_never_passed() -> None:
    with ModelServer(replying(GOOD_REPLY, delay_s=0.05)) as server:
        settings = settings_for(server, max_calls=5)
        log = CallStore.in_memory()
        log.reserve(0, 8, 0, Amount(calls=2))
        budget = Budget(settings, log)

        async def run() -> list[Answer | BaseException]:
            client = Client(settings, server.base_url, Access(KEY))
            calls = [one(client, settings, budget, iteration) for iteration in range(8)]
            answers = await asyncio.gather(*calls, return_exceptions=True)
            await client.close()
            return answers

        answers = asyncio.run(run())
    assert len(server.requests) == 3 and budget.spent.calls == 5
    assert sum(isinstance(answer, BudgetSpent) for answer in answers) == 5


def test_a_budget_of_tokens_waits_for_what_is_in_flight() -> None:
    """Four calls of 19 tokens fit, though two at their most do not fit at once."""
    with ModelServer(replying(GOOD_REPLY, delay_s=0.05)) as server:
        settings = settings_for(server, max_tokens_total=400, max_tokens=100)
        budget = Budget(settings, CallStore.in_memory())

        async def run() -> list[Answer | BaseException]:
            client = Client(settings, server.base_url, Access(KEY))
            assert 200 < client.most(settings.models[0], MESSAGES).tokens < 320
            calls = [one(client, settings, budget, iteration) for iteration in range(4)]
            answers = await asyncio.gather(*calls, return_exceptions=True)
            await client.close()
            return answers

        answers = asyncio.run(run())
    assert all(isinstance(answer, Answer) for answer in answers)
    assert budget.spent.tokens == 4 * 19


def test_a_call_that_left_without_a_reply_counts_at_its_most_for_good() -> None:
    log = CallStore.in_memory()
    with ModelServer(BEHAVIOURS["hang"]) as server:
        settings = settings_for(server, max_calls=1, timeout_s=60.0, max_wait_s=60.0)
        budget = Budget(settings, log)

        async def run() -> Amount:
            client = Client(settings, server.base_url, Access(KEY))
            task = asyncio.create_task(one(client, settings, budget))
            while not server.requests:
                await asyncio.sleep(0.01)
            assert budget.in_flight == 1
            assert Budget(settings, log).spent.calls == 1, "on record before it is sent"
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await client.close()
            return client.most(settings.models[0], MESSAGES)

        most = asyncio.run(run())
    assert budget.in_flight == 0 and budget.spent == Budget(settings, log).spent == replace(most, calls=1)
    with pytest.raises(BudgetSpent, match=r"llm\.max_calls=1 is used up: 1 spent"):
        asyncio.run(one(Client(settings, server.base_url, Access(KEY)), settings, budget))


def test_a_call_that_was_refused_costs_nothing() -> None:
    log = CallStore.in_memory()
    with ModelServer(BEHAVIOURS["401"]) as server:
        settings = settings_for(server)
        budget = Budget(settings, log)
        with pytest.raises(OperatorError):
            asyncio.run(one(Client(settings, server.base_url, Access(KEY)), settings, budget))
    assert budget.spent == Budget(settings, log).spent == NOTHING


@pytest.mark.parametrize("mode", ["503", "429-retry-after", "reset"])
def test_after_a_stop_nothing_is_tried_again(mode: str) -> None:
    with ModelServer(BEHAVIOURS[mode]) as server:
        settings = settings_for(server, timeout_s=60.0, max_wait_s=60.0)

        async def run() -> None:
            client, stop = Client(settings, server.base_url, Access(KEY)), StopSignal()
            task = asyncio.create_task(one(client, settings, Budget(settings, CallStore.in_memory()), stop=stop))
            while not client.trouble:
                await asyncio.sleep(0.01)
            sent = len(server.requests)
            stop.request()
            with pytest.raises(Interrupted):
                await task
            assert len(server.requests) <= sent + 1
            await client.close()

        asyncio.run(run())


def test_the_message_of_a_budget_says_what_the_next_call_may_come_to() -> None:
    with pytest.raises(BudgetSpent) as caught:
        ask(BEHAVIOURS["good"], max_tokens_total=1000, max_tokens=5000)
    assert str(caught.value) == (
        "the budget llm.max_tokens_total=1000 is used up: 0 spent, and the next call may come to 5152, "
        "or to less in a run with a lower llm.max_tokens"
    )


def test_an_address_without_a_server_is_said_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("drq.llm.client.UNREACHABLE_S", 1.0)
    settings = LlmSettings.parse({"model": "m", "base_url": "http://127.0.0.1:9/v1"})
    budget = Budget(settings, CallStore.in_memory())
    with pytest.raises(OperatorError, match=r"model m: connection failed: .*does the server run"):
        asyncio.run(one(Client(settings, "http://127.0.0.1:9/v1", Access(KEY)), settings, budget))
    assert budget.spent == NOTHING


def test_a_short_wait_still_allows_another_attempt() -> None:
    (answer,), _, _ = ask(in_turn(BEHAVIOURS["503"], BEHAVIOURS["good"]), timeout_s=120.0, max_wait_s=3.0)
    assert (answer.completion.text, answer.attempts) == (GOOD_REPLY, 2)


def test_a_redirect_is_not_followed_and_its_body_is_bounded() -> None:
    (answer,), server, _ = ask(BEHAVIOURS["endless-redirect"], timeout_s=20.0, max_wait_s=20.0)
    assert answer.completion.error == "expected a reply of at most 4194304 bytes, got more"
    assert len(server.requests) == 1


def test_a_reply_with_an_error_beside_it_is_a_reply() -> None:
    async def warning(exchange: Any) -> None:
        await exchange.reply(GOOD_REPLY, error={"message": "slow today"})

    (answer,), _, _ = ask(warning)
    assert answer.completion.text == GOOD_REPLY


def test_a_reply_in_parts_is_put_together() -> None:
    (answer,), _, _ = ask(BEHAVIOURS["parts"])
    assert answer.completion.text == GOOD_REPLY


@pytest.mark.parametrize("where", ["reply", "model", "refusal", "error", "finish_reason"])
def test_a_server_that_echoes_the_key_does_not_get_it_recorded(where: str) -> None:
    async def echo(exchange: Any) -> None:
        if where == "error":
            await exchange.send_error(503, message=f"bad key {KEY}")
            return
        message = {"content": f"; {KEY}"} if where == "reply" else {"content": None, "refusal": KEY}
        choice = {"message": message, "finish_reason": KEY}
        await exchange.reply(None, choices=[choice], model=KEY)

    (answer,), _, _ = ask(echo)
    assert KEY not in repr(answer) and "[key]" in repr(answer)


def test_a_stop_does_not_show_the_key() -> None:
    with pytest.raises(OperatorError) as caught:
        ask(failing(401, message=f"Incorrect API key provided: {KEY}"))
    error: BaseException | None = caught.value
    assert KEY not in str(error) and "[key]" in str(error)
    assert error is not None and error.__cause__ is None and error.__context__ is None
