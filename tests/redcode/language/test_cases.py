"""Small texts beside the load files and refusals of pMARS 0.9.4; skipped where REDCODE_CORPUS names no corpus."""

import json
import os
from pathlib import Path

import pytest

from redcode import RedcodeError, assemble
from redcode.language.disassembler import to_load_file

CASES = Path(os.environ.get("REDCODE_CORPUS", "no corpus")) / "cases" / "cases.jsonl"
DIFFERENT = {
    "no blank before a mode",
    "no blank before a sign",
    "byte-order mark",
    "empty",
    "only a comment",
    "END first",
}
"""The cases that docs/syntax.md says are different here, with the reason."""

pytestmark = pytest.mark.skipif(not CASES.is_file(), reason="expected REDCODE_CORPUS to name a corpus with cases")


def ours(case):
    """The load file that we write, empty for a text that we refuse."""
    (source,) = case["sources"]
    rounds = int(case["args"][case["args"].index("-r") + 1]) if "-r" in case["args"] else 1
    try:
        return to_load_file(assemble(source.encode("latin-1"), rounds=rounds))
    except RedcodeError:
        return ""


def test_every_load_file_and_every_refusal_equals_pmars():
    cases = [json.loads(line) for line in CASES.read_text("utf-8").splitlines()]
    cases = [case for case in cases if "-A" in case["args"]]
    assert all((case["rc"] == 0) == bool(case["stdout"]) for case in cases)
    different = {case["note"] for case in cases if ours(case) != case["stdout"]}
    assert len(cases) > 70
    assert different == DIFFERENT
