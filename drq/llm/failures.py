"""What a failed attempt means: try again, give this call up, or end the run."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from enum import Enum
from typing import Any

import openai

from drq.llm.completion import one_line

MAX_BODY = 4 << 20
"""Bytes of an HTTP body that are read."""


class BodyTooLongError(Exception):
    """An HTTP body went past ``MAX_BODY``."""


class BrokenBodyError(Exception):
    """An HTTP body with status 200 is not the JSON that the protocol promises."""


class ErrorBodyError(Exception):
    """An HTTP body with status 200 holds an error, as some gateways answer."""

    def __init__(self, error: Any) -> None:
        super().__init__(_message(error))
        self.body = error


class Verdict(Enum):
    """What to do about a failed attempt."""

    RETRY = "retry"
    GIVE_UP = "give up"
    """The call has failed and the run goes on."""
    REFUSED = "refused"
    """The server calls the request itself wrong: a wrong setting if no request has been answered yet."""
    STOP = "stop"
    """No call can succeed: the run ends."""


@dataclass(frozen=True)
class Failure:
    """One failed attempt."""

    verdict: Verdict
    text: str
    """One line, not yet scrubbed of the key."""
    maybe_charged: bool = False
    """Whether the server may have written (and charge for) a reply that did not arrive."""
    retry_after: float | None = None
    """Seconds that the server asks to wait."""
    unreachable: bool = False
    """Whether there was no connection at all: nobody listens there, or the name is not known."""


_STOP = {401: "the key is refused", 402: "the account is out of credit", 403: "access is refused", 404: "not found"}
_NO_CONNECTION = ("ConnectError", "ConnectTimeout", "UnsupportedProtocol")
_RETRY = {408, 409, 425, 429}
_CONTEXT = ("context_length", "context length", "context size", "context window", "exceed_context", "too many tokens")


def judge(error: Exception) -> Failure:
    """What ``error``, raised by one attempt, means."""
    if isinstance(error, openai.APIStatusError):
        return judge_status(error.status_code, error.body, error.response.headers)
    if isinstance(error, ErrorBodyError):
        code = error.body.get("code") if isinstance(error.body, Mapping) else None
        return judge_status(code if isinstance(code, int) else 500, error.body, {})
    cause = error.__cause__ or error
    if isinstance(error, BodyTooLongError) or isinstance(cause, BodyTooLongError):
        return Failure(Verdict.GIVE_UP, f"expected a reply of at most {MAX_BODY} bytes, got more", maybe_charged=True)
    if type(cause).__name__ in _NO_CONNECTION:
        reason = one_line(str(cause)) or type(cause).__name__
        return Failure(Verdict.RETRY, f"connection failed: {reason}", unreachable=True)
    if isinstance(error, BrokenBodyError):
        return Failure(Verdict.RETRY, str(error), maybe_charged=True)
    if isinstance(error, TimeoutError | openai.APITimeoutError):
        return Failure(Verdict.RETRY, "no answer within llm.timeout_s", maybe_charged=True)
    reason = one_line(str(cause)) or type(cause).__name__
    return Failure(Verdict.RETRY, f"connection lost: {reason}", maybe_charged=True)


def judge_status(status: int, body: Any, headers: Mapping[str, str]) -> Failure:
    """What an HTTP error with this body and these headers (lower case) means."""
    error = body.get("error", body) if isinstance(body, Mapping) else body
    words = f"{_field(error, 'code')} {_field(error, 'type')} {_message(error)}".lower()
    text = f"HTTP {status}: {_message(error) or 'no message'}"
    if "insufficient_quota" in words:
        return Failure(Verdict.STOP, f"the quota is spent: {text}")
    if 300 <= status < 400:
        text = f"HTTP {status}: expected llm.base_url to be the endpoint itself, got one that redirects"
        return Failure(Verdict.REFUSED, text)
    if status in _STOP:
        return Failure(Verdict.STOP, f"{_STOP[status]}: {text}")
    if status in _RETRY or status >= 500:
        return Failure(Verdict.RETRY, text, retry_after=_retry_after(headers))
    if "model_not_found" in words:
        return Failure(Verdict.STOP, f"no such model: {text}")
    if status == 413 or any(word in words for word in _CONTEXT):
        return Failure(Verdict.GIVE_UP, f"the request is too long for the model: {text}")
    if "content_filter" in words or "content_policy" in words:
        return Failure(Verdict.GIVE_UP, text)
    return Failure(Verdict.REFUSED, text)


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds of ``Retry-After`` (a number or a date, RFC 9110 §10.2.3) or of the usual ``retry-after-ms``."""
    try:
        if "retry-after-ms" in headers:
            seconds = float(headers["retry-after-ms"]) / 1000
        elif (value := headers.get("retry-after", "").strip())[:1].isalpha():
            seconds = parsedate_to_datetime(value).timestamp() - time.time()
        else:
            seconds = float(value)
    except (ValueError, TypeError, OverflowError):
        return None
    return max(0.0, seconds) if math.isfinite(seconds) else None


def _field(error: Any, name: str) -> str:
    value = error.get(name) if isinstance(error, Mapping) else None
    return str(value) if isinstance(value, str | int) else ""


def _message(error: Any) -> str:
    return one_line(error if isinstance(error, str) else _field(error, "message"))
