"""What evolution selects for: which battles a candidate fights, and what counts in them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from drq.errors import ConfigError
from drq.plain import check_at_least


class Battles(StrEnum):
    """Who meets whom."""

    MELEE = "melee"
    """The candidate and all opponents in one core (Kumar 2026 §3)."""
    DUELS = "duels"
    """The candidate and one opponent, for each opponent, as on a hill."""


class Counted(StrEnum):
    """What a battle gives the candidate."""

    SHARE = "share"
    """Its alive share (``drq.battles.scoring``): 0 to the number of warriors in the battle, an even share is 1."""
    POINTS = "points"
    """What a hill gives: 3 for a win, 1 for a tie, 0 for a loss. A battle ends with the first death."""


@dataclass(frozen=True)
class Objective:
    """``objective=melee`` or ``objective=duels``."""

    name: Battles = Battles.MELEE
    counted: Counted = Counted.SHARE
    worst: int | None = None
    """In duels, the number of opponents that count: those against which the candidate does worst; None for all."""

    weighed: bool = False
    """In duels, whether an opponent counts the more, the fewer points those get from it with whom the round begins."""

    @property
    def unit(self) -> str:
        """What a fitness is, in words."""
        points = "mean points a battle (3 for a win, 1 for a tie)"
        mean = points if self.counted is Counted.POINTS else "mean alive share (an even share is 1)"
        if self.weighed:
            return f"{mean}, in which an opponent counts the more, the fewer beat it"
        return mean if self.worst is None else f"{mean}, of the {self.worst} opponents that it does worst against"

    def __post_init__(self) -> None:
        """Check that the settings go together."""
        check_at_least("worst", self.worst, 1)
        if self.name is Battles.MELEE and (self.counted is Counted.POINTS or self.worst is not None or self.weighed):
            raise ConfigError("expected objective=duels for counted=points, worst or weighed, got objective=melee")
        if self.weighed and self.worst is not None:
            raise ConfigError("expected objective.worst=null where objective.weighed=true: either says who counts")
