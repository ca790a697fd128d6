"""Which files are runs, which go together, and how they are told apart."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from drq.analysis import load_runs
from drq.analysis.runs import group_labels, to_flat
from drq.config import ArchiveConfig
from drq.errors import StoreError
from redcode import TINY
from tests.drq.runs import DWARF, IMP, execute, nano_config


def test_recorded_runs_are_read_whole(recorded: Path) -> None:
    runs = load_runs([recorded])
    assert len(runs) == 12 and all(run.complete and run.rounds == 8 for run in runs)
    assert {run.group for run in runs} == {"K = 1", "K = all"}
    assert len({run.family for run in runs}) == 6
    assert [champion.round for champion in runs[0].champions] == list(range(8))
    assert len({run.label for run in runs}) == 12


def test_a_run_given_twice_counts_once(recorded: Path) -> None:
    runs = load_runs([recorded / "kall", recorded / "kall" / "dwarf", recorded / "kall/../kall/dwarf"])
    assert len(runs) == 6 and {run.group for run in runs} == {"all"}


def test_groups_are_named_by_what_differs() -> None:
    flat = [to_flat(nano_config(**values)) for values in ({"history": 3}, {"seed": 5}, {"iterations": 4})]
    assert group_labels(flat) == ["K = 3", "K = all", "K = all, iterations = 4"]
    cells = [to_flat(nano_config(archive=ArchiveConfig(axes=axes))) for axes in ((), ("spawned", "covered"))]
    assert group_labels(cells) == ["single cell", "MAP-Elites"]


def test_four_groups_say_what_is_unusual() -> None:
    axes = ("spawned", "covered")
    flat = [to_flat(nano_config(history=k, archive=ArchiveConfig(axes=axes))) for k in (1, 3, None)]
    flat.append(to_flat(nano_config(archive=ArchiveConfig(axes=()))))
    assert group_labels(flat) == ["K = 1", "K = 3", "K = all", "K = all, single cell"]
    assert group_labels([*flat, *flat, *flat[:1]])[:4] == group_labels(flat)


def test_groups_of_other_axes_have_other_names() -> None:
    flat = [
        to_flat(nano_config(archive=ArchiveConfig(axes=axes))) for axes in ((), ("spawned",), ("opcodes", "length"))
    ]
    assert group_labels(flat) == ["single cell", "MAP-Elites on spawned", "MAP-Elites on opcodes and length"]


def test_an_operators_name_stands_for_its_settings() -> None:
    model = {"model": "m", "temperature": 1.0}
    operators: list[dict[str, object]] = [
        {"operator": {"name": "genetic"}},
        {"operator": {"name": "mixed", "weights": {"genetic": 0.5, "llm": 0.5}, "settings": None}, "llm": model},
        {"operator": {"name": "llm"}, "llm": model},
    ]
    flat = [to_flat(nano_config(**values)) for values in operators]
    assert group_labels(flat) == ["operator = genetic", "operator = mixed", "operator = llm"]
    warmer = to_flat(nano_config(operator={"name": "llm"}, llm=model | {"temperature": 2.0}))
    labels = group_labels([*flat, warmer])
    assert labels[2:] == ["operator = llm, llm.temperature = 1.0", "operator = llm, llm.temperature = 2.0"]
    assert len(set(labels)) == 4


def test_groups_that_differ_in_what_is_hardly_ever_said_are_still_apart() -> None:
    models = ({"model": "a"}, {"model": "b"}, None)
    flat = [to_flat(nano_config(llm=model, iterations=n)) for model in models for n in (1, 2)]
    assert len(set(group_labels(flat))) == len(flat) == len(set(group_labels(flat[::-1])))


@pytest.mark.parametrize(
    "form", [lambda prices: {"model": "m", **prices}, lambda prices: {"model": [{"name": "m", **prices}]}]
)
def test_what_a_model_costs_makes_no_group(form: Callable[[dict[str, object]], dict[str, object]]) -> None:
    prices = ({}, {"prices": {"input": 1.0, "output": 2.0}}, {"prices": {"input": 3.0, "output": 4.0}})
    assert group_labels([to_flat(nano_config(llm=form(price))) for price in prices]) == ["all"] * 3


def test_labels_leave_out_what_a_sweeps_runs_have_in_common(tmp_path: Path) -> None:
    names = [f"experiment=paper_k1,history=1,seed={seed}" for seed in range(2)]
    for seed, name in enumerate(names):
        execute(nano_config(rounds=1, iterations=2, seed=seed), tmp_path / name)
    assert [run.label for run in load_runs([tmp_path])] == ["seed=0", "seed=1"]
    shutil.copytree(tmp_path / names[0], tmp_path / "again" / names[0])
    labels = [run.label for run in load_runs([tmp_path / name for name in (names[0], "again")])]
    assert labels == [tmp_path.name, "again"]


def test_seed_starter_threads_and_budgets_make_no_group() -> None:
    flat = [to_flat(nano_config(seed=s, starter=(name,), threads=t)) for s, name, t in ((0, "imp", 1), (1, "dwarf", 2))]
    assert group_labels(flat) == ["all", "all"]


def damaged(path: Path, recorded: Path, how: str) -> None:
    """A run's file as it should not be."""
    path.parent.mkdir(parents=True)
    whole = (recorded / "kall/dwarf/run.sqlite").read_bytes()
    if how == "empty":
        path.write_bytes(b"")
    elif how == "text":
        path.write_text("no database, but long enough to be looked at\n" * 100)
    elif how == "half":
        path.write_bytes(whole[: len(whole) // 2])
    elif how == "foreign":
        with sqlite3.connect(path) as db:
            db.execute("CREATE TABLE other (x)")
    else:
        path.write_bytes(whole)
        with sqlite3.connect(path) as db:
            if how == "newer":
                db.execute("PRAGMA user_version = 999")
            elif how == "no champion":
                db.execute("DELETE FROM champions")
            elif how in ("runs", "candidates", "evaluations"):
                db.execute(f"DELETE FROM {how}")
            elif how == "source":
                db.execute("UPDATE candidates SET source = 'MOV 0\nFOO 1\nBAR 2'")
            elif how == "config":
                db.execute("UPDATE runs SET config = '{\"rounds\": -1}'")


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ("empty", "expected a run of this program, got another SQLite file"),
        ("text", "expected a run of this program, got a file that is no SQLite database"),
        ("half", "the file is damaged"),
        ("foreign", "expected a run of this program, got another SQLite file"),
        ("newer", "update drq"),
        ("no champion", "expected a champion, the run has none yet"),
        ("source", "the file is damaged"),
        ("runs", "was it copied without run.sqlite-wal"),
        ("candidates", "was it copied without run.sqlite-wal"),
        ("evaluations", "was it copied without run.sqlite-wal"),
        ("config", "expected a run's configuration: expected rounds to be at least 1, got -1"),
    ],
)
def test_a_file_that_is_no_whole_run_is_refused_by_name(how: str, message: str, tmp_path: Path, recorded: Path) -> None:
    path = tmp_path / "run/run.sqlite"
    damaged(path, recorded, how)
    with pytest.raises(StoreError) as caught:
        load_runs([recorded / "kall", tmp_path / "run"])
    assert str(path) in str(caught.value) and message in str(caught.value) and "\n" not in str(caught.value)


