"""Tournaments: warriors against opponents that nobody's evolution has met, or against each other.

``settings`` is the configuration, ``play`` fights, ``standings`` counts, ``files`` and
``table`` write it down.
"""

from __future__ import annotations

from drq.opponents.entries import Dropped, Entrant, Entries, Skipped, Why, load_entries
from drq.tournament.play import play
from drq.tournament.settings import Mode, TournamentConfig
from drq.tournament.standings import DuelStanding, MeleeStanding, PairRow, Standing, Tournament

__all__ = [
    "Dropped",
    "DuelStanding",
    "Entrant",
    "Entries",
    "MeleeStanding",
    "Mode",
    "PairRow",
    "Skipped",
    "Standing",
    "Tournament",
    "TournamentConfig",
    "Why",
    "load_entries",
    "play",
]
