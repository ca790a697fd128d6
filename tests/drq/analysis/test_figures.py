"""Every figure is drawn and looked at by its parts; what is drawn is what the tables say."""

from __future__ import annotations

import io
import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from drq import analysis, plots
from drq.analysis import Study
from drq.analysis.open_study import open_study
from drq.plots.figures import FIGURES, Result, make
from drq.plots.style import COLOURS, MARKERS
from tests.drq.analysis.conftest import PLACEMENTS
from tests.drq.analysis.test_columns import documented
from tests.drq.runs import DWARF, IMP, execute, nano_config, population_config

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def results(study: Study) -> dict[str, Result]:
    return {name: make(name, study) for name in FIGURES}


@pytest.mark.parametrize("name", [name for name in FIGURES if name != "summary"])
def test_a_figure_is_drawn_as_both_kinds(name: str, results: dict[str, Result]) -> None:
    result = results[name]
    assert result.figure is not None
    svg = ElementTree.fromstring(result.image("svg"))
    assert svg.tag == f"{SVG}svg" and len(svg.findall(f".//{SVG}path")) > 20
    assert result.image("png").startswith(b"\x89PNG")
    axes = [ax for ax in result.figure.axes if ax.has_data()]
    assert axes and any(ax.get_title(loc="left") or ax.get_title() for ax in axes)


def test_the_same_study_gives_the_same_bytes(study: Study) -> None:
    assert make("trends", study).image("svg") == make("trends", study).image("svg")


def test_figures_do_not_touch_the_global_state(study: Study) -> None:
    """No window, no file, no changed default; the display library is not even loaded by a figure."""
    before = dict(mpl.rcParams)
    make("cycles", study)
    assert dict(mpl.rcParams) == before
    code = "import sys, drq.plots.figures; sys.exit('matplotlib.pyplot' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_points_are_the_tables_values(study: Study) -> None:
    found = analysis.trends(study)
    ax = Figure().subplots()
    plots.plot_trends(ax, found, "generality")
    drawn = [line.get_ydata() for line in ax.lines if line.get_linestyle() == "None"]
    assert [list(y) for y in drawn] == [list(t.mean) for t in found if t.quantity == "generality"]
    legend = [text.get_text() for text in ax.get_legend().get_texts()]
    assert all(any(f"{t.fit.slope:.2g} [" in text for text in legend) for t in found[::4] if t.fit)
    (starters,) = [line for line in ax.lines if line.get_linestyle() == ":"]
    assert starters.get_ydata()[0] == found[0].starters and f"starters: {found[0].starters:.0%}" in legend


def test_a_slope_that_could_be_nought_is_dashed(study: Study) -> None:
    found = [trend for trend in analysis.trends(study) if trend.quantity == "genotype_variance"]
    ax = Figure().subplots()
    plots.plot_trends(ax, found, "genotype_variance")
    styles = [line.get_linestyle() for line in ax.lines if len(line.get_xdata()) == 100]
    expected = ["-" if t.fit and (t.fit.low > 0 or t.fit.high < 0) else "--" for t in found]
    assert styles == expected


@pytest.mark.parametrize("name", ["projections", "fitness_curves", "run_curves"])
def test_rounds_are_whole_numbers(name: str, results: dict[str, Result]) -> None:
    figure = results[name].figure
    assert figure is not None
    bars = [ax.yaxis for ax in figure.axes if ax.get_ylabel() == "round"]
    for axis in bars or [ax.xaxis for ax in figure.axes]:
        low, high = axis.get_view_interval()
        ticks = [tick for tick in axis.get_majorticklocs() if low <= tick <= high]
        assert len(ticks) > 1 and all(tick == int(tick) and 0 <= tick <= 7 for tick in ticks)


def test_what_the_probe_is_worth_is_said_beside_its_points(results: dict[str, Result]) -> None:
    figure = results["probe"].figure
    assert figure is not None and "test R²" in figure.axes[0].texts[0].get_text()
    figure.draw_without_rendering()
    assert figure.axes[0].texts[0].get_window_extent().y1 < figure.axes[0].bbox.y0


def test_cells_of_few_changes_are_white_and_none_is_grey(study: Study) -> None:
    share, count = analysis.accepted_by_cell(study, "K = 1")  # type: ignore[misc]
    ax = Figure().subplots()
    plots.plot_accepted(ax, share, count, analysis.mean_archive(study, "K = 1"), "x", 1.0)  # type: ignore[arg-type]
    few, shown = (image.get_array() for image in ax.images)
    assert np.array_equal(~np.ma.getmaskarray(few), (count > 0) & (count < 10)) and (few.compressed() == 0).all()
    assert np.array_equal(~np.ma.getmaskarray(shown), count >= 10) and ax.images[0].to_rgba(0.0)[:3] == (1, 1, 1)
    assert (count == 0).any() and (~np.ma.getmaskarray(few)).any()


def test_groups_differ_in_more_than_colour() -> None:
    assert len(set(MARKERS)) == len(MARKERS) >= len(set(COLOURS))


def test_the_matrix_has_no_number_against_itself(study: Study) -> None:
    ax = Figure().subplots()
    plots.plot_matrix(ax, study.matrices[0], list(range(1, 9)), "x")
    shown = np.ma.filled(ax.images[0].get_array(), np.nan)
    assert np.isnan(np.diag(shown)).all() and np.isfinite(shown).sum() == 56


