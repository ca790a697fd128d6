"""What a comparison, a ladder and a polish are told: frozen, validated values."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from drq.battles.hill import Placements, all_placements, draw_placements
from drq.errors import ConfigError
from drq.measurements import PLACEMENTS, SEED
from drq.opponents.held_out import held_out_group
from drq.opponents.names import FITTING, expanded
from drq.plain import check_at_least
from drq.randomness import Purpose, generator
from redcode.rules import Rules


class Every(StrEnum):
    """In place of a number of placements."""

    ALL = "all"
    """Every legal distance in both orders: all battles that a pair can have."""


@dataclass(frozen=True, kw_only=True)
class BattlesConfig:
    """How pairs are fought, in all three commands."""

    placements: int | Every = PLACEMENTS
    """Battles per pair."""
    seed: int = SEED
    """Root of the placements; no evolution uses these, whatever its seed."""
    out: str | None = None
    """Folder for the tables; None writes none."""
    rules: Rules = field(default_factory=Rules)
    engine: dict[str, Any] = field(default_factory=lambda: {"name": "local"})
    threads: int | None = None
    """Battles fought at once; None for one per processor."""

    def __post_init__(self) -> None:
        """Check every range."""
        check_at_least("seed", self.seed, 0)
        check_at_least("threads", self.threads, 1)
        if not isinstance(self.placements, Every):
            check_at_least("placements", self.placements, 1)

    def placed(self, pairs: int) -> Placements:
        """The placements of so many pairs, each pair's own."""
        if isinstance(self.placements, Every):
            return all_placements(pairs, self.rules)
        return draw_placements(generator(self.seed, Purpose.PAIRS), pairs, self.placements, self.rules)


@dataclass(frozen=True, kw_only=True)
class LadderConfig(BattlesConfig):
    """The keys of ``configs/ladder.yaml``."""

    warriors: tuple[str, ...]
    """Built-in names or groups, files, folders, runs."""
    opponents: tuple[str, ...] = ()
    """The same: the rungs. Without them the warriors are a hill, where everybody meets everybody."""
    elo: str | None = None
    """A .csv file with the columns ``warrior`` and ``elo``: ratings that stay as they are."""

    def __post_init__(self) -> None:
        """Check that there is a warrior."""
        super().__post_init__()
        if not self.warriors:
            raise ConfigError("expected warriors=PATH, got none")


@dataclass(frozen=True, kw_only=True)
class CompareConfig(BattlesConfig):
    """The keys of ``configs/compare.yaml``."""

    first: str
    second: str
    """Each a built-in name or a file."""
    opponents: tuple[str, ...] = ()
    """Whom both fight; by default the held-out warriors for this core."""
    margin: float = 5.0
    """A difference in points, of 300, that matters: smaller ones are called even."""
    error: float = 0.05
    """How often the verdict may be wrong."""
    battles: int = 30_000
    """Most battles of each warrior until the verdict."""

    def __post_init__(self) -> None:
        """Check every range, and fill in the opponents."""
        super().__post_init__()
        if not self.opponents:
            object.__setattr__(self, "opponents", (held_out_group(self.rules),))
        if not isinstance(self.placements, Every):
            check_at_least("placements", self.placements, 2)  # an interval needs two
        check_at_least("battles", self.battles, 1)
        check_at_least("margin", self.margin, 0)
        if not 0 < self.error < 1:
            raise ConfigError(f"expected error to be between 0 and 1, got {self.error}")


@dataclass(frozen=True, kw_only=True)
class PolishConfig(BattlesConfig):
    """The keys of ``configs/polish.yaml``."""

    warrior: str
    """A built-in name or a file."""
    opponents: tuple[str, ...] = ()
    """Whom its variants fight; by default the built-in warriors made for this core that are not held out."""
    minutes: float = 5.0
    """How long variants are tried."""
    out: str | None = None
    """The file for the result; None for ``NAME_polished.red`` in the current folder."""

    def __post_init__(self) -> None:
        """Check every range, and fill in the opponents."""
        super().__post_init__()
        object.__setattr__(self, "opponents", expanded(self.opponents or (FITTING,), self.rules))
        if not isinstance(self.placements, Every):
            check_at_least("placements", self.placements, 2)  # an interval needs two
        check_at_least("minutes", self.minutes, 0)
