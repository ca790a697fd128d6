"""What a tournament is: one frozen, validated value."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from drq.errors import ConfigError
from drq.measurements import PLACEMENTS, SEED
from drq.opponents.held_out import held_out_group
from drq.plain import check_at_least
from redcode.rules import Rules


class Format(StrEnum):
    """Who meets whom."""

    DUELS = "duels"
    """Each warrior meets each opponent, one on one."""
    ROUND_ROBIN = "round_robin"
    """Every warrior, opponents included, meets every other, one on one."""
    MELEE = "melee"
    """All are in one core together."""


@dataclass(frozen=True)
class TournamentConfig:
    """The keys of ``configs/tournament.yaml``."""

    warriors: tuple[str, ...]
    """Built-in names or groups, files, folders, runs."""
    opponents: tuple[str, ...] = ()
    """The same; by default the held-out warriors for this core in duels, none where the warriors meet each other."""
    format: Format = Format.DUELS
    placements: int = PLACEMENTS
    """Battles per pair, or of the melee."""
    seed: int = SEED
    """Root of the placements; no evolution uses these, whatever its seed."""
    out: str | None = None
    """Folder for the tables; None writes none."""
    rules: Rules = field(default_factory=Rules)
    engine: dict[str, Any] = field(default_factory=lambda: {"name": "local"})
    threads: int | None = None
    """Battles fought at once; None for one per processor."""

    def __post_init__(self) -> None:
        """Check every range, and fill in the opponents of duels."""
        if not self.warriors:
            raise ConfigError("expected warriors=PATH, got none")
        if not self.opponents and self.format is Format.DUELS:
            object.__setattr__(self, "opponents", (held_out_group(self.rules),))
        check_at_least("seed", self.seed, 0)
        check_at_least("placements", self.placements, 1)
        check_at_least("threads", self.threads, 1)
