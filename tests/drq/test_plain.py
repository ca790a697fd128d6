from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drq.config import RunConfig
from drq.errors import ConfigError
from drq.plain import from_mapping, leaves, to_plain, unknown_key
from redcode import NANO, Rules, Standard


@dataclass(frozen=True)
class Inner:
    ratio: float = 0.5
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outer:
    count: int
    inner: Inner = field(default_factory=Inner)
    table: dict[str, tuple[float, ...]] = field(default_factory=dict)
    either: str | tuple[str, ...] | None = None
    flag: bool = False
    standard: Standard = Standard.ICWS94
    anything: Any = None


def test_plain_data_becomes_dataclasses() -> None:
    data = {"count": 3, "inner": {"ratio": 2, "names": ["a"]}, "table": {"x": [1, 2.5]}, "standard": "88"}
    assert from_mapping(Outer, data) == Outer(3, Inner(2.0, ("a",)), {"x": (1.0, 2.5)}, standard=Standard.ICWS88)
    assert from_mapping(Outer, {"count": 1, "either": ["a", "b"]}).either == ("a", "b")
    assert from_mapping(Outer, {"count": 1, "either": "a"}).either == "a"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "expected a value for at.count, got none"),
        ({"count": "3"}, "expected at.count to be an integer, got '3'"),
        ({"count": True}, "expected at.count to be an integer, got True"),
        ({"count": 1.5}, "expected at.count to be an integer, got 1.5"),
        ({"count": 1, "cuont": 2}, "unknown key 'at.cuont'; the nearest is 'at.count'"),
        ({"count": 1, "inner": {"ratoi": 2}}, "unknown key 'at.inner.ratoi'; the nearest is 'at.inner.ratio'"),
        ({"count": 1, "inner": {"ratio": "x"}}, "expected at.inner.ratio to be a number, got 'x'"),
        ({"count": 1, "inner": 5}, "expected at.inner to be a mapping, got 5"),
        ({"count": 1, "inner": {"names": "ab"}}, "expected at.inner.names to be a list, got 'ab'"),
        ({"count": 1, "inner": {"names": [1]}}, "expected at.inner.names[0] to be text, got 1"),
        ({"count": 1, "table": {"x": ["y"]}}, "expected at.table.x[0] to be a number, got 'y'"),
        ({"count": 1, "either": 3}, "expected at.either to be text or a list or null, got 3"),
        ({"count": 1, "either": ["a", 3]}, "expected at.either[1] to be text, got 3"),
        ({"count": 1, "flag": 1}, "expected at.flag to be true or false, got 1"),
        ({"count": 1, "standard": "77"}, "expected at.standard to be one of 88, 94, got '77'"),
    ],
)
def test_what_is_wrong_is_named(data: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError) as error:
        from_mapping(Outer, data, "at")
    assert str(error.value) == message


def test_a_dataclass_s_own_refusal_is_passed_on() -> None:
    with pytest.raises(ConfigError, match=r"^rules: expected core_size to be an integer from 80 to 65535, got 3$"):
        from_mapping(RunConfig, {"rules": {"core_size": 3}})


def test_keys_that_resemble_nothing_get_no_advice() -> None:
    assert unknown_key("zzz", ["rounds"]) == "unknown key 'zzz'"


@given(st.integers(0, 9), st.none() | st.integers(0, 9), st.lists(st.text(), min_size=1), st.floats(0, 1))
def test_round_trip(seed: int, history: int | None, starter: list[str], share: float) -> None:
    config = RunConfig(seed=seed, history=history, starter=tuple(starter), new_share=share, rules=NANO)
    assert from_mapping(RunConfig, to_plain(config)) == config
    assert to_plain(Rules())["standard"] == "94"


def test_leaves_are_named_by_their_path() -> None:
    plain = {"a": 1, "b": {"c": [2, {"d": 3}], "e": {}}, "f": {"g": {"h": None}}}
    assert dict(leaves(plain)) == {"a": 1, "b.c": [2, {"d": 3}], "b.e": {}, "f.g.h": None}
