"""The corpus of published warriors beside what pMARS 0.9.4 makes of them; skipped where REDCODE_CORPUS names none."""

import csv
import os
from pathlib import Path

import pytest

from redcode import ICWS88, ICWS94, NANO, TINY, RedcodeError, assemble, disassemble, load
from redcode.language.disassembler import to_load_file

CORPUS = Path(os.environ.get("REDCODE_CORPUS", "no corpus"))
RULES = {"88": ICWS88, "94": ICWS94, "94nop": ICWS94, "tiny": TINY, "nano": NANO, "human": ICWS94}
REJECTED = "; pMARS 0.9.4 rejects this file\n"

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="expected REDCODE_CORPUS to name the corpus of warriors")


def load_file_of(path, rules):
    try:
        return to_load_file(load(path, rules), rules)
    except RedcodeError:
        return REJECTED


@pytest.mark.parametrize("hill", RULES)
def test_every_load_file_equals_pmars(hill):
    expected = {path.stem: path.read_text("latin-1") for path in (CORPUS / "expected" / hill).glob("*.rc")}
    found = {name: load_file_of(CORPUS / hill / f"{name}.red", RULES[hill]) for name in expected}
    assert len(expected) > 50
    assert found == expected


@pytest.mark.parametrize("hill", RULES)
def test_every_warrior_survives_the_disassembler(hill):
    for path in (CORPUS / hill).glob("*.red"):
        try:
            warrior = load(path, RULES[hill])
        except RedcodeError:
            continue
        assert assemble(disassemble(warrior, RULES[hill]), RULES[hill]) == warrior


def test_the_semantics_cases_assemble_as_pmars_says():
    if not (CORPUS / "semantics" / "cases.csv").exists():
        pytest.skip("this corpus has no semantics cases")
    with (CORPUS / "semantics" / "cases.csv").open() as table:
        answers = {row["case"]: row["pmars_0.9.4"] for row in csv.DictReader(table)}
    for case, answer in answers.items():
        path = CORPUS / "semantics" / f"{case}.red"
        assert (load_file_of(path, ICWS94) == REJECTED) == (answer == "ERR"), case
