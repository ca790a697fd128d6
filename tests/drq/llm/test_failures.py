"""What a failed attempt means, by its status, body and headers alone."""

from __future__ import annotations

import json
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
        (429, {"type": "insufficient_quota"}, Verdict.STOP, "the quota is spent: HTTP 429: insufficient_quota"),
        (400, {"code": "model_not_found", "message": "no"}, Verdict.STOP, "no such model: HTTP 400: no"),
        *((status, "no", Verdict.RETRY, f"HTTP {status}: no") for status in (408, 409, 425, 429, 500, 503, 529)),
        (413, "no", Verdict.GIVE_UP, "the request is too long for the model: HTTP 413: no"),
        (400, "Too many tokens", Verdict.GIVE_UP, "the request is too long for the model: HTTP 400: Too many tokens"),
        (400, {"code": "content_filter", "message": "no"}, Verdict.GIVE_UP, "the prompt is refused: HTTP 400: no"),
        (
            400,
            {"type": "content_policy_violation"},
            Verdict.GIVE_UP,
            "the prompt is refused: HTTP 400: content_policy_violation",
        ),
        (400, "no", Verdict.REFUSED, "HTTP 400: no"),
        (422, ["no", "mapping"], Verdict.REFUSED, "HTTP 422: no; mapping"),
    ],
)
def test_a_status_and_its_body_mean_one_thing(status: int, error: Any, verdict: Verdict, text: str) -> None:
    for body in (error, {"error": error}):
        assert judge_status(status, body, {}) == Failure(verdict, text)


@pytest.mark.parametrize(
    "body",
    [
        [{"error": {"message": "sorry"}}],
        {"error": {"message": {"text": 1, "detail": "sorry"}}},
        {"error": {"message": ["sorry"]}},
        {"detail": "sorry"},
        {"detail": [{"loc": ["body"], "msg": "sorry", "type": "missing"}]},
        {"errors": [{"message": "sorry"}]},
        {"errors": ["sorry"]},
        {"Message": "sorry"},
        {"error": {"metadata": {"raw": "sorry"}}},
        {"error": {"metadata": {"raw": json.dumps({"error": {"message": "sorry"}})}}},
        json.dumps([{"error": "sorry"}]),
        "sorry",
    ],
)
def test_the_reason_is_found_wherever_servers_put_it(body: Any) -> None:
    assert judge_status(400, body, {}) == Failure(Verdict.REFUSED, "HTTP 400: sorry")
    long = json.loads(json.dumps(body).replace("sorry", "prompt is too long"))
    assert judge_status(400, long, {}).verdict is Verdict.GIVE_UP
    assert judge(ErrorBodyError(long)).verdict is Verdict.GIVE_UP, "behind status 200 too"


def test_both_reasons_of_a_gateway_are_shown() -> None:
    error = {"message": "Provider returned error", "code": 400, "metadata": {"raw": '{"message": "no such tool"}'}}
    assert judge_status(400, {"error": error}, {}).text == "HTTP 400: Provider returned error; no such tool"


@pytest.mark.parametrize(
    ("status", "error", "verdict"),
    [
        (403, {"message": "Your input was flagged", "metadata": {"reasons": ["violence"]}}, Verdict.GIVE_UP),
        (403, {"message": "no", "metadata": {"reasons": ["flagged"]}}, Verdict.GIVE_UP),
        (403, {"message": "Your account has been flagged"}, Verdict.STOP),
        (403, {"message": "Forbidden"}, Verdict.STOP),
        (401, {"message": "moderation needs a key"}, Verdict.STOP),
        (400, {"code": "invalid_prompt", "message": "no"}, Verdict.GIVE_UP),
        (400, {"innererror": {"code": "ResponsibleAIPolicyViolation"}}, Verdict.GIVE_UP),
        (400, {"code": "DataInspectionFailed"}, Verdict.GIVE_UP),
        (400, {"message": "request exceeds the available context size", "code": 400}, Verdict.GIVE_UP),
        (404, {"message": "The model does not exist", "code": "model_not_found"}, Verdict.STOP),
        (429, {"message": "too many tokens this minute"}, Verdict.RETRY),
        (500, {"message": "the request exceeds the available context size"}, Verdict.GIVE_UP),
        (307, "moved", Verdict.STOP),
    ],
)
def test_a_refused_prompt_is_no_refused_key(status: int, error: Any, verdict: Verdict) -> None:
    assert judge_status(status, {"error": error}, {}).verdict is verdict


@pytest.mark.parametrize(
    ("message", "remedy"),
    [
        ("Use 'max_completion_tokens' instead", "llm.max_tokens_name=max_completion_tokens"),
        ("Unsupported value: 'temperature'", "llm.temperature=null"),
        ("System role not supported", "llm.fold_system=true"),
    ],
)
def test_a_refused_setting_comes_with_its_remedy(message: str, remedy: str) -> None:
    assert judge_status(400, {"error": {"message": message}}, {}).text == f"HTTP 400: {message} (try {remedy})"


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
        pytest.param({"retry-after": "Fri, 01 Jan 2100 00:00:00 GMT"}, YEAR_2100 - time.time(), id="a date to come"),
        ({"retry-after": "Sat, 01 Jan 2000 00:00:00 GMT"}, 0.0),
        ({"retry-after": "-5"}, 0.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "inf"}, None),
        ({}, None),
    ],
)
def test_how_long_a_server_asks_to_wait(headers: dict[str, str], seconds: float | None) -> None:
    assert judge_status(429, None, headers).retry_after == (seconds and pytest.approx(seconds, rel=0.1))
