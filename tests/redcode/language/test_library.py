"""The built-in warriors: complete, explained, distinct, and able to fight."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

import redcode
from redcode import (
    ICWS88,
    NANO,
    LibraryError,
    RedcodeError,
    Rules,
    assemble,
    builtin,
    builtin_names,
    builtin_source,
)
from redcode.language.library import GROUPS

PMARS = shutil.which("pmars", path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/games"]))
ANY_SIZE = {"imp", "dwarf", "stone", "gate_bomber", "core_clear", "ebb_clear", "small_spiral"}
BATTLES = 20

LEAST = {"starters": 12, "held_out": 16, "strong": 12, "strong_held_out": 12}
"""Warriors of a group, at least; of the others 4."""
OWN_BOMBS = {"nano_quad", "nano_shot", "nano_silk", "nano_two"}
"""They strike fast: in a core of 80 their own bombs come home before the 800 cycles are over."""

WARRIORS = [(name, rules) for group, rules in GROUPS.items() for name in builtin_names(group)]
every_name = pytest.mark.parametrize("name", builtin_names())
every_warrior = pytest.mark.parametrize(("name", "rules"), WARRIORS)


def test_groups_share_nothing() -> None:
    groups = [builtin_names(group) for group in GROUPS]
    assert all(len(names) >= LEAST.get(group, 4) for group, names in zip(GROUPS, groups, strict=True))
    assert sorted(name for names in groups for name in names) == list(builtin_names())
    warriors = [builtin(name) for name in builtin_names()]
    assert len({warrior.digest for warrior in warriors}) == len(warriors)
    assert len({warrior.name for warrior in warriors}) == len(warriors)


@every_name
def test_text_is_complete_and_explained(name: str) -> None:
    source, warrior = builtin_source(name), builtin(name)
    assert source.startswith(";redcode-94\n")
    assert re.search(r"^;assert ", source, re.MULTILINE)
    assert warrior.author == "Digital Red Queen"
    assert warrior.name not in ("", "Unknown")
    assert len(warrior.strategy) > 60
    assert not warrior.warnings
    assert len(re.findall(r"; \S", source)) >= 3, "expected at least three comments that explain the code"
    assert max(map(len, source.splitlines())) <= 110


@pytest.mark.parametrize(("name", "rules"), [pair for pair in WARRIORS if pair[0] not in OWN_BOMBS])
def test_lives_on_when_left_alone(name: str, rules: Rules) -> None:
    rules = replace(rules, max_cycles=min(rules.max_cycles, 20_000))
    result = redcode.fight([builtin(name, rules)], rules, battles=1, seed=1, stop="all")
    assert result.survived.all()


@every_warrior
def test_beats_a_warrior_that_only_sits(name: str, rules: Rules) -> None:
    last = min(rules.max_length, 10) - 1
    sitter = assemble(";name Sitter\n" + "NOP $0, $0\n" * last + f"JMP $-{last}, $0\n", rules)
    survived = redcode.fight([builtin(name), sitter], rules, battles=BATTLES, seed=2).survived
    won, lost = (survived[:, 0] & ~survived[:, 1]).mean(), (~survived[:, 0]).mean()
    assert lost <= 0.05  # the processes of a sitter may be carried off into a copy, and live on there
    if name != "imp":  # an imp turns its enemy into another imp
        assert won > lost


@pytest.mark.parametrize(
    ("name", "prey", "least"),
    [
        ("dwarf", "b_scanner", 0.6),  # a small bomber shows a scanner little to find
        ("scanner", "core_clear", 0.6),  # a scanner stuns what takes long
        ("gate_clear", "imp_spiral", 0.8),  # a clear with gates stops imps
        ("anti_imp_paper", "imp", 0.5),
        ("paper", "stone", 0.5),  # a paper outgrows a stone
        ("stone", "vampire", 0.5),
    ],
)
def test_styles_beat_whom_they_should(name: str, prey: str, least: float) -> None:
    survived = redcode.fight([builtin(name), builtin(prey)], battles=2 * BATTLES, seed=3).survived
    assert (survived[:, 0] & ~survived[:, 1]).mean() >= least


@pytest.mark.parametrize("name", sorted(ANY_SIZE))
def test_small_warriors_fit_small_cores(name: str) -> None:
    assert redcode.fight([builtin(name, NANO)], NANO, battles=1, stop="all").survived.all()


@pytest.mark.parametrize("name", ["dwarf", "imp", "mice"])
def test_the_oldest_styles_are_of_the_older_standard_too(name: str) -> None:
    assert builtin(name, ICWS88).digest == builtin(name).digest


def test_others_say_that_they_do_not_fit() -> None:
    with pytest.raises(RedcodeError):
        builtin("quick_scan", NANO)


def test_unknown_names_are_answered_with_the_known() -> None:
    with pytest.raises(LibraryError, match=r"got 'dwraf': did you mean 'dwarf'\? the built-in groups are starters, .*"):
        builtin("dwraf")
    with pytest.raises(LibraryError, match=r"expected a group, one of starters, held_out, .*, got 'heldout'"):
        builtin_names("heldout")


@pytest.mark.skipif(PMARS is None, reason="pmars is not installed")
@every_warrior
def test_pmars_assembles_the_same(name: str, rules: Rules, tmp_path: Path) -> None:
    assert PMARS is not None
    path = tmp_path / "warrior.red"
    path.write_text(builtin_source(name))
    sizes = ["-s", str(rules.core_size), "-l", str(rules.max_length), "-d", str(rules.min_distance)]
    run = subprocess.run([PMARS, "-r", "0", *sizes, str(path)], capture_output=True, text=True, check=True, timeout=20)
    listing = "".join(line + "\n" for line in run.stdout.splitlines() if not line.startswith("Program"))
    assert assemble(listing, rules) == builtin(name)
