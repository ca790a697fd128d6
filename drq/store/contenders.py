"""The candidates of a round that may become its champion: those whose code is no opponent's and no past champion's."""

from __future__ import annotations

import sqlite3

import numpy as np
from numpy.typing import NDArray

_CONTENDERS = """
SELECT iteration, fitness FROM candidates JOIN evaluations ON candidate_id = id
WHERE round = ?1 AND kind <> 'seed' AND digest NOT IN (
    SELECT digest FROM starters
    UNION SELECT digest FROM champions JOIN candidates ON id = candidate_id WHERE champions.round < ?1)
ORDER BY iteration
"""


def contenders(db: sqlite3.Connection, round: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Their iterations, counted from 0, and their fitness, each (contenders,), in the order of the iterations."""
    rows = db.execute(_CONTENDERS, (round,)).fetchall()
    return np.array([row[0] for row in rows], dtype=np.int64), np.array([row[1] for row in rows], dtype=np.float64)
