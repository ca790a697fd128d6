"""What a failed attempt means, by its status, body and headers alone."""

from __future__ import annotations

import time
from typing import Any

import pytest

from drq.llm.failures import ErrorBodyError, Failure, Verdict, judge, judge_status

YEAR_2100 = 4_102_444_800
"""Its first second, in seconds since 1970."""


@pytest.mark.parametrize(
    ("status", "error", "verdict", "text"),
    [
        (401, "no", Verdict.STOP, "the key is refused: HTTP 401: no"),
        (402, "no", Verdict.STOP, "the account is out of credit: HTTP 402: no"),
        (403, "no", Verdict.STOP, "access is refused: HTTP 403: no"),
        (404, "no", Verdict.STOP, "not found: HTTP 404: no"),
        (429, {"type": "insufficient_quota"}, Verdict.STOP, "the quota is spent: HTTP 429: no message"),
        (400, {"code": "model_not_found", "message": "no"}, Verdict.STOP, "no such model: HTTP 400: no"),
        *((status, "no", Verdict.RETRY, f"HTTP {status}: no") for status in (408, 409, 425, 429, 500, 503, 529)),
        (413, "no", Verdict.GIVE_UP, "the request is too long for the model: HTTP 413: no"),
        (400, "Too many tokens", Verdict.GIVE_UP, "the request is too long for the model: HTTP 400: Too many tokens"),
        (400, {"code": "content_filter", "message": "no"}, Verdict.GIVE_UP, "HTTP 400: no"),
        (400, {"type": "content_policy_violation"}, Verdict.GIVE_UP, "HTTP 400: no message"),
        (400, "no", Verdict.REFUSED, "HTTP 400: no"),
        (422, ["no", "mapping"], Verdict.REFUSED, "HTTP 422: no message"),
    ],
)
def test_a_status_and_its_body_mean_one_thing(status: int, error: Any, verdict: Verdict, text: str) -> None:
    for body in (error, {"error": error}):
        assert judge_status(status, body, {}) == Failure(verdict, text)


@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        ("overloaded", Verdict.RETRY),
        ({"message": "overloaded", "code": "busy"}, Verdict.RETRY),
        ({"message": "overloaded", "code": 503}, Verdict.RETRY),
        ({"message": "no", "code": 401}, Verdict.STOP),
    ],
)
def test_an_error_without_a_status_of_its_own_is_the_servers(error: Any, verdict: Verdict) -> None:
    assert judge(ErrorBodyError(error)).verdict is verdict


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": " 0.5 "}, 0.5),
        ({"retry-after": "7", "retry-after-ms": "1500"}, 1.5),
        ({"retry-after": "Fri, 01 Jan 2100 00:00:00 GMT"}, YEAR_2100 - time.time()),
        ({"retry-after": "Sat, 01 Jan 2000 00:00:00 GMT"}, 0.0),
        ({"retry-after": "-5"}, 0.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "inf"}, None),
        ({}, None),
    ],
)
def test_how_long_a_server_asks_to_wait(headers: dict[str, str], seconds: float | None) -> None:
    assert judge_status(429, None, headers).retry_after == (seconds and pytest.approx(seconds, rel=0.1))
