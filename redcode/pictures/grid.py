"""The core as a grid of cells."""

from __future__ import annotations

import math

ASPECT = 1.25
"""Ratio of columns to rows: 100 x 80 for 8000 cells."""


def columns_for(core_size: int) -> int:
    """Number of columns near the aspect that divides the core evenly; if there is none, the last row is short."""
    ideal = math.sqrt(core_size * ASPECT)
    even = [columns for columns in range(math.ceil(ideal * 0.75), int(ideal * 1.3) + 1) if core_size % columns == 0]
    return min(even, key=lambda columns: abs(columns - ideal), default=round(ideal))
