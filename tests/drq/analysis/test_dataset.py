"""The data set against the runs' own files, and the numbers of the results page against the analysis of the runs."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from drq import analysis, operators
from drq.analysis import Study
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
TABLES = {**STUDIED, **{name: {**RUN, **columns} for name, columns in RECORDED.items()}}


@pytest.fixture(scope="module")
def dataset(study: Study, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dataset")
    write_dataset(study, folder)
    return folder


@pytest.fixture(scope="module")
def numbers(dataset: Path) -> pd.DataFrame:
    """What docs/results.py says, by result and group."""
    spec = importlib.util.spec_from_file_location("results", SCRIPT)
    assert spec and spec.loader
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    found: pd.DataFrame = script.results(dataset).set_index(["result", "group"])
    assert found.index.is_unique
    return found


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


def test_trends_of_the_results_are_those_of_the_analysis(study: Study, numbers: pd.DataFrame) -> None:
    found = analysis.trends(study)
    slopes = 0
    for row in analysis.trend_table(found).itertuples():
        told = numbers.loc[f"{row.quantity}, slope", row.group]
        assert told.tolist() == pytest.approx([row.slope, row.low, row.high])
        told = numbers.loc[f"{row.quantity}, slope without the first round", row.group]
        without = [row.slope_without_first, row.low_without_first, row.high_without_first]
        assert told.tolist() == pytest.approx(without)
        slopes += 1
    assert slopes == 8
    for row in analysis.trend_values(found).itertuples():
        assert numbers.loc[f"{row.quantity}, round {row.round}", row.group]["value"] == pytest.approx(row.value)


def test_groups_are_compared_as_in_the_analysis(study: Study, numbers: pd.DataFrame) -> None:
    tables = (
        (analysis.compare_generality(study).query("value == 'generality' and other != 'starters'"), "{}, round 7"),
        (analysis.compare_cycles(study).query("value == 'cyclic'"), "{} triples per run"),
        (analysis.compare_fitness(study, [tuple(study.groups)]).query("round == 0"), "{}, round 0"),
    )
    for table, name in tables:
        assert len(table) == 1
        row = table.iloc[0]
        told = numbers.loc[name.format(row["value"]), f"{row['group']} - {row['other']}"]
        assert told.tolist() == pytest.approx([row["difference"], row["low"], row["high"]])


def test_other_numbers_are_those_of_the_analysis(study: Study, numbers: pd.DataFrame) -> None:
    value = numbers["value"]
    baselines = analysis.baseline_table(study).set_index("kind")
    assert value["starter: generality", ""] == pytest.approx(baselines.loc["starter", "generality"])
    assert value["zero-shot: defeats", ""] == pytest.approx(baselines.loc["zero-shot", "defeats"])
    assert value["specialist: generality", ""] == pytest.approx(baselines.loc["specialist", "generality"])
    assert value["best champion: generality", ""] == pytest.approx(study.champions["generality"].max())
    assert value["champions that copy a starter", ""] == 5  # as docs/results.md says
    for row in analysis.champion_fitness(study).itertuples():
        assert value[f"fitness, round {row.round}", row.group] == pytest.approx(row.mean)
    for group, part in analysis.cycle_table(study).groupby("group"):
        assert value["cyclic triples per run", group] == pytest.approx(part["cyclic"].mean())
        assert value["triples per run", group] == part["triples"].mean()
    probe = analysis.probe(study)
    assert probe is not None
    assert numbers.loc["probe, test R²", ""].tolist() == pytest.approx([probe.r2, probe.low, probe.high])


def test_an_unfinished_run_is_no_part_of_the_trends(study: Study, dataset: Path, tmp_path: Path) -> None:
    """Without its last champion, a run counts for nothing that needs all rounds."""
    spec = importlib.util.spec_from_file_location("results", SCRIPT)
    assert spec and spec.loader
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    run = study.runs[0]
    for name in TABLES:
        table = parquet(dataset, name)
        rounds = [column for column in ("round", "opponent_round") if column in table]
        cut = table[rounds].eq(7).any(axis=1) & (table["run"] == run.label) if rounds else pd.Series(False, table.index)
        table[~cut].to_parquet(tmp_path / f"{name}.parquet")
    rest = study.champions[(study.champions["group"] == run.group) & (study.champions["run"] != 0)]
    found = script.results(tmp_path).set_index(["result", "group"])["value"]
    mean = rest.loc[rest["round"] == 0, "generality"].mean()
    assert found["generality, round 0", run.group] == pytest.approx(mean)
