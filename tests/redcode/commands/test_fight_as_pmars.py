"""What ``redcode fight -b -k`` prints, beside what pMARS 0.9.4 printed for the same small warriors."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from redcode.commands.fight import command

CASES = Path(os.environ.get("REDCODE_CORPUS", "no corpus")) / "cases" / "cases.jsonl"
OPTIONS = {"-b", "-k", "-r", "-s", "-c", "-p", "-l", "-d", "-S", "-F", "-f", "-P", "-8", "-="}

pytestmark = pytest.mark.skipif(not CASES.is_file(), reason="expected REDCODE_CORPUS to name the corpus of warriors")


def fights() -> list[dict[str, Any]]:
    """The cases that pMARS fought to their end, with options that ``redcode fight`` has."""
    cases = [json.loads(line) for line in CASES.read_text().splitlines()]
    flags = [{word for word in case["args"] if word.startswith("-")} for case in cases]
    return [case for case, words in zip(cases, flags, strict=True) if "-k" in words <= OPTIONS and case["rc"] == 0]


def lines(case: dict[str, Any], folder: Path) -> str:
    files = [folder / f"{index}.red" for index in range(len(case["sources"]))]
    for file, source in zip(files, case["sources"], strict=True):
        file.write_bytes(source.encode("latin-1"))
    result = CliRunner().invoke(command, [*case["args"], *map(str, files)])
    return result.stdout if result.exit_code == 0 else result.output


def loses_a_turn(case: dict[str, Any]) -> bool:
    """Whether the last turns of a melee decide it.

    Each death that leaves two or more alive costs a round of pMARS one turn. Here all move in each cycle.
    """
    return (
        case["note"] == "who is counted as a survivor"
        and len(case["sources"]) == len(set(case["sources"])) == 3
        and cycles(case) in (1, 8)
    )


def cycles(case: dict[str, Any]) -> int:
    return int(case["args"][case["args"].index("-c") + 1])


def test_matches_end_as_in_pmars(tmp_path: Path) -> None:
    cases = fights()
    differing = [case for case in cases if lines(case, tmp_path) != case["stdout"]]
    assert differing == [case for case in cases if loses_a_turn(case)]
    assert len(cases) > 300
    assert len(differing) == 6
