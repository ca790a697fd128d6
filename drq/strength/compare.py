"""Whether one warrior is stronger than another, and by how much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from drq.battles.engine import Engine
from drq.battles.engine import build as build_engine
from drq.battles.hill import LOST, TIED, WON, Placements, draw_placements, fight_pairs, points
from drq.errors import ConfigError
from drq.measurements.intervals import UNSEEN, Interval, mean_interval
from drq.opponents.entries import Dropped, Entries, Skipped, Why, load_entries
from drq.progress import Progress, quiet
from drq.randomness import Purpose, generator
from drq.strength.sequential import MOST_POINTS, Verdict, decide
from drq.strength.settings import BattlesConfig, CompareConfig, Every
from redcode.rules import Rules
from redcode.warrior import Warrior


@dataclass(frozen=True)
class Side:
    """One of the two over all opponents, in the run of fixed length."""

    warrior: str
    wins: int
    ties: int
    losses: int
    score: float
    """3 W% + T%, 0 to 300."""


@dataclass(frozen=True)
class OpponentRow:
    """One opponent in the run of fixed length."""

    opponent: str
    first_score: float
    second_score: float
    difference: float
    """3 W% + T% of the first less that of the second."""


@dataclass(frozen=True)
class Comparison:
    """All of it."""

    verdict: Verdict
    """Of the first."""
    battles: int
    """Of each, until the verdict; 0 where every placement was fought, which leaves nothing to chance."""
    difference: float
    """Points of the first less those of the second, -300 to 300, in the run of fixed length."""
    interval: Interval
    """95 % interval of it over placements; the opponents are given. A point where every placement was fought."""
    placements: int
    """Battles of each against each opponent in that run."""
    sides: tuple[Side, Side]
    opponents: list[OpponentRow]
    skipped: list[Skipped]
    dropped: list[Dropped]


def compare(config: CompareConfig, progress: Progress = quiet) -> Comparison:
    """Load, fight and judge; raises ConfigError and StoreError before the first battle.

    The verdict is from battles of its own, each against an opponent drawn anew, until they tell. The size is from a
    second run of fixed length against every opponent, because battles that stop when they tell exaggerate it. Both
    warriors meet the same opponent in the same placement each time.
    """
    engine = build_engine(config.engine, config.threads)
    two, opponents = _load(config)
    pool = [one.warrior for one in (*two.warriors, *opponents.warriors)]
    exact = isinstance(config.placements, Every)
    verdict, battles = (Verdict.OPEN, 0) if exact else _judge(pool, config, engine, progress)
    results = fight_both(pool, config, engine, progress)
    difference, interval = size_of_difference(results, exact)
    if exact:
        verdict = Verdict.EVEN if difference == 0 else Verdict.STRONGER if difference > 0 else Verdict.WEAKER
    scores = 100 * points(results).sum(axis=2) / results.shape[2]
    return Comparison(
        verdict=verdict,
        battles=battles,
        difference=difference,
        interval=interval,
        placements=results.shape[2],
        sides=(_side(two.warriors[0].name, results[0]), _side(two.warriors[1].name, results[1])),
        opponents=[
            OpponentRow(one.name, first, second, first - second)
            for one, first, second in zip(opponents.warriors, *scores.tolist(), strict=True)
        ],
        skipped=opponents.skipped,
        dropped=opponents.dropped,
    )


def _load(config: CompareConfig) -> tuple[Entries, Entries]:
    """The two, and the opponents without them."""
    first, second = (load_one(name, config.rules, "compare") for name in (config.first, config.second))
    two = first.joined(second)
    if len(two.warriors) < 2:
        raise ConfigError("expected two different warriors, got one code")
    opponents = load_opponents(config.opponents, config.rules, two, Why.COMPARED)
    if not opponents.warriors:
        raise ConfigError("expected an opponent that is neither of the two, got none")
    return two, opponents


def load_one(name: str, rules: Rules, purpose: str) -> Entries:
    """The one warrior that ``name`` means; raises ConfigError, which says what it is to be used for."""
    found = load_entries([name], rules, f"a warrior to {purpose}")
    if len(found.warriors) > 1:
        raise ConfigError(f"expected one warrior to {purpose}, got {len(found.warriors)} in {name}: name one file")
    return found


def load_opponents(names: Sequence[str], rules: Rules, judged: Entries, why: Why) -> Entries:
    """The warriors that ``names`` mean, without those who are ``judged``: these are listed as dropped."""
    found = load_entries(names, rules, "opponents")
    codes = {one.warrior.digest for one in judged.warriors}
    others = [one for one in found.warriors if one.warrior.digest not in codes]
    dropped = [Dropped(one.name, why) for one in found.warriors if one.warrior.digest in codes]
    return replace(found, warriors=others, dropped=found.dropped + dropped)


def _judge(pool: Sequence[Warrior], config: CompareConfig, engine: Engine, progress: Progress) -> tuple[Verdict, int]:
    """The verdict, and the battles of each until it was reached. The first two of ``pool`` are judged."""
    rng = generator(config.seed, Purpose.SEQUENCE)
    opponents = rng.integers(2, len(pool), size=config.battles)
    drawn = draw_placements(rng, config.battles, 1, config.rules)
    pairs = np.column_stack([np.tile([0, 1], config.battles), np.repeat(opponents, 2)])
    both = Placements(np.repeat(drawn.distances, 2, axis=0), np.repeat(drawn.leads, 2, axis=0))
    fought = np.empty(0, dtype=np.int64)
    verdict, battles = Verdict.OPEN, 0
    progress("Battles until the verdict, at most", 0, len(pairs))
    for chunk in fight_pairs(pool, pairs, both, config.rules, engine):
        fought = np.concatenate([fought, 100 * points(chunk[:, 0])])
        whole = len(fought) // 2 * 2
        verdict, battles = decide(fought[0:whole:2] - fought[1:whole:2], config.margin, config.error)
        progress("Battles until the verdict, at most", len(fought), len(pairs))
        if verdict is not Verdict.OPEN:
            break
    return verdict, battles


def fight_both(pool: Sequence[Warrior], config: BattlesConfig, engine: Engine, progress: Progress) -> NDArray[np.int64]:
    """(2, opponents, placements) results of the first two of ``pool`` against all others: the run of fixed length."""
    opponents = np.arange(2, len(pool))
    drawn = config.placed(len(opponents))
    pairs = np.column_stack([np.repeat([0, 1], len(opponents)), np.tile(opponents, 2)])
    both = Placements(np.tile(drawn.distances, (2, 1)), np.tile(drawn.leads, (2, 1)))
    each, results = drawn.distances.shape[1], []
    progress("Battles for the size", 0, len(pairs) * each)
    for chunk in fight_pairs(pool, pairs, both, config.rules, engine):
        results.append(chunk)
        progress("Battles for the size", sum(map(len, results)) * each, len(pairs) * each)
    return np.concatenate(results).reshape(2, len(opponents), each)


def size_of_difference(results: NDArray[np.int64], exact: bool) -> tuple[float, Interval]:
    """The mean difference in points, and its interval over the placements of each opponent.

    ``results``: (2, opponents, placements), as :func:`fight_both` gives them. A point where they are ``exact``.
    """
    differences = 100 * (points(results[0]) - points(results[1]))
    mean = float(differences.mean())
    if exact:
        return mean, Interval(mean, mean)
    spread = np.sqrt(differences.var(axis=1, ddof=1).mean())  # within opponents: each has as many placements
    low, high = mean_interval(mean + MOST_POINTS, spread, differences.size, 2 * MOST_POINTS, UNSEEN)
    return mean, Interval(float(low) - MOST_POINTS, float(high) - MOST_POINTS)


def _side(name: str, results: NDArray[np.int64]) -> Side:
    wins, ties, losses = (int((results == result).sum()) for result in (WON, TIED, LOST))
    return Side(name, wins, ties, losses, 100 * (3 * wins + ties) / results.size)
