"""The recorded runs, opened once: six starters with K = all, the same six with K = 1."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from drq.analysis import Study
from drq.analysis.open_study import open_study
from drq.analysis.recorded import unpack

ARCHIVE = Path(__file__).parents[2] / "data/study/runs.tar.xz"
PLACEMENTS = 20


@pytest.fixture(scope="session")
def recorded() -> Iterator[Path]:
    folder = unpack(ARCHIVE)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def study(recorded: Path) -> Study:
    return open_study([recorded], placements=PLACEMENTS, threads=1)
