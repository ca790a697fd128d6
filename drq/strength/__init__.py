"""How strong warriors are, as hills count: points, rungs of a ladder, Elo, and which of two is stronger.

``settings`` is what both commands are told, ``sequential`` the test that decides between two warriors, ``compare`` its
battles, ``ratings`` fits Elo, ``ladder`` fights and counts, ``files`` and ``table`` write both down. ``strongest``
finds the best of a run's champions.
"""

from __future__ import annotations

from drq.strength.compare import Comparison, compare
from drq.strength.ladder import Ladder, climb
from drq.strength.settings import CompareConfig, Every, LadderConfig
from drq.strength.strongest import strongest

__all__ = ["CompareConfig", "Comparison", "Every", "Ladder", "LadderConfig", "climb", "compare", "strongest"]
