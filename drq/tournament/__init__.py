"""Tournaments: warriors against opponents that no evolution has met, or against each other.

``settings`` is the configuration, ``play`` fights, ``standings`` counts, ``files`` and
``table`` write it down.
"""

from __future__ import annotations

from drq.tournament.play import play
from drq.tournament.settings import Format, TournamentConfig
from drq.tournament.standings import DuelStanding, MeleeStanding, PairRow, Standing, Tournament

__all__ = [
    "DuelStanding",
    "Format",
    "MeleeStanding",
    "PairRow",
    "Standing",
    "Tournament",
    "TournamentConfig",
    "play",
]
