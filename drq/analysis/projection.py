"""Phenotypes and genotypes in a plane: principal components (Kumar 2026, fig. 4)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import PCA


@dataclass(frozen=True)
class Projection:
    """The two directions in which vectors vary most."""

    points: NDArray[np.float64]
    """(vectors, 2)"""
    explained: tuple[float, float]
    """Share of the whole variance along each."""


def project(vectors: NDArray[np.float64]) -> Projection | None:
    """Principal components of (n, dimensions) vectors; None where fewer than two directions vary."""
    if len(vectors) < 3 or np.linalg.matrix_rank(vectors - vectors.mean(axis=0)) < 2:
        return None
    pca = PCA(n_components=2, svd_solver="full")
    points = pca.fit_transform(vectors)
    first, second = pca.explained_variance_ratio_
    return Projection(points, (float(first), float(second)))
