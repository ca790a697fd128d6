from __future__ import annotations

import pytest

from drq.cli.compose import compose_plain
from drq.errors import ConfigError
from drq.tournament import TournamentConfig


def composed(*overrides: str) -> dict[str, object]:
    return compose_plain("tournament", TournamentConfig, overrides, lists=("warriors", "opponents"), texts=("out",))


@pytest.mark.parametrize(
    ("value", "items"),
    [
        ("imp", ["imp"]),
        ("null", []),
        ("", [""]),
        ("[]", []),
        ("[imp, dwarf ,paper]", ["imp", "dwarf", "paper"]),
        ("runs/paper_k1/experiment=paper_k1,history=1,seed=0", ["runs/paper_k1/experiment=paper_k1,history=1,seed=0"]),
        ("~/hill", ["~/hill"]),
        ("my dir (1)", ["my dir (1)"]),
        ("${oc.env:HOME}", ["${oc.env:HOME}"]),
        ("'a=b, c'", ["a=b, c"]),
        ("[a=1,~/b,'c=1,d=2',\"e f\",it's,88]", ["a=1", "~/b", "c=1,d=2", "e f", "it's", "88"]),
    ],
)
def test_a_path_is_taken_as_it_is_written(value: str, items: list[str]) -> None:
    found = composed(f"warriors={value}", f"opponents={value}", "placements=7")
    assert (found["warriors"], found["opponents"], found["placements"]) == (items, items, 7)


@pytest.mark.parametrize(
    ("value", "path"), [("a=b,c (1)", "a=b,c (1)"), ("~/x", "~/x"), ('"a b"', "a b"), ("null", None), ("7", "7")]
)
def test_so_is_a_path_to_write_to(value: str, path: str | None) -> None:
    assert composed(f"out={value}")["out"] == path


def test_what_is_not_given_is_as_shipped() -> None:
    found = composed()
    assert (found.get("warriors"), found["opponents"], found["out"]) == (None, [], None)


def test_other_keys_are_hydras() -> None:
    assert composed("engine=ray", "rules=nano")["rules"] == composed("rules=nano")["rules"] != composed()["rules"]
    with pytest.raises(ConfigError, match=r"^unknown key 'warrior'; the nearest is 'warriors'$"):
        composed("warrior=imp")
