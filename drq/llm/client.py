"""One bounded call of an OpenAI-compatible endpoint: this file, not the library, bounds retries, time and size."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any, cast

import openai

from drq.errors import OperatorError
from drq.llm.budget import Hold
from drq.llm.calls import Amount
from drq.llm.completion import Completion, first_choice, read
from drq.llm.endpoint import http_client
from drq.llm.failures import (
    MAX_BODY,
    BodyTooLongError,
    BrokenBodyError,
    ErrorBodyError,
    Failure,
    Verdict,
    judge,
    parse,
    reason,
)
from drq.llm.local import LocalServer
from drq.llm.secrets import Access
from drq.llm.settings import LlmSettings, Model
from drq.llm.slot import Messages
from drq.stop import Interrupted, StopSignal

FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 30.0
CONNECT_TIMEOUT_S = 10.0
UNREACHABLE_S = 30.0
"""How long a client tries to connect that has had no answer yet."""


@dataclass(frozen=True)
class Answer:
    """The result of one call."""

    completion: Completion
    spent: Amount
    """On the answered attempt, as the server counts it; the maximum if the server does not count."""
    lost: Amount
    """The most that the other attempts can have cost."""
    attempts: int
    started_at: float
    """Seconds since the epoch."""
    duration_s: float


class _BoundedHttpClient(openai.DefaultAsyncHttpxClient):
    """Reads every body whole, also those of errors, but at most ``MAX_BODY`` bytes.

    It must not follow redirects: the library would read their bodies without a bound.
    """

    async def send(self, *args: Any, **kwargs: Any) -> Any:
        response = await super().send(*args, **{**kwargs, "stream": True})
        body = bytearray()
        try:
            async for chunk in response.aiter_bytes(1 << 16):
                body += chunk
                if len(body) > MAX_BODY:
                    raise BodyTooLongError
        finally:
            await response.aclose()
        about_wire = ("content-encoding", "content-length", "transfer-encoding")
        headers = [(name, value) for name, value in response.headers.items() if name.lower() not in about_wire]
        return type(response)(response.status_code, headers=headers, content=bytes(body), request=response.request)


class Client:
    """Calls one endpoint. Safe for many calls at once in one event loop."""

    def __init__(
        self,
        settings: LlmSettings,
        base_url: str,
        access: Access,
        answered: bool = False,
        server: LocalServer | None = None,
    ) -> None:
        """Open no connection yet. The secrets of ``access`` go to the endpoint only.

        ``answered``: whether the run has an answer on record, so that its settings are known to be right.
        ``server``: that of ``base_url``, if the run started it.

        Raises ConfigError where the environment names a proxy that cannot be used.
        """
        self._settings = settings
        self._server = server
        self._scrub = access.scrub
        self._answered = answered
        self._reached = False
        self.trouble: str | None = None
        """Error of the last finished request, without the key; None if it succeeded."""
        for name in ("httpx", "httpx2", "openai"):
            logging.getLogger(name).setLevel(logging.WARNING)
        self._http = http_client(_BoundedHttpClient, base_url, follow_redirects=False)
        self._openai = openai.AsyncOpenAI(
            api_key=access.key,
            base_url=base_url,
            default_headers=access.headers,
            default_query=dict(access.query),
            max_retries=0,
            timeout=openai.Timeout(settings.timeout_s, connect=min(CONNECT_TIMEOUT_S, settings.timeout_s)),
            http_client=self._http,
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    def most(self, model: Model, messages: Messages) -> Amount:
        """The most that one attempt can cost: a token is at least one byte, and each text has a frame of 32 tokens."""
        input_tokens = sum(32 + len(text.encode()) for message in messages for text in message.values())
        cost = (model.prices or self._settings.prices).cost(input_tokens, self._settings.max_tokens)
        return Amount(0, input_tokens, self._settings.max_tokens, cost)

    async def ask(
        self, model: Model, messages: Messages, extra_body: Mapping[str, Any], hold: Hold, stop: StopSignal
    ) -> Answer:
        """Make one call, with retries for at most ``max_wait_s`` in all and within the reservation ``hold``.

        Raises OperatorError where no call can succeed, and Interrupted where another attempt would be needed after
        ``stop``.
        """
        call = _CallInProgress(self._settings, hold)
        while not stop.requested:
            try:
                async with asyncio.timeout(min(self._settings.timeout_s, call.time_left)):
                    body = await self._attempt(call, model, messages, extra_body)
            except (openai.OpenAIError, BodyTooLongError, BrokenBodyError, ErrorBodyError, TimeoutError) as error:
                failure = judge(error)
            else:
                self._answered = self._reached = True
                completion = read(body, self._scrub)
                self.trouble = completion.error
                return call.answered(completion, model)
            self.trouble = self._scrub(failure.text)
            wait = call.failed(failure)
            self._check_hope(failure, call.age + (wait or 0.0), f"model {model.name}: {self.trouble}")
            if wait is None:
                return call.given_up(self.trouble)
            await stop.within(wait)
        raise Interrupted

    def _check_hope(self, failure: Failure, until_next: float, text: str) -> None:
        """Raise OperatorError where no attempt of any call can be expected to succeed."""
        if self._server and (why := self._server.gone()):
            raise OperatorError(why)
        if failure.verdict is Verdict.STOP or (failure.verdict is Verdict.REFUSED and not self._answered):
            raise OperatorError(text)
        if failure.unreachable and until_next > UNREACHABLE_S and not self._reached:
            raise OperatorError(f"{text}: is llm.base_url right, and does the server run?")

    async def _attempt(
        self, call: _CallInProgress, model: Model, messages: Messages, extra_body: Mapping[str, Any]
    ) -> dict[str, Any]:
        body = {self._settings.max_tokens_name: self._settings.max_tokens, **extra_body}
        if self._settings.temperature is not None:
            body = {"temperature": self._settings.temperature, **body}
        async with self._server.turn() if self._server else nullcontext():
            call.sent()
            response = await self._openai.chat.completions.with_raw_response.create(
                model=model.name, messages=cast(Any, self.sent(messages)), extra_body=body
            )
        return _parsed(response.http_response.content)

    def sent(self, messages: Messages) -> list[Mapping[str, str]]:
        """The messages as they are sent: with ``fold_system``, the system prompt is at the head of the first."""
        if not self._settings.fold_system:
            return list(messages)
        system, first, *rest = messages
        return [{**first, "content": f"{system['content']}\n\n{first['content']}"}, *rest]


def _parsed(content: bytes) -> dict[str, Any]:
    """A body that came with status 200; raises BrokenBodyError and ErrorBodyError for what is no completion."""
    parsed = parse(content)
    body = parsed if isinstance(parsed, dict) else {}
    choice = first_choice(body)
    if choice.get("error") or choice.get("finish_reason") == "error":
        raise ErrorBodyError(choice.get("error"), maybe_charged=True)
    if not body.get("choices") and reason(parsed):
        raise ErrorBodyError(parsed)
    if not isinstance(parsed, dict):
        raise BrokenBodyError(f"expected a JSON object in the reply, got {type(parsed).__name__}")
    return parsed


class _CallInProgress:
    """The time and the attempts of one call."""

    def __init__(self, settings: LlmSettings, hold: Hold) -> None:
        self._settings = settings
        self._hold = hold
        self._started = time.monotonic()
        self._started_at = time.time()
        self._attempts = 0

    @property
    def age(self) -> float:
        """Seconds since the call began."""
        return time.monotonic() - self._started

    @property
    def time_left(self) -> float:
        """Seconds until the call is given up."""
        return max(0.0, self._settings.max_wait_s - self.age)

    def sent(self) -> None:
        """Another attempt begins; it counts as charged unless ``failed`` takes that back."""
        self._attempts += 1
        self._hold.at_risk += 1

    def failed(self, failure: Failure) -> float | None:
        """Seconds to wait before the next attempt, or None to give the call up."""
        if not failure.maybe_charged:
            self._hold.at_risk -= 1
        if failure.verdict is not Verdict.RETRY:
            return None
        longest = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** min(self._attempts - 1, 10))
        jitter = random.uniform(longest / 2, longest)
        wait = jitter if failure.retry_after is None else failure.retry_after + jitter / 10
        # an attempt that is cut short is charged too, so the last one must have time for an answer
        least = min(self._settings.timeout_s, self._settings.max_wait_s) / 10
        return None if wait + least >= self.time_left or not self._hold.again() else wait

    def answered(self, completion: Completion, model: Model) -> Answer:
        """The call as the endpoint answered it."""
        most = self._hold.attempt
        read = most.input_tokens if completion.input_tokens is None else completion.input_tokens
        written = most.output_tokens if completion.output_tokens is None else completion.output_tokens
        cost = (model.prices or self._settings.prices).cost(read, written, completion.cached_tokens)
        return self._answer(completion, Amount(1, read, written, cost), self._hold.at_risk - 1)

    def given_up(self, error: str) -> Answer:
        """The call without an answer."""
        return self._answer(Completion(text=None, error=error), Amount(1), self._hold.at_risk)

    def _answer(self, completion: Completion, spent: Amount, lost: int) -> Answer:
        lost_amount = self._hold.attempt.times(lost)
        return Answer(completion, spent, lost_amount, self._attempts, self._started_at, self.age)