def test_every_table_has_rows_and_every_run_a_lineage(results: dict[str, Result], study: Study) -> None:
    tables = {name: table for result in results.values() for name, table in result.tables.items()}
    empty = {name for name, table in tables.items() if not len(table)}
    # not across K; this code tells nothing; no shadow
    assert empty == {"champion_fitness_compared", "probe_weights", "activity_compared"}
    for table in tables.values():
        pd.read_csv(io.StringIO(table.to_csv(index=False)))
    assert {"fitness_curves", "run_curves", "lineages", "probe", "probe_scores", "accepted_by_cell"} <= set(tables)
    assert len(results["lineages"].texts) == len(study.runs)
    rows = tables["champions"]
    starters = rows[rows["kind"] == "starter"]
    assert len(starters) == 12 and starters["generality"].between(0.01, 1).all() and starters["length"].gt(0).all()
    assert (rows[["round", "id", "copy_of"]].dtypes == "Int64").all()
    assert len(rows) == 96 + 12 and len(tables["matrices"]) == 12 * 56


def test_columns_are_those_documented(results: dict[str, Result]) -> None:
    tables = {name: table for result in results.values() for name, table in result.tables.items()}
    bins = {"spawned_bin", "covered_bin"}
    written = {
        name: {"AXIS_bin" if column in bins else column for column in table.columns} for name, table in tables.items()
    }
    of_tournaments = {"standings", "standings of a melee", "pairs"}
    assert {name: columns for name, columns in documented().items() if name not in of_tournaments} == written


def test_the_summary_is_a_table_that_markdown_reads(results: dict[str, Result]) -> None:
    lines = results["summary"].texts["summary.md"].splitlines()
    rows = [line for line in lines if line.startswith("|")]
    assert len(rows) == 2 + len(results["summary"].tables["summary"])
    assert {row.replace("\\|", "").count("|") for row in rows} == {5}


def test_one_short_run_is_drawn_with_what_it_has(tmp_path: Path) -> None:
    """Three rounds, no second run: every figure comes, and says what it cannot show."""
    execute(nano_config(rounds=3), tmp_path / "run", (IMP,))
    (tmp_path / "imp.red").write_text(IMP)
    study = open_study([tmp_path / "run"], opponents=(str(tmp_path / "imp.red"),), placements=PLACEMENTS, threads=1)
    for name in FIGURES:
        result = make(name, study)
        if result.figure is not None:
            assert result.image("png")
    curves = make("run_curves", study).figure
    assert curves is not None and len(curves.axes) == 1 and curves.get_figwidth() <= 6
    table = make("trends", study).tables["trends"].set_index("quantity")
    assert table["slope"].isna().all()
    assert table.loc["generality", "note"] == "too few rounds for a line: 3"
    assert table.loc["genotype_variance", "note"] == "one run has no variance across runs"
    text = make("summary", study).texts["summary.md"]
    assert "none: too few rounds for a line: 3" in text and "nan" not in text


def test_a_single_cell_is_compared_with_map_elites(tmp_path: Path) -> None:
    from drq.config import ArchiveConfig

    for name, axes in (("cell", ()), ("elites", ("spawned", "covered"))):
        for seed, starter in enumerate((IMP, DWARF, "JMP 0\n")):
            config = nano_config(rounds=2, seed=seed, archive=ArchiveConfig(axes=axes))
            execute(config, tmp_path / f"{name}{seed}", (starter,))
    (tmp_path / "imp.red").write_text(IMP)
    study = open_study([tmp_path], opponents=(str(tmp_path / "imp.red"),), placements=4, threads=1)
    assert study.groups == ["single cell", "MAP-Elites"]
    rows = make("summary", study).tables["summary"]
    assert rows["result"].str.startswith("MAP-Elites and a single cell").sum() == 1
    compared = make("champions", study).tables["champion_fitness_compared"]
    assert set(compared["round"]) == {0, 1} and set(compared["families"]) == {3}
    assert len(make("champions", study).figure.axes) == 1  # type: ignore[union-attr]
    for name in ("archives", "archive_samples", "operators", "fitness_curves"):
        assert make(name, study).image("png")


def test_a_population_fought_for_points_is_told_as_one(tmp_path: Path) -> None:
    execute(population_config(minutes=60.0, rounds=3), tmp_path)
    study = open_study([tmp_path], placements=2, threads=1)
    found = {name: make(name, study) for name in FIGURES}
    champions, archives, operators = (found[name].figure for name in ("champions", "archives", "operators"))
    assert champions and champions.axes[0].get_ylabel() == "mean points a battle (3 for a win, 1 for a tie)"
    assert archives and "no archive with two axes" in archives.axes[0].texts[0].get_text()
    legend = operators.axes[0].get_legend() if operators else None
    assert legend and not any("cell" in text.get_text() for text in legend.get_texts())
    told = found["proposals"].tables["proposals"]
    assert "better" in set(told["measure"]) and "moved" not in set(told["measure"])


def test_runs_for_a_time_have_the_rounds_that_all_of_them_have(tmp_path: Path) -> None:
    for seed, rounds in enumerate((6, 5, 7)):
        directory = tmp_path / f"timed_{seed}"
        execute(nano_config(rounds=rounds, seed=seed), directory)
        with closing(sqlite3.connect(directory / "run.sqlite")) as db, db:
            config = json.loads(db.execute("SELECT config FROM runs").fetchone()[0])
            db.execute("UPDATE runs SET config = ?", (json.dumps({**config, "rounds": 10_000, "minutes": 0.2}),))
    study = open_study([tmp_path], placements=2, threads=1)
    told = "time decides how many rounds a run has; all its runs have 5, which count here"
    assert [note for note in study.notes if "rounds" in note] == [f"all: {told}"]
    table = make("trends", study).tables["trends"].set_index("quantity")
    assert table.loc["generality", "rounds"] == 5 and table["runs"].eq(3).all() and table["slope"].notna().all()
    assert (make("strong", study).tables["strong"]["last"] >= 0).all()
    assert " of 5 rounds x " in analysis.settings(study)
