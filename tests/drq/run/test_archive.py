from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drq.candidate import Cell, Elite, InsertionStatus
from drq.config import ArchiveConfig
from drq.run.archive import Archive, empty_archive
from tests.drq.runs import elite

ELITES = st.lists(st.tuples(st.tuples(st.integers(0, 5), st.integers(0, 5)), st.floats(0, 2)), max_size=60)


def filled(additions: list[tuple[Cell, float]]) -> Archive:
    archive = empty_archive(ArchiveConfig())
    for id, (cell, fitness) in enumerate(additions, 1):
        archive.add(elite(id, fitness), cell)
    return archive


def test_add_says_what_it_did() -> None:
    archive = empty_archive(ArchiveConfig())
    assert archive.add(elite(1, 1.0), (0, 0)) is InsertionStatus.NEW
    assert archive.add(elite(2, 1.0), (0, 0)) is InsertionStatus.NOT_ADDED
    assert archive.add(elite(3, 1.1), (0, 0)) is InsertionStatus.IMPROVED
    assert archive.add(elite(4, 0.1), (0, 1)) is InsertionStatus.NEW
    assert len(archive) == 2
    assert archive.coverage == pytest.approx(2 / 36)


@given(ELITES, st.integers(0, 2**32))
def test_every_cell_holds_its_fittest_and_earliest(additions: list[tuple[Cell, float]], seed: int) -> None:
    archive = filled(additions)
    fittest: dict[Cell, Elite] = {}
    for id, (cell, fitness) in enumerate(additions, 1):
        if cell not in fittest or fitness > fittest[cell].fitness:
            fittest[cell] = elite(id, fitness)
    assert len(archive) == len(fittest)
    rng = np.random.default_rng(seed)
    assert not fittest or {archive.sample(rng).id for _ in range(20)} <= {elite.id for elite in fittest.values()}


def test_sampling_is_uniform_over_filled_cells() -> None:
    archive = filled([((0, column), fitness) for column, fitness in enumerate((0.1, 1.9, 1.0))])
    rng = np.random.default_rng(0)
    counts = np.bincount([archive.sample(rng).id for _ in range(3000)], minlength=4)[1:]
    assert counts.min() > 900


def test_an_archive_without_axes_is_a_single_cell() -> None:
    archive = empty_archive(ArchiveConfig(axes=()))
    assert archive.add(elite(1, 1.0), ()) is InsertionStatus.NEW
    assert archive.add(elite(2, 1.5), ()) is InsertionStatus.IMPROVED
    assert (len(archive), archive.coverage) == (1, 1.0)
