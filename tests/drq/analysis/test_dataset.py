"""The data set against the runs' own files, and the numbers of the results page against the analysis of the runs."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest
from click.testing import CliRunner

from drq import analysis, operators
from drq.analysis import Study
from drq.analysis.fits import fit
from drq.analysis.trends import against
from drq.cli.commands.export import command
from drq.config import RunConfig
from drq.plain import from_mapping
from drq.store.comparison import comparable_rows
from tests.drq.analysis.conftest import PLACEMENTS
from tests.drq.runs import execute, nano_config

pytest.importorskip("pyarrow")
from drq.analysis.dataset import CARD, write_dataset
from drq.analysis.dataset_tables import RECORDED, RUN, STUDIED

SCRIPT = Path(__file__).parents[3] / "docs/results.py"
NUMBERS = ("families", "mean", "mean_other", "difference", "low", "high", "p")
TABLES = {**STUDIED, **{name: {**RUN, **columns} for name, columns in RECORDED.items()}}


@pytest.fixture(scope="module")
def dataset(study: Study, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dataset")
    write_dataset(study, folder)
    return folder


@pytest.fixture(scope="module")
def script() -> ModuleType:
    """docs/results.py for runs of eight rounds."""
    spec = importlib.util.spec_from_file_location("results", SCRIPT)
    assert spec and spec.loader
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


@pytest.fixture
def page(script: ModuleType, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.setattr(script, "ROUNDS", 8)
    return script


def parquet(folder: Path, table: str) -> pd.DataFrame:
    return pd.read_parquet(folder / f"{table}.parquet")


def test_the_rows_of_every_run_s_file_are_in_it(study: Study, dataset: Path) -> None:
    recorded = [comparable_rows(run.directory) for run in study.runs]
    for table, columns in RECORDED.items():
        ours = parquet(dataset, table)
        for run, theirs in zip(study.runs, recorded, strict=True):
            own = ours[ours["run"] == run.label][list(columns)].astype(object)
            assert list(own.where(own.notna(), None).itertuples(index=False, name=None)) == theirs[table]


def test_what_a_run_was_made_with_is_in_it(study: Study, dataset: Path) -> None:
    for run, row in zip(study.runs, parquet(dataset, "runs").to_dict("records"), strict=True):
        made = operators.with_defaults(from_mapping(RunConfig, json.loads(row["config"])))
        assert made == replace(run.config, threads=None, minutes=None)


def test_the_same_runs_give_the_same_bytes(study: Study, dataset: Path, tmp_path: Path) -> None:
    files = write_dataset(study, tmp_path)
    assert {file.name for file in files} == {file.name for file in dataset.iterdir()}
    assert [file.read_bytes() for file in files] == [(dataset / file.name).read_bytes() for file in files]


def test_runs_that_are_made_again_give_the_same_bytes(tmp_path: Path) -> None:
    contents = []
    for time in ("first", "second"):
        for seed in (0, 1):
            execute(nano_config(rounds=2, seed=seed), tmp_path / time / "runs" / str(seed))
        arguments = [str(tmp_path / time / "runs"), "-o", str(tmp_path / time / "out"), "placements=4"]
        result = CliRunner().invoke(command, arguments, catch_exceptions=False)
        assert result.exit_code == 0
        files = sorted((tmp_path / time / "out").iterdir())
        assert {str(file) for file in files} == set(result.stdout.split())
        contents.append({file.name: file.read_bytes() for file in files})
    assert contents[0] == contents[1]
    changed = tmp_path / "second/runs/1"
    shutil.rmtree(changed)
    execute(nano_config(rounds=2, seed=2), changed)
    CliRunner().invoke(
        command, [str(changed.parent), "-o", str(tmp_path / "out"), "placements=4"], catch_exceptions=False
    )
    assert (tmp_path / "out/candidates.parquet").read_bytes() != contents[0]["candidates.parquet"]


def test_the_card_tells_every_column_and_digest(dataset: Path) -> None:
    card = (dataset / CARD).read_text()
    sections = dict(re.findall(r"^### `(\w+)\.parquet`.*?\n(.*?)(?=^##)", card, re.M | re.S))
    files = {path.stem: path for path in dataset.glob("*.parquet")}
    assert sections.keys() == files.keys() == TABLES.keys()
    for table, text in sections.items():
        assert re.findall(r"^\| `(\w+)` \|", text, re.M) == list(parquet(dataset, table).columns)
    digests = dict(re.findall(r"^\| `(\w+)\.parquet` \| `(\w+)` \|$", card, re.M))
    assert digests == {table: sha256(path.read_bytes()).hexdigest() for table, path in files.items()}


def test_its_measures_are_those_of_the_study(study: Study, dataset: Path) -> None:
    measures = parquet(dataset, "measures")
    assert measures["fitness"].tolist() == study.phenotypes.ravel().tolist()
    assert measures["defeats"].tolist() == study.defeats.ravel().tolist()
    against = parquet(dataset, "measured_against")
    assert against["digest"].tolist() == [warrior.digest for _, warrior in study.opponents]
    assert f"{PLACEMENTS} placements" in (dataset / CARD).read_text()


def test_the_page_has_the_tables_that_the_shipped_data_set_gives(script: ModuleType) -> None:
    text, tables = SCRIPT.with_suffix(".md").read_text(), script.read(script.SHIPPED)
    for make in script.TABLES:
        assert make(tables) in text, f"{make.__name__}: run python docs/results.py"


def test_what_is_shipped_is_what_its_card_says(script: ModuleType) -> None:
    digests = dict(re.findall(r"^\| `(\S+)` \| `(\w+)` \|$", (script.SHIPPED / CARD).read_text(), re.M))
    shipped = list(script.SHIPPED.glob("*.parquet"))
    assert len(shipped) == 9
    for path in shipped:
        assert digests[path.name] == sha256(path.read_bytes()).hexdigest()


def test_trends_of_the_results_are_those_of_the_analysis(study: Study, dataset: Path, page: ModuleType) -> None:
    tables = page.read(dataset)
    for trend in analysis.trends(study):
        values, families, make = page.series(tables, arm(trend.group), trend.quantity)
        assert make(values) == pytest.approx(trend.mean)
        line, theirs = fit(against(trend.quantity, trend.round), values, make, families), trend.fit
        assert (
            line
            and theirs
            and (line.slope, line.low, line.high) == pytest.approx((theirs.slope, theirs.low, theirs.high))
        )


def test_arms_are_compared_as_groups_are_in_the_analysis(study: Study, dataset: Path, page: ModuleType) -> None:
    tables = page.read(dataset)
    champions = pd.concat([page.late(tables["champions"], 8), page.starters(tables)])
    strong = analysis.compare_strong(study, analysis.strong_values(study)).query("value == 'strong'")
    late = analysis.compare_generality(study).query("value == 'generality_late'")
    cycles = analysis.compare_cycles(study).query("value == 'cyclic'")
    cases = ((late, champions, "both"), (strong, champions, "strong"), (cycles, page.cycles(tables), "cyclic"))
    for theirs, table, value in cases:
        assert len(theirs) == (3 if value == "both" else 1)
        for row in theirs.to_dict("records"):
            found = page.difference(table, value, arm(row["other"]), arm(row["group"]))
            assert [found[name] for name in NUMBERS] == pytest.approx([row[name] for name in NUMBERS])


def test_the_probe_and_the_measures_of_lineages_are_those_of_the_analysis(
    study: Study, dataset: Path, page: ModuleType
) -> None:
    tables, found = page.read(dataset), analysis.probe(study)
    assert found is not None and f"{found.r2:.2f}".replace("-", "−") in page.rest(tables)
    ours, theirs = tables["phylogenies"], analysis.phylogeny_table(study)
    assert ours["depth"].tolist() == theirs["depth"].tolist()
    assert tables["activity"]["activity"].tolist() == analysis.activity_table(study)["activity"].tolist()


def test_a_family_counts_whole_or_not_at_all(study: Study, dataset: Path, page: ModuleType, tmp_path: Path) -> None:
    """Without the last champion of one run, neither arm has its family."""
    run = study.runs[0]
    for name in TABLES:
        table = parquet(dataset, name)
        if name == "champions":
            table = table[(table["run"] != run.label) | (table["round"] < 7)]
        table.to_parquet(tmp_path / f"{name}.parquet")
    runs = page.read(tmp_path)["runs"]
    assert len(runs) == len(study.runs) - 2 and run.family not in set(runs["family"])


def arm(group: str) -> str:
    """What the folder of a group is called."""
    return {"K = all": "kall", "K = 1": "k1"}.get(group, group)
