"""What a run is: one frozen, validated value. Everything that decides a run's rows is in it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import count, takewhile
from typing import Any

from drq.descriptors import DESCRIPTORS
from drq.errors import ConfigError
from drq.objective import Battles, Objective
from drq.plain import check_at_least
from redcode.rules import MAX_WARRIORS, Rules

_FREE_KEYS = {
    "threads",
    "islands",
    "minutes",
    "polish",
    "llm.base_url",
    "llm.api_key_env",
    "llm.headers",
    "llm.query",
    "llm.timeout_s",
    "llm.max_wait_s",
    "llm.max_failures",
    "llm.max_calls",
    "llm.max_tokens_total",
    "llm.max_cost",
}


def is_free(key: str) -> bool:
    """Whether a resumed run may change ``key``: where it works, or how much it may ask a model."""
    free = ("engine.", "llm.headers.", "llm.query.")
    return key in _FREE_KEYS or key == "engine" or key.startswith(free)


class Selection(StrEnum):
    """What decides who stays in a cell of the archive and who is crowned."""

    FITNESS = "fitness"
    RANDOM = "random"
    """A number drawn for each code of a round: the neutral shadow of a run (``drq.run.selection.rank``)."""


class Begin(StrEnum):
    """What is inserted into an archive before the first proposal."""

    CHAMPIONS = "champions"
    """The starters and all past champions (Kumar 2026), of its own branch where there are several."""
    COMPANY = "company"
    """The round's company (``drq.run.company``), so also the last champions of other branches."""
    EMPTY = "empty"
    """Nothing, so that everything descends from new warriors."""


@dataclass(frozen=True)
class ArchiveConfig:
    """The archive's axes, by the names of ``drq.descriptors``, and the bins of each."""

    axes: tuple[str, ...] = ("spawned", "covered")
    """Without an axis the archive has a single cell."""
    bins: dict[str, tuple[float, ...]] = field(
        default_factory=lambda: {name: row.bins for name, row in DESCRIPTORS.items()}
    )
    begin: Begin = Begin.CHAMPIONS
    kept: bool = False
    """Whether an archive begins with the elites of the last, fought again; only the first of a branch begins so."""
    size: int | None = None
    """Members of a population, which has no cells; None for an archive with cells."""

    def __post_init__(self) -> None:
        """Check names and order of the bins."""
        check_at_least("archive.size", self.size, 2)
        if self.size is not None and self.axes:
            raise ConfigError(f"expected archive.axes=[] for a population, got {', '.join(self.axes)}")
        for name in (*self.axes, *self.bins):
            if name not in DESCRIPTORS:
                raise ConfigError(f"expected an axis among {', '.join(DESCRIPTORS)}, got {name!r}")
        for name in self.axes:
            edges = self.bins.get(name, ())
            if not edges or list(edges) != sorted(set(edges)):
                raise ConfigError(f"expected archive.bins.{name} to be rising numbers, got {list(edges)}")
        if len(set(self.axes)) != len(self.axes):
            raise ConfigError(f"expected archive.axes to differ, got {', '.join(self.axes)}")

    def cell_of(self, descriptors: dict[str, float]) -> tuple[int, ...]:
        """The archive cell of these descriptors: on each axis, the number of bin bounds at or below the value."""
        return tuple(bisect_right(self.bins[axis], descriptors[axis]) for axis in self.axes)


@dataclass(frozen=True)
class CrownConfig:
    """How a round's champion is chosen on evidence: by finals in placements of their own (``drq.run.finals``)."""

    among: int = 8
    """Finalists: the fittest candidates of the round. 1 measures the fittest one anew."""
    placements: int = 400
    """Placements of each heat, shared out over its finalists; so many are also behind the champion's fitness."""

    def __post_init__(self) -> None:
        """Check the ranges."""
        check_at_least("crown.among", self.among, 1)
        check_at_least("crown.placements", self.placements, self.among)


@dataclass(frozen=True)
class RacingConfig:
    """A candidate that can hardly matter any more is not fought to the end (``drq.run.racing``)."""

    first: int = 5
    """Placements after which it is looked at for the first time; then after twice as many, and so on."""
    error: float = 0.05
    """Probability at each look that a candidate is given up that would have been kept."""

    def __post_init__(self) -> None:
        """Check the ranges."""
        check_at_least("racing.first", self.first, 2)
        if not 0 < self.error < 0.5:
            raise ConfigError(f"expected racing.error to be between 0 and 0.5, got {self.error}")

    def looks(self, placements: int) -> list[int]:
        """Placements after which a candidate is looked at, of ``placements`` in all."""
        return list(takewhile(lambda look: look < placements, (self.first << i for i in count())))


