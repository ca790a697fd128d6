"""docs/models.md keeps its word."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest
import yaml

from drq.cli.configure import configure
from drq.config import is_free
from drq.llm.settings import LlmSettings

DOCS = (Path(__file__).parents[3] / "docs" / "models.md").read_text()


def test_every_setting_is_documented_and_no_other() -> None:
    keys = {f"llm.{field.name}" for field in dataclasses.fields(LlmSettings)}
    assert keys <= set(re.findall(r"llm\.\w+", DOCS)) <= keys | {"llm.py"}


def test_the_defaults_are_those_of_the_configuration() -> None:
    llm = configure(["operator=llm", "llm=openai"]).config.llm
    assert llm is not None
    rows = dict(re.findall(r"^\| `llm\.(\w+)` \| ([^|]+?) \|", DOCS, re.MULTILINE))
    assert len(rows) > 8
    for key in rows.keys() - {"model", "prices", "extra_body"}:
        assert yaml.safe_load(rows[key].strip("`")) == llm[key], key


@pytest.mark.parametrize("key", sorted(re.findall(r"^\| .*?`llm\.(\w+)`", DOCS, re.MULTILINE)))
def test_every_documented_key_can_be_set(key: str) -> None:
    values = {"model": "x", "prices": "{input: 1.0}", "extra_body": "{top_k: 40}", "show": "both", "temperature": "0.5"}
    values |= {"better": "false", "headers": "{X-Title: drq}", "query": "{version: b}", "api_key_env": "KEY"}
    values |= {
        "base_url": "http://localhost:1/v1",
        "gguf": "x.gguf",
        **dict.fromkeys(("seed", "grammar", "fold_system"), "true"),
    }
    local = ["llm=local", "llm.model=x"] if key in ("gguf", "context") else ["llm=openai"]
    llm = configure(["operator=llm", *local, f"llm.{key}={values.get(key, 1)}"]).config.llm
    assert llm is not None and llm[key] not in (None, {}, getattr(LlmSettings, key, None))


@pytest.mark.parametrize("group", [["llm=openai"], ["llm=local", "llm.model=x"]])
@pytest.mark.parametrize("key", ["llm.extra_body.top_k", "llm.headers.X-Title", "llm.query.version"])
def test_a_key_of_ones_own_is_added(group: list[str], key: str) -> None:
    for override in (f"{key}=v40", f"+{key}=v40"):
        llm = configure(["operator=llm", *group, override]).config.llm
        assert llm is not None and llm[key.split(".")[1]][key.split(".")[2]] == "v40"


def test_what_a_resumed_run_may_change() -> None:
    free = re.search(r"may change where the model is.*?\((.*?)\)", DOCS, re.DOTALL)
    assert free is not None
    assert all(is_free(key) for key in re.findall(r"llm\.\w+", free[1]))
    assert is_free("llm.headers.api-key") and is_free("llm.query.api-version") and not is_free("llm.headersome")
    assert is_free("llm.timeout_s") and is_free("llm.max_cost") and not is_free("llm.max_tokens")
