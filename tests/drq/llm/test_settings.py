"""Settings of the model: what is refused, in which words, and without showing a secret."""

from __future__ import annotations

from typing import Any

import pytest

from drq.errors import ConfigError
from drq.llm.prompts import Show
from drq.llm.secrets import NO_KEY, Access, read_access, scrub
from drq.llm.settings import LlmSettings, Model, Prices

GOOD = {"model": "m", "base_url": "https://host/v1"}


def test_defaults() -> None:
    settings = LlmSettings.parse(GOOD)
    assert settings.models == (Model("m", 1.0, Prices()),)
    assert (settings.show, settings.repair, settings.grammar) == (Show.NOTHING, 0, False)


def test_an_ensemble() -> None:
    own = {"name": "b", "weight": 3, "prices": {"input": 2, "output": 5}}
    settings = LlmSettings.parse(GOOD | {"model": ["a", own], "prices": {"output": 1}})
    assert settings.models == (Model("a", 1.0, Prices(0, 1)), Model("b", 3.0, Prices(2, 5)))


def test_a_model_file_names_the_model() -> None:
    assert LlmSettings.parse({"gguf": "/models/small.gguf"}).models[0].name == "small.gguf"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"modle": "x"}, "llm.modle"),
        ({"base_url": None, "model": ["a", "b"]}, "llm.base_url, or one model of this machine"),
        ({"gguf": "x.gguf"}, "one of llm.base_url and llm.gguf"),
        ({"base_url": "ftp://host"}, "llm.base_url"),
        ({"base_url": "https://host:99999/v1"}, "llm.base_url"),
        ({"model": None}, "llm.model"),
        ({"model": []}, "llm.model"),
        ({"model": ["a", "a"]}, "llm.model"),
        ({"model": [{"name": "a", "weight": 0}]}, "weight"),
        ({"model": 7}, "llm.model"),
        ({"temperature": -1}, "llm.temperature"),
        ({"temperature": float("nan")}, "llm.temperature"),
        ({"max_tokens": 0}, "llm.max_tokens"),
        ({"max_tokens": "many"}, "llm.max_tokens"),
        ({"max_tokens_name": "limit"}, "llm.max_tokens_name"),
        ({"in_flight": 0}, "llm.in_flight"),
        ({"timeout_s": 0}, "llm.timeout_s"),
        ({"max_wait_s": float("inf")}, "llm.max_wait_s"),
        ({"max_failures": 0}, "llm.max_failures"),
        ({"max_calls": -1}, "llm.max_calls"),
        ({"max_cost": 1}, "got none for m"),
        ({"max_cost": 1, "model": ["a", {"name": "b", "prices": {"input": 1}}]}, "got none for a"),
        ({"max_cost": 1, "model": [{"name": "b", "prices": {}}]}, "got none for b"),
        ({"headers": {"x y": "1"}}, "llm.headers"),
        ({"query": {"v": "\n"}}, "llm.query"),
        ({"prices": {"input": -1}}, "prices.input"),
        ({"extra_body": {"n": 4, "top_k": 1}}, "got n"),
        ({"grammar": "yes"}, "llm.grammar"),
        ({"repair": 2}, "llm.repair"),
        ({"show": "all"}, "llm.show"),
        ({"api_key_env": ""}, "llm.api_key_env"),
    ],
)
def test_bad_values_are_refused_by_name(values: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        LlmSettings.parse(GOOD | values)
    assert words in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "values",
    [
        {"base_url": "https://user:sk-secret@host/v1"},
        {"base_url": "https://sk-secret@host/v1"},
        {"base_url": "https://host/v1?key=sk-secret"},
        {"base_url": "https://host/v1#sk-secret"},
        {"base_url": "sk-secret"},
        {"base_url": "https://[sk-secret/v1"},
        {"api_key_env": "sk-secret"},
        *(
            {where: {name: "sk-secret"}}
            for where in ("headers", "query")
            for name in ("Authorization", "api-key", "X-Token", "subscription-key", "sig", "Cookie")
        ),
    ],
)
def test_a_secret_in_the_wrong_place_is_refused_and_not_shown(values: dict[str, Any]) -> None:
    with pytest.raises(ConfigError) as caught:
        LlmSettings.parse(GOOD | values)
    assert "secret" not in str(caught.value)


