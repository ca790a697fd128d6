"""What ``redcode fight -b -k`` prints, beside what pMARS 0.9.4 printed for the same small warriors."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from redcode.commands.fight import command
from tests.fought import recorded_melees

CASES = Path(os.environ.get("REDCODE_CORPUS", "no corpus")) / "cases" / "cases.jsonl"
OPTIONS = {"-b", "-k", "-r", "-s", "-c", "-p", "-l", "-d", "-S", "-F", "-f", "-P", "-8", "-="}


def fights() -> list[dict[str, Any]]:
    """The cases that pMARS fought to their end, with options that ``redcode fight`` has."""
    cases = [json.loads(line) for line in CASES.read_text().splitlines()]
    flags = [{word for word in case["args"] if word.startswith("-")} for case in cases]
    return [case for case, words in zip(cases, flags, strict=True) if "-k" in words <= OPTIONS and case["rc"] == 0]


def lines(words: list[str]) -> str:
    result = CliRunner().invoke(command, words)
    return result.stdout if result.exit_code == 0 else result.output


def words(case: dict[str, Any], folder: Path) -> list[str]:
    files = [folder / f"{index}.red" for index in range(len(case["sources"]))]
    for file, source in zip(files, case["sources"], strict=True):
        file.write_bytes(source.encode("latin-1"))
    return [*case["args"], *map(str, files)]


@pytest.mark.skipif(not CASES.is_file(), reason="expected REDCODE_CORPUS to name the corpus of warriors")
def test_matches_end_as_in_pmars(tmp_path: Path) -> None:
    cases = fights()
    assert [case for case in cases if lines(words(case, tmp_path)) != case["stdout"]] == []
    assert len(cases) > 300


def test_melees_end_as_in_pmars(tmp_path: Path) -> None:
    """Most warriors die in the last cycles, so that 14 of these end otherwise where the turn of a death counts once."""
    melees = recorded_melees()
    assert [melee for melee in melees if lines(melee.words(tmp_path)) != melee.output] == []
    assert len(melees) == 60
