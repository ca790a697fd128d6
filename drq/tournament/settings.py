"""What a tournament is: one frozen, validated value."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from drq.errors import ConfigError
from drq.plain import check_at_least
from redcode.rules import Rules


class Mode(StrEnum):
    """Who meets whom."""

    DUELS = "duels"
    """Each warrior meets each opponent, one on one."""
    ROUND_ROBIN = "round_robin"
    """Everybody, opponents included, meets everybody else, one on one."""
    MELEE = "melee"
    """All are in one core together."""


@dataclass(frozen=True)
class TournamentConfig:
    """The keys of ``configs/tournament.yaml``."""

    warriors: tuple[str, ...]
    """Built-in names or groups, files, folders, runs."""
    opponents: tuple[str, ...] = ()
    """The same; where none are given, ``held_out`` in duels, and nobody where the warriors meet each other."""
    mode: Mode = Mode.DUELS
    placements: int = 100
    """Battles of each pair, or of the melee."""
    seed: int = 0
    """Root of the placements; whatever it is, they are none that an evolution used."""
    out: str | None = None
    """Folder for the tables; None writes none."""
    rules: Rules = field(default_factory=Rules)
    engine: dict[str, Any] = field(default_factory=lambda: {"name": "local"})
    threads: int | None = None
    """Battles fought at once; None for one a processor."""

    def __post_init__(self) -> None:
        """Check every range, and fill in who judges duels."""
        if not self.warriors:
            raise ConfigError("expected warriors=PATH, got none")
        if not self.opponents and self.mode is Mode.DUELS:
            object.__setattr__(self, "opponents", ("held_out",))
        check_at_least("seed", self.seed, 0)
        check_at_least("placements", self.placements, 1)
        check_at_least("threads", self.threads, 1)
