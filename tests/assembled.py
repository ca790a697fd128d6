"""What pMARS 0.9.4 makes of random programs: ``programs.json`` in ``tests/data/pmars``.

``python -m tests.assembled PMARS`` records it anew. The file holds no texts: a program follows from its number.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
import subprocess
import sys
from tempfile import NamedTemporaryFile

from tests.fought import FOLDER
from tests.programs import Program

PROGRAMS = FOLDER / "programs.json"
COUNTS = {"94": 600, "88": 300}
"""Programs of each standard."""
_UNWRITTEN = re.compile(r"MOV(\.A)? +[#$] +0, [#$] +0 +\n +END").search
"""What no program says: pMARS counts an EQU of several lines in an operand as one more instruction, and never writes
it."""


def program(number: int, standard: str) -> str:
    """A random program; the same number gives the same text."""
    return Program.write(random.Random(number), standard == "88")


def digest(load_file: str) -> str:
    """A few letters that tell load files apart; a refusal has none."""
    return hashlib.sha256(load_file.encode()).hexdigest()[:8] if load_file else ""


def recorded(standard: str) -> list[str | None]:
    """By number: the digest of the load file, "" for a refusal, None where docs/syntax.md lists a difference."""
    answers: list[str | None] = json.loads(PROGRAMS.read_text())[standard]
    return answers


def assembled_by(pmars: str, source: str, standard: str) -> str | None:
    """The answer of this pMARS."""
    with NamedTemporaryFile("w", suffix=".red") as file:
        file.write(source)
        file.flush()
        command = [pmars, "-A", *["-8"] * (standard == "88"), file.name]
        try:
            done = subprocess.run(command, capture_output=True, encoding="latin-1", timeout=5)
        except subprocess.TimeoutExpired:  # more work than our limits allow
            return None
    too_many_warnings = "Too many" in done.stderr and "Error" not in done.stderr
    if too_many_warnings or "No instructions" in done.stderr or _UNWRITTEN(done.stdout):
        return None
    return digest("" if done.returncode else done.stdout)


if __name__ == "__main__":
    answers = {
        standard: [assembled_by(sys.argv[1], program(number, standard), standard) for number in range(count)]
        for standard, count in COUNTS.items()
    }
    PROGRAMS.write_text(json.dumps(answers) + "\n")
