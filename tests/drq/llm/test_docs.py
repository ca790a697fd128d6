"""docs/models.md keeps its word."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import yaml

from drq.config import is_free
from drq.configure import configure
from drq.llm.settings import LlmSettings
from tests.drq.llm.runs import select

DOCS = (Path(__file__).parents[3] / "docs" / "models.md").read_text()
RECORDED = Path(__file__).parents[2] / "data" / "recorded_run"


def test_every_setting_is_documented_and_no_other() -> None:
    keys = {f"llm.{field.name}" for field in dataclasses.fields(LlmSettings)}
    assert keys <= set(re.findall(r"llm\.\w+", DOCS)) <= keys | {"llm.py"}


def test_the_defaults_are_those_of_the_configuration() -> None:
    llm = configure(["operator=scripted", "llm=openai"]).config.llm
    assert llm is not None
    rows = dict(re.findall(r"^\| `llm\.(\w+)` \| ([^|]+?) \|", DOCS, re.MULTILINE))
    assert len(rows) > 8
    for key in rows.keys() - {"model", "prices", "extra_body"}:
        assert yaml.safe_load(rows[key].strip("`")) == llm.get(key, getattr(LlmSettings, key)), key


def test_what_a_resumed_run_may_change() -> None:
    free = re.search(r"may change where the model is.*?\((.*?)\)", DOCS, re.DOTALL)
    assert free is not None
    assert all(is_free(key) for key in re.findall(r"llm\.\w+", free[1]))
    assert is_free("llm.timeout_s") and is_free("llm.max_cost") and not is_free("llm.max_tokens")


def test_the_query_per_model(tmp_path: Path) -> None:
    query = re.search(r"```sql\n(.*?)```", DOCS, re.DOTALL)
    assert query is not None
    (tmp_path / "run.sqlite").write_bytes((RECORDED / "run.sqlite").read_bytes())
    ((model, proposals, assembled, entered, tokens, cost),) = select(tmp_path, query[1])
    assert (model, proposals, assembled, cost) == ("gemma-3-270m-q4_k_m.gguf", 32, 32, 0.0)
    assert 0 < entered < 32 and tokens > 30_000
