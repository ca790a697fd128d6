"""What a failed attempt means: try again, give this call up, or end the run."""

from __future__ import annotations

import json
import math
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from enum import Enum
from typing import Any

import openai

from drq.llm.completion import one_line

MAX_BODY = 4 << 20
"""Bytes of an HTTP body that are read."""


class BodyTooLongError(Exception):
    """An HTTP body went past ``MAX_BODY``."""


class BrokenBodyError(ValueError):
    """An HTTP body with status 200 is not the JSON that the protocol promises."""


class ErrorBodyError(Exception):
    """An HTTP body with status 200 holds an error, as some gateways answer."""

    def __init__(self, body: Any, maybe_charged: bool = False) -> None:
        super().__init__(reason(body))
        self.body = body
        self.maybe_charged = maybe_charged


def parse(content: bytes) -> Any:
    """The JSON of a body; raises BrokenBodyError, which shows how it begins, for anything else."""
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        start = one_line(content[:2000].decode("utf-8", "replace"))[:80]
        raise BrokenBodyError(f"expected JSON in the reply, got {start or 'nothing'}") from None


class Verdict(Enum):
    """What to do about a failed attempt."""

    RETRY = "retry"
    GIVE_UP = "give up"
    """The call has failed and the run goes on."""
    REFUSED = "refused"
    """The server rejects the request itself. If no request was answered before, a setting is wrong."""
    STOP = "stop"
    """No call can succeed: the run ends."""


@dataclass(frozen=True)
class Failure:
    """One failed attempt."""

    verdict: Verdict
    text: str
    """One line, not yet scrubbed of the key."""
    maybe_charged: bool = False
    """Whether the server may charge for a reply that did not arrive."""
    retry_after: float | None = None
    """Seconds that the server asks to wait."""
    unreachable: bool = False
    """Whether there was no connection at all: no server listens there, or the name is not known."""


_STOP = {401: "the key is refused", 402: "the account is out of credit", 403: "access is refused", 404: "not found"}
_NO_CONNECTION = ("ConnectError", "ConnectTimeout", "UnsupportedProtocol", "ProxyError")
_RETRY = {408, 409, 425, 429}
_TOO_LONG = re.compile(
    r"context[ _](length|size|window)|exceed_context|maximum context|too many tokens|token count .*exceed"
    r"|(prompt|input|request|messages?)( is| are)? too (long|large)|reduce the length|max_new_tokens.{0,3} must be"
)
_PROMPT_REFUSED = re.compile(
    r"flagged|moderation|content.?filter|content.?(management.?)?policy|invalid.?prompt|policy.?violation"
    r"|data.?inspection|inappropriate|unsafe content|safety"
)
_USER_REFUSED = re.compile(
    r"(account|organi[sz]ation|project|api.?key|user)\b[^.]{0,30}(flagged|suspended|disabled|blocked)"
)
_REMEDIES = {
    "max_completion_tokens": "llm.max_tokens_name=max_completion_tokens",
    "temperature": "llm.temperature=null",
    "system role": "llm.fold_system=true",
}
"""For words in a rejection, the setting that may help."""
_REASONS = ("message", "msg", "error", "errors", "detail", "details", "title", "metadata", "raw", "innererror")
_KINDS = ("code", "type", "status", "reason", "reasons")


def judge(error: Exception) -> Failure:
    """What ``error``, raised by one attempt, means."""
    if isinstance(error, openai.APIStatusError):
        return judge_status(error.status_code, error.body, error.response.headers)
    if isinstance(error, ErrorBodyError):
        said = _said(error.body, ("code", "status", *_REASONS))
        codes = (int(word) for word in said if re.fullmatch("[45][0-9]{2}", word))
        return replace(judge_status(next(codes, 500), error.body, {}), maybe_charged=error.maybe_charged)
    cause = error.__cause__ or error
    why = one_line(str(cause)) or type(cause).__name__
    if isinstance(error, BodyTooLongError) or isinstance(cause, BodyTooLongError):
        return Failure(Verdict.GIVE_UP, f"expected a reply of at most {MAX_BODY} bytes, got more", maybe_charged=True)
    if type(cause).__name__ in _NO_CONNECTION:
        return Failure(Verdict.RETRY, f"connection failed: {why}", unreachable=True)
    if isinstance(error, BrokenBodyError):
        return Failure(Verdict.RETRY, str(error), maybe_charged=True)
    if isinstance(error, TimeoutError | openai.APITimeoutError):
        return Failure(Verdict.RETRY, "no answer within llm.timeout_s", maybe_charged=True)
    return Failure(Verdict.RETRY, f"connection lost: {why}", maybe_charged=True)


def judge_status(status: int, body: Any, headers: Mapping[str, str]) -> Failure:
    """What an HTTP error with this body and these headers (lower case) means."""
    words = " ".join(_said(body, _KINDS + _REASONS)).lower()
    text = f"HTTP {status}: {reason(body) or 'no message'}"
    if "insufficient_quota" in words:
        return Failure(Verdict.STOP, f"the quota is spent: {text}")
    if 300 <= status < 400:
        text = f"HTTP {status}: expected llm.base_url to be the endpoint itself, got one that redirects"
        return Failure(Verdict.STOP, text)
    if status == 413 or (status not in (*_STOP, *_RETRY) and _TOO_LONG.search(words)):
        return Failure(Verdict.GIVE_UP, f"the request is too long for the model: {text}")
    about_request = status not in (401, 402, 404, *_RETRY) and status < 500
    if about_request and _PROMPT_REFUSED.search(words) and not _USER_REFUSED.search(words):
        return Failure(Verdict.GIVE_UP, f"the prompt is refused: {text}")
    if status in _STOP:
        return Failure(Verdict.STOP, f"{_STOP[status]}: {text}")
    if status in _RETRY or status >= 500:
        return Failure(Verdict.RETRY, text, retry_after=_retry_after(headers))
    if "model_not_found" in words:
        return Failure(Verdict.STOP, f"no such model: {text}")
    remedies = [setting for word, setting in _REMEDIES.items() if word in words]
    return Failure(Verdict.REFUSED, f"{text} (try {', '.join(remedies)})" if remedies else text)


def reason(body: Any) -> str:
    """What the server says in an error body of any shape, in one line; empty if it says nothing."""
    return one_line("; ".join(dict.fromkeys([*_said(body, _REASONS)] or _said(body, _KINDS + _REASONS))))


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


def _said(value: Any, names: tuple[str, ...], depth: int = 8) -> Iterator[str]:
    """The texts under ``names``, in that order, in lists and mappings; a text that is JSON counts as what it holds."""
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "[") and depth:
        with suppress(ValueError, RecursionError):
            value = json.loads(value)
    if isinstance(value, str | int) and not isinstance(value, bool):
        yield str(value)[:2000]
    elif isinstance(value, Mapping) and depth:
        fields = {str(name).lower(): item for name, item in value.items()}
        for name in names:
            yield from _said(fields.get(name), names, depth - 1)
    elif isinstance(value, list) and depth:
        for item in (item for item in value[:8] if not isinstance(item, int)):
            yield from _said(item, names, depth - 1)
