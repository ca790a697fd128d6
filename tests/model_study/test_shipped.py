"""What the study ships gives its published tables, and comes out the same when it is made again without a model."""

from __future__ import annotations

import json
import runpy
import socket
import tarfile
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from drq.cli.configure import configure
from drq.run.observer import Observer
from tests.drq.llm.runs import rows, select
from tests.model_study.arms import ARMS, MODEL
from tests.model_study.champions import judged as judged_champion
from tests.model_study.children import judged
from tests.model_study.families import load
from tests.model_study.pack import KEYS, flagged

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data" / "model_study"


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a replay opened a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped records, unpacked as the study's folder."""
    folder = tmp_path_factory.mktemp("study")
    for name in ("replies", "runs"):
        with tarfile.open(DATA / f"{name}.tar.xz") as archive:
            archive.extractall(folder / name, filter="data")
    return folder


@cache
def children() -> pd.DataFrame:
    return pd.read_csv(DATA / "children.csv.xz")


def test_the_published_tables_are_those_of_the_shipped_data() -> None:
    script: dict[str, Any] = runpy.run_path(str(ROOT / "docs" / "model_study.py"))
    page = (ROOT / "docs" / "results.md").read_text()
    lines = [line for line in script["tables"](script["results"](DATA)) if line]
    assert len(lines) > 30
    assert [line for line in lines if line not in page] == []


@pytest.mark.parametrize(("name", "number"), [*((name, 9) for name in MODEL), ("model", 64), ("genetic", 30)])
def test_children_are_judged_the_same_again(study: Path, name: str, number: int) -> None:
    parents = load(DATA)
    again = flagged(pd.DataFrame(judged(number, study, name, parents)).assign(arm=name))
    own = parents[number]
    table = children()
    where = (table["arm"] == name) & (table["family"] == own.family)
    shipped = table[where & (table["round"] == own.round) & (table["place"] == own.place)]
    pd.testing.assert_frame_equal(
        again[shipped.columns].reset_index(drop=True), shipped.reset_index(drop=True), check_dtype=False, rtol=1e-5
    )


def test_every_child_is_there() -> None:
    table = children()
    counted = {name: arm.children * len(load(DATA)) for name, arm in ARMS.items()}
    assert table["arm"].value_counts().to_dict() == counted
    assert not table.duplicated(["arm", *KEYS]).any()


@pytest.mark.parametrize("run", ["model/imp", "mixed/stone", "sequential/dwarf"])
def test_a_run_replays_row_for_row(study: Path, tmp_path: Path, run: str) -> None:
    recorded = study / "runs" / run
    again = configure(["operator=replay", f"operator.run={recorded}", f"run_dir={tmp_path / 'again'}", "threads=1"])
    again.execute(lambda operator: Observer())
    assert rows(tmp_path / "again") == rows(recorded)
    assert select(recorded, "SELECT count(*) FROM calls WHERE error IS NULL")[0][0] > 50


def test_a_champion_is_judged_the_same_again(study: Path) -> None:
    champions = pd.read_csv(DATA / "champions.csv").to_dict("records")
    found = judged_champion(study / "runs" / "model" / "imp")
    assert found is not None
    (shipped,) = (row for row in champions if (row["arm"], row["family"]) == ("model", "imp"))
    assert found.keys() == shipped.keys()
    for key, value in found.items():
        assert shipped[key] == (pytest.approx(value) if isinstance(value, float) else value), key


def test_speeds_are_stated() -> None:
    speed = json.loads((DATA / "speed.json").read_text())
    assert all(value > 0 for value in speed.values())
