"""Names of warriors: what each means, for every key and command alike."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from drq.cli.configure import configure
from drq.errors import ConfigError
from drq.opponents.entries import load_entries
from drq.opponents.names import find, load_warriors
from redcode import ICWS94, NANO, Rules, Warrior, builtin, builtin_names
from redcode.commands.options import find_warriors
from redcode.language.assembler import MAX_SOURCE
from tests.drq.runs import execute, nano_config

SOURCE = ";name Dürer\nmov 0, 1\n"
OTHER = "jmp 0\n"

Names = Sequence[str]


def as_starter(names: Names, rules: Rules) -> list[Warrior]:
    return [starter.warrior for starter in configure([f"starter={name}" for name in names]).starters]


def as_opponents(names: Names, rules: Rules) -> list[Warrior]:
    return [entrant.warrior for entrant in load_entries(names, rules, "opponents").warriors]


WAYS: list[Callable[[Names, Rules], list[Warrior]]] = [as_starter, as_opponents, find_warriors]
"""``starter=``, ``opponents=`` and ``redcode fight``."""


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("way", WAYS)
def test_a_file_comes_before_a_built_in_warrior(way: Callable[[Names, Rules], list[Warrior]]) -> None:
    assert way(["dwarf"], ICWS94) == [builtin("dwarf")]
    Path("dwarf").write_text(OTHER)
    assert [warrior.code for warrior in way(["dwarf"], ICWS94)] != [builtin("dwarf").code]


@pytest.mark.parametrize("way", WAYS)
def test_a_built_in_warrior_comes_before_a_folder(way: Callable[[Names, Rules], list[Warrior]]) -> None:
    Path("imp").mkdir()
    Path("imp/other.red").write_text(OTHER)
    assert way(["imp"], ICWS94) == [builtin("imp")]
    assert [text.label for text in find("./imp", "starter").texts] == ["other"]


def test_a_run_comes_before_a_built_in_warrior(tmp_path: Path) -> None:
    execute(nano_config(rounds=1), tmp_path / "imp")
    [champion] = find("imp", "starter").texts
    assert (champion.label, champion.where, champion.run) == (
        "imp, round 0",
        "imp/champions/round_000.red",
        Path("imp"),
    )
    assert Path(champion.where).is_file()
    assert load_warriors(["imp"], NANO, "starter")[0].source == champion.source


def test_a_group_is_all_of_it() -> None:
    assert [text.where for text in find("held_out", "opponents").texts] == list(builtin_names("held_out"))


def test_folders_are_read_to_any_depth_and_files_beside_runs_are_not(tmp_path: Path) -> None:
    (tmp_path / "hill/deep").mkdir(parents=True)
    (tmp_path / "hill/deep/a.RED").write_text(OTHER)
    (tmp_path / "hill/notes.txt").write_text("no warrior")
    assert [text.label for text in find("hill", "starter").texts] == ["deep/a"]
    execute(nano_config(rounds=1), tmp_path / "run")
    shutil.move(tmp_path / "run", tmp_path / "hill")
    found = find("hill", "starter")
    assert ([text.label for text in found.texts], found.beside_runs) == (["run, round 0"], ["deep/a"])


def test_home_is_expanded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "mine.red").write_text(SOURCE)
    assert find("~/mine.red", "starter").texts[0].source == SOURCE
    with pytest.raises(ConfigError, match=r"got '~no_such_user/mine\.red'"):
        find("~no_such_user/mine.red", "starter")


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_a_file_is_read_as_the_assembler_reads_it(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "imp.red"
    file.write_text(SOURCE, encoding)
    [starter] = load_warriors([str(file)], NANO, "starter")
    assert (starter.source, starter.warrior.name) == (SOURCE, "Dürer")


def test_a_huge_file_is_not_read_to_its_end(tmp_path: Path) -> None:
    file = tmp_path / "huge.red"
    with file.open("wb") as sparse:
        sparse.truncate(2**40)
    with pytest.raises(ConfigError, match=f"at most {MAX_SOURCE} characters"):
        load_warriors([str(file)], NANO, "starter")
