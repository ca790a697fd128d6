"""Bodies and errors of any shape become values."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from drq.llm.completion import Completion, one_line, read
from drq.llm.failures import ErrorBodyError, Verdict, judge, judge_status
from tests.drq.llm.server import completion

_WORDS = (
    "choices message content text refusal finish_reason model usage prompt_tokens completion_tokens error code type"
)
KEYS = st.sampled_from(_WORDS.split())
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS | st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)
HEADERS = st.dictionaries(st.sampled_from(["retry-after", "retry-after-ms"]), st.text(max_size=30))


@given(st.dictionaries(KEYS, JSON))
def test_any_object_is_read(body: dict[str, Any]) -> None:
    found = read(body)
    assert (found.text is None) != (found.error is None)
    for text in (found.text, found.error, found.model, found.finish_reason):
        assert text is None or "\0" not in text
        (text or "").encode()
    for count in (found.input_tokens, found.output_tokens):
        assert count is None or 0 <= count < 1 << 40


def test_a_completion_is_read() -> None:
    assert read(completion("MOV 0, 1")) == Completion("MOV 0, 1", None, "m", "stop", 12, 7)


def test_content_in_parts_is_joined() -> None:
    assert read(completion([{"type": "text", "text": "MOV"}, {"type": "image"}, {"text": " 0, 1"}])).text == "MOV 0, 1"


def test_what_is_no_text_is_left_out_of_the_parts() -> None:
    parts = [{"type": "thinking", "thinking": [{"text": "hm"}]}, {"type": "reasoning", "text": "DAT"}, {"text": "MOV"}]
    assert read(completion(parts)).text == "MOV"


@pytest.mark.parametrize("content", [None, "", " \n", []])
@pytest.mark.parametrize("field", ["reasoning_content", "reasoning", "thinking"])
def test_thoughts_alone_are_said_to_be_thoughts(content: Any, field: str) -> None:
    choice = {"message": {"content": content, field: "MOV 0, 1"}, "finish_reason": "length"}
    error = f"expected text in the reply, got only thoughts, in {field} before llm.max_tokens was reached"
    assert read({"choices": [choice]}).error == error


@pytest.mark.parametrize(
    ("count", "tokens"),
    [(900, 900), (900.0, 900), (0.5, None), (True, None), (-1, None), (math.nan, None), (math.inf, None), ("9", None)],
)
def test_token_counts_are_whole_numbers(count: Any, tokens: int | None) -> None:
    usage = {"prompt_tokens": count, "completion_tokens": count, "prompt_tokens_details": {"cached_tokens": count}}
    found = read(completion("MOV 0, 1") | {"usage": usage})
    assert (found.input_tokens, found.output_tokens, found.cached_tokens) == (tokens, tokens, tokens or 0)


def test_a_refusal_is_the_error() -> None:
    body = {"choices": [{"message": {"content": None, "refusal": "I won't\n\x1b[0m."}}]}
    assert read(body).error == "refused: I won't [0m."


@given(st.text())
def test_one_line_is_one_line(text: str) -> None:
    assert one_line(text).isprintable() and len(one_line(text)) <= 300


@example(None, 429, {"retry-after-ms": "inf"})
@given(JSON, st.integers(300, 599), HEADERS)
def test_any_http_error_is_judged(body: Any, status: int, headers: dict[str, str]) -> None:
    failure = judge_status(status, body, headers)
    assert failure.text.isprintable() and not failure.maybe_charged
    assert failure.retry_after is None or (failure.retry_after >= 0 and math.isfinite(failure.retry_after))
    if status >= 500:
        assert failure.verdict in (Verdict.RETRY, Verdict.STOP)


@given(JSON)
def test_any_error_behind_status_200_is_judged(body: Any) -> None:
    assert judge(ErrorBodyError(body)).text.isprintable()


@pytest.mark.parametrize("body", [None, "", "<html>Bad gateway</html>", [], {"error": "busy"}, {"error": {"code": 7}}])
def test_errors_of_other_shapes(body: Any) -> None:
    failure = judge_status(502, body, {})
    assert failure.verdict is Verdict.RETRY and failure.text.startswith("HTTP 502: ")