def test_a_key_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_KEY", " sk-1\n")
    assert read_access("llm", "SOME_KEY").key == "sk-1"
    assert read_access("llm", None).key == NO_KEY


@pytest.mark.parametrize("value", [None, "", " ", "sk-\n1", "schlüssel"])
def test_a_missing_or_odd_key_is_one_line(value: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOME_KEY", raising=False)
    if value is not None:
        monkeypatch.setenv("SOME_KEY", value)
    with pytest.raises(ConfigError, match="SOME_KEY") as caught:
        read_access("llm", "SOME_KEY")
    assert "sk-" not in str(caught.value) and "\n" not in str(caught.value)


def test_what_is_no_name_of_a_variable_is_not_shown() -> None:
    with pytest.raises(ConfigError, match=r"environment variable that llm\.api_key_env names, got none") as caught:
        read_access("llm", "gsk_aBcDeF")
    assert "gsk" not in str(caught.value)


def test_every_model_may_have_a_price_of_its_own_even_nothing() -> None:
    models = [{"name": "a", "prices": {}}, {"name": "b", "prices": {"input": 1}}]
    assert LlmSettings.parse(GOOD | {"max_cost": 1, "model": models})


def test_cached_tokens_have_their_price_if_one_is_given() -> None:
    assert Prices(2.0, 4.0).cost(1_000_000, 500_000, 400_000) == 4.0
    assert Prices(2.0, 4.0, cached=0.5).cost(1_000_000, 500_000, 400_000) == pytest.approx(3.4)
    assert Prices(2.0, 4.0, cached=0.5).cost(1_000_000, 0, 9_000_000) == 0.5


def test_headers_and_query_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATE_KEY", "gate-12345678")
    access = read_access("llm", None, {"api-key": "env:GATE_KEY", "X-Title": "drq"}, {"code": "env:GATE_KEY"})
    assert access.headers == {"api-key": "gate-12345678", "X-Title": "drq"} and access.query["code"] == "gate-12345678"
    assert access.scrub("saw gate-12345678") == "saw [key]" and "gate-1" not in repr(access)
    with pytest.raises(ConfigError, match="variable NO_SUCH, got none"):
        read_access("llm", None, {"api-key": "env:NO_SUCH"})


@pytest.mark.parametrize(
    ("config", "where"),
    [
        ({"llm": {"extra_body": {"user": "sk-12345678"}}}, "llm.extra_body.user"),
        ({"llm": {"base_url": "https://host/sk-12345678/v1"}}, "llm.base_url"),
        ({"llm": {"model": ["a", {"name": "x-sk-12345678"}]}}, "llm.model.name"),
        ({"llm": {"extra_body": {"sk-12345678": 1}}}, "the keys of llm.extra_body"),
        ({"starter": ["sk-12345678"]}, "starter"),
    ],
)
def test_a_key_in_the_configuration_is_refused_and_not_shown(config: dict[str, Any], where: str) -> None:
    Access("sk-87654321").keep_out(config)
    with pytest.raises(ConfigError) as caught:
        Access("sk-12345678").keep_out(config)
    assert str(caught.value).startswith(f"expected {where} without the key") and "1234" not in str(caught.value)


def test_a_dummy_key_spoils_nothing() -> None:
    assert scrub("MOV.I $1, $1", "1") == "MOV.I $1, $1"
    Access("1").keep_out({"seed": 1, "name": "1"})


def test_scrub_knows_how_keys_are_spelled() -> None:
    key = 'sk-"a/b+c d'
    for text in (f"key {key}", "sk-%22a/b%2Bc%20d", "sk-%22a%2Fb%2Bc+d", 'sk-\\"a/b+c d'):
        assert scrub(text, key).endswith("[key]")
    assert scrub("none of that", NO_KEY) == "none of that"
