"""One bounded call of an OpenAI-compatible endpoint: retries, timeouts and body sizes are ours, not the library's."""

from __future__ import annotations

import asyncio
import json
import logging
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import openai

from drq.errors import OperatorError
from drq.llm.budget import Amount, Budget, Hold
from drq.llm.completion import Completion, read
from drq.llm.failures import (
    MAX_BODY,
    BodyTooLongError,
    BrokenBodyError,
    ErrorBodyError,
    Failure,
    Verdict,
    judge,
)
from drq.llm.secrets import scrub
from drq.llm.settings import LlmSettings, Model

FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 30.0

Messages = Sequence[Mapping[str, str]]


@dataclass(frozen=True)
class Answer:
    """What came of one call."""

    completion: Completion
    silent: bool
    """Whether no attempt brought more than overload, a lost connection or a time-out."""
    spent: Amount
    """As the server counts; at the most it can come to where the server does not say or the reply was lost."""
    attempts: int
    started_at: float
    """Seconds since the epoch."""
    duration_s: float


class _BoundedHttpClient(openai.DefaultAsyncHttpxClient):
    """Reads every body whole, but never more than ``MAX_BODY`` bytes of it, also those of errors."""

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
        self, settings: LlmSettings, base_url: str, key: str, gone: Callable[[], str | None] = lambda: None
    ) -> None:
        """Open nothing yet. ``key`` never leaves this object but to the endpoint.

        ``gone``: asked after a failed attempt; says why the endpoint will never answer again, if that is so.
        """
        self._settings = settings
        self._gone = gone
        self._key = key
        self._any_answer = False
        for name in ("httpx", "httpx2", "openai"):
            logging.getLogger(name).setLevel(logging.WARNING)
        self._http = _BoundedHttpClient(trust_env=settings.gguf is None)
        self._openai = openai.AsyncOpenAI(
            api_key=key, base_url=base_url, max_retries=0, timeout=settings.timeout_s, http_client=self._http
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def ask(self, model: Model, messages: Messages, extra_body: Mapping[str, Any], budget: Budget) -> Answer:
        """Ask once, trying again for at most ``max_wait_s`` in all.

        Raises BudgetSpent before anything is sent, OperatorError where no call can succeed.
        """
        hold = await budget.hold(self.most(model, messages))
        call = _CallInProgress(self._settings, hold)
        try:
            answer = await self._until_answered(call, model, messages, extra_body)
            hold.settle(answer.spent)
            return answer
        finally:
            hold.settle(call.lost)

    def most(self, model: Model, messages: Messages) -> Amount:
        """What one attempt can come to at most: a token is at least a byte of text, and each message has a frame."""
        input_tokens = sum(32 + len(text.encode()) for message in messages for text in message.values())
        cost = (model.prices or self._settings.prices).cost(input_tokens, self._settings.max_tokens)
        return Amount(1, input_tokens, self._settings.max_tokens, cost)

    async def _until_answered(
        self, call: _CallInProgress, model: Model, messages: Messages, extra_body: Mapping[str, Any]
    ) -> Answer:
        while True:
            try:
                async with asyncio.timeout(min(self._settings.timeout_s, call.time_left)):
                    body = await self._attempt(call, model, messages, extra_body)
            except (openai.OpenAIError, BodyTooLongError, BrokenBodyError, ErrorBodyError, TimeoutError) as error:
                failure = judge(error)
            else:
                self._any_answer = True
                return call.answered(read(body).scrubbed(self._key), model)
            if reason := self._gone():
                raise OperatorError(reason)
            text = scrub(failure.text, self._key)
            if failure.verdict is Verdict.STOP or (failure.verdict is Verdict.REFUSED and not self._any_answer):
                raise OperatorError(f"model {model.name}: {text}") from None
            wait = call.failed(failure)
            if wait is None:
                return call.given_up(text, silent=failure.verdict is Verdict.RETRY)
            await asyncio.sleep(wait)

    async def _attempt(
        self, call: _CallInProgress, model: Model, messages: Messages, extra_body: Mapping[str, Any]
    ) -> dict[str, Any]:
        call.attempts += 1
        body = {self._settings.max_tokens_name: self._settings.max_tokens, **extra_body}
        if self._settings.temperature is not None:
            body = {"temperature": self._settings.temperature, **body}
        response = await self._openai.chat.completions.with_raw_response.create(
            model=model.name,
            messages=cast(Any, list(messages)),
            extra_body=body,
        )
        try:
            parsed = json.loads(response.http_response.content)
        except (ValueError, RecursionError):
            raise BrokenBodyError("expected JSON in the reply, got something else") from None
        if not isinstance(parsed, dict):
            raise BrokenBodyError(f"expected a JSON object in the reply, got {type(parsed).__name__}")
        if parsed.get("error") and not parsed.get("choices"):
            raise ErrorBodyError(parsed["error"])
        return parsed


class _CallInProgress:
    """The clock and the purse of one call."""

    def __init__(self, settings: LlmSettings, hold: Hold) -> None:
        self._settings = settings
        self._hold = hold
        self._started = time.monotonic()
        self._started_at = time.time()
        self.attempts = 0
        self.lost = Amount()
        """What attempts whose reply never arrived may be charged for."""

    @property
    def time_left(self) -> float:
        return max(0.0, self._settings.max_wait_s - (time.monotonic() - self._started))

    def failed(self, failure: Failure) -> float | None:
        """Seconds to wait before the next attempt, or None to give the call up."""
        if failure.maybe_charged:
            self.lost += self._hold.attempt
        if failure.verdict is not Verdict.RETRY:
            return None
        longest = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** min(self.attempts - 1, 10))
        jitter = random.uniform(longest / 2, longest)
        wait = jitter if failure.retry_after is None else failure.retry_after + jitter / 10
        if wait + self._settings.timeout_s / 10 >= self.time_left or (failure.maybe_charged and not self._hold.again()):
            return None
        return wait

    def answered(self, completion: Completion, model: Model) -> Answer:
        """The call as the endpoint answered it."""
        most = self._hold.attempt
        input_tokens = most.input_tokens if completion.input_tokens is None else completion.input_tokens
        output_tokens = most.output_tokens if completion.output_tokens is None else completion.output_tokens
        cost = model.prices.cost(input_tokens, output_tokens) if model.prices else 0.0
        return self._answer(completion, False, self.lost + Amount(0, input_tokens, output_tokens, cost))

    def given_up(self, error: str, silent: bool) -> Answer:
        """The call without an answer."""
        return self._answer(Completion(text=None, error=error), silent, self.lost)

    def _answer(self, completion: Completion, silent: bool, spent: Amount) -> Answer:
        return Answer(
            completion=completion,
            silent=silent,
            spent=Amount(1) + spent,
            attempts=self.attempts,
            started_at=self._started_at,
            duration_s=time.monotonic() - self._started,
        )
