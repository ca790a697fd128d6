"""docs/analysis.md names the columns of every table: those that are written, no more and no fewer.

``test_figures`` looks at the tables of the figures, which it has drawn.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from drq.tournament import TournamentConfig, play
from drq.tournament.files import write_files
from drq.tournament.settings import Format

DOCS = (Path(__file__).parents[3] / "docs/analysis.md").read_text()


def documented() -> dict[str, set[str]]:
    """By what a row of the docs' tables of columns begins with: its columns."""
    rows = [line.split(" | ") for line in DOCS.splitlines() if line.startswith("| `") and line.count(" | ") == 2]
    found = {}
    for table, _, columns in rows:
        for name in re.findall(r"`(\w+)\.csv`", table):
            found[name + (" of a melee" if "melee" in table else "")] = set(re.findall(r"`(\w+)`", columns))
    return found


@pytest.mark.parametrize("format", [Format.DUELS, Format.MELEE])
def test_columns_of_tournaments_are_those_documented(format: Format, tmp_path: Path) -> None:
    config = TournamentConfig(warriors=("imp", "dwarf"), opponents=("paper",), format=format, placements=2, threads=1)
    files = [path for path in write_files(play(config), config, tmp_path) if path.suffix == ".csv"]
    assert len(files) == (2 if format is Format.DUELS else 1)
    for path in files:
        name = path.stem + (" of a melee" if format is Format.MELEE else "")
        with path.open() as file:
            assert set(next(csv.reader(file))) == documented()[name]