def test_runs_of_different_rules_are_not_mixed(tmp_path: Path) -> None:
    execute(nano_config(rounds=1), tmp_path / "nano")
    execute(nano_config(rounds=1, rules=TINY), tmp_path / "tiny")
    with pytest.raises(
        StoreError, match=r"one set of rules, got core_size=80, .*nano and core_size=800, .*tiny"
    ) as caught:
        load_runs([tmp_path])
    assert "standard" not in str(caught.value)


def test_a_folder_without_runs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"found no run\.sqlite"):
        load_runs([tmp_path])


def test_an_unfinished_run_is_read_as_far_as_it_got(tmp_path: Path, recorded: Path) -> None:
    shutil.copytree(recorded / "kall/dwarf", tmp_path / "run")
    with sqlite3.connect(tmp_path / "run/run.sqlite") as db:
        db.execute("DELETE FROM champions WHERE round >= 3")
    (run,) = load_runs([tmp_path / "run"])
    assert (run.rounds, len(run.champions), run.complete) == (3, 3, False)


def test_families_are_starters_whatever_the_seed(tmp_path: Path) -> None:
    for name, seed, starter in (("a", 1, IMP), ("b", 1, IMP), ("c", 2, IMP), ("d", 1, DWARF)):
        execute(nano_config(rounds=1, iterations=2, seed=seed), tmp_path / name, (starter,))
    families = [run.family for run in load_runs([tmp_path])]
    assert families[0] == families[1] and families[2] == families[0] != families[3]
    for name, starters in (("e", (IMP, DWARF)), ("f", (IMP, DWARF)), ("g", (DWARF, IMP))):
        execute(nano_config(rounds=1, iterations=2, seed=1), tmp_path / name, starters)
    several = [run.family for run in load_runs([tmp_path])][4:]
    assert several[0] == several[1] and len({*families, *several}) == 4 and len(several[0]) == len(families[0])
