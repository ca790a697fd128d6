"""How strong warriors are, as hills count: points, rungs of a ladder, Elo, and which of two is stronger.

``settings`` is what the commands are told, ``sequential`` the test that decides between two warriors, ``compare`` its
battles, ``ratings`` fits Elo, ``ladder`` fights and counts, ``files`` and ``table`` write both down. ``strongest``
finds the best of a run's champions and polishes it, ``variants`` draws other constants for a warrior, and ``polish``
keeps those that are better.
"""

from __future__ import annotations

from drq.strength.compare import Comparison, compare
from drq.strength.ladder import Ladder, climb
from drq.strength.polish import Polished, Task, load_task, polish
from drq.strength.settings import CompareConfig, Every, LadderConfig, PolishConfig
from drq.strength.strongest import polished, strongest

__all__ = [
    "CompareConfig",
    "Comparison",
    "Every",
    "Ladder",
    "LadderConfig",
    "PolishConfig",
    "Polished",
    "Task",
    "climb",
    "compare",
    "load_task",
    "polish",
    "polished",
    "strongest",
]