@dataclass(frozen=True)
class RunConfig:
    """All settings of a run. ``operator``, ``llm`` and ``engine`` are plain data: their own modules check them."""

    seed: int = 0
    """Root of every random draw of the run."""
    rounds: int = 20
    initial: int = 8
    """New warriors at the beginning of a round."""
    iterations: int = 250
    """Proposals of a round after the initial ones."""
    branch: int | None = None
    """Rounds of a branch, which begins anew or joins two others (``drq.run.branches``); None for one line of rounds."""
    placements: int = 20
    """Battles in which each candidate's fitness is measured."""
    history: int | None = None
    """Past champions that a round fights, the K of Kumar 2026; None for all. The starters are always fought."""
    hall_of_fame: int = 0
    """Earlier champions that a round fights too: such as still win, drawn for each round (``drq.run.company``)."""
    elites: int = 0
    """Elites of the archive that a round begins with (``archive.kept``) that it also fights, drawn at random."""
    opponents: int | None = None
    """How many of this company a round fights, drawn for each round; None for all."""
    starter: tuple[str, ...] = ("dwarf",)
    """The first opponents, fought in every round: names as ``drq.opponents.names.find`` reads them."""
    new_share: float = 0.1
    """Probability that a proposal after the initial ones is a new warrior."""
    crossover_share: float = 0.0
    """Probability that a proposal which is not new mixes two elites instead of changing one."""
    selection: Selection = Selection.FITNESS
    racing: RacingConfig | None = None
    """None to fight every candidate in all placements."""
    crown: CrownConfig | None = None
    """None for the rule of Kumar 2026: the champion is the fittest candidate of the round."""
    rules: Rules = field(default_factory=Rules)
    objective: Objective = field(default_factory=Objective)
    archive: ArchiveConfig = field(default_factory=ArchiveConfig)
    operator: dict[str, Any] = field(default_factory=lambda: {"name": "genetic"})
    llm: dict[str, Any] | None = None
    """Settings of the language model; None for an operator without a model."""
    engine: dict[str, Any] = field(default_factory=lambda: {"name": "local"})
    threads: int | None = None
    """Battles fought at once; None for one per processor. The rows do not depend on it."""
    islands: str | None = None
    """Folder through which runs exchange champions (``drq.run.islands``); None for a run by itself."""
    minutes: float | None = None
    """Minutes after which no round begins; None for no limit. The same command then goes on for as long again."""
    polish: float = 0.0
    """Share of ``minutes`` that is left for the numbers of the strongest champion, which are tuned at the end."""

    def __post_init__(self) -> None:
        """Check every range."""
        for name in ("rounds", "branch", "placements", "threads", "opponents"):
            check_at_least(name, getattr(self, name), 1)
        check_at_least("minutes", self.minutes, 0)
        for name in ("seed", "initial", "iterations", "history", "hall_of_fame", "elites"):
            check_at_least(name, getattr(self, name), 0)
        if self.elites and not self.archive.kept:
            raise ConfigError("expected archive.kept=true where elites are fought")
        if self.branch and not self.archive.kept:
            raise ConfigError("expected archive.kept=true where rounds are cut into branches")
        if self.initial + self.iterations == 0:
            raise ConfigError("expected initial + iterations to be at least 1, got 0")
        if not self.starter:
            raise ConfigError("expected at least one starter, got none")
        if self.selection is Selection.RANDOM and self.crown and self.crown.among > 1:
            raise ConfigError(f"expected crown.among to be 1 under selection=random, got {self.crown.among}")
        if self.racing and self.selection is Selection.RANDOM:
            raise ConfigError("expected racing to be null under selection=random")
        for name in ("new_share", "crossover_share", "polish"):
            value = getattr(self, name)
            if not 0 <= value <= 1:
                raise ConfigError(f"expected {name} to be a probability, got {value}")

    def check_room(self, starters: int) -> None:
        """Raise ConfigError if the last round's battle, with that many starters, does not fit in the core."""
        if self.objective.name is Battles.DUELS:
            return
        past = self.rounds - 1
        if self.branch is not None:  # the champions of the last branch, and the last ones of the others
            past = min(past, self.branch - 1 + past // self.branch)
        past = past if self.history is None else min(self.history, past)
        company = starters + past + self.hall_of_fame + self.elites
        warriors = 1 + (company if self.opponents is None else min(company, self.opponents))
        room = min(MAX_WARRIORS, self.rules.core_size // self.rules.min_distance)
        if warriors > room:
            raise ConfigError(
                f"expected at most {room} warriors in a battle under these rules, got {warriors}: "
                f"a candidate, {starters} of starter, {past} past champions; lower rounds, history or starter"
            )
