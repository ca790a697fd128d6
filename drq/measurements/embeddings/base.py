"""What an embedding is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from redcode import Rules, Warrior


class Embedding(Protocol):
    """Maps warriors to vectors of unit length."""

    name: str
    """Says everything that the vectors depend on: they are cached under it."""

    def embed(self, warriors: Sequence[Warrior], rules: Rules) -> NDArray[np.float64]:
        """(warriors, dimensions), each row of length 1; raises DrqError where the embedding cannot be had."""


def unit_rows(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """(rows, dimensions) vectors, each row scaled to length 1; a row of zeros stays one."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1))
