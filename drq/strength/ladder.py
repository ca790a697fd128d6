"""Warriors on a ladder of opponents, or on a hill of their own."""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from drq.battles.engine import build as build_engine
from drq.battles.hill import LOST, TIED, WON, fight_pairs
from drq.errors import ConfigError
from drq.files import user_path
from drq.measurements.intervals import Interval, mean_over_opponents, wilson_interval
from drq.opponents.entries import Dropped, Entries, NamedWarrior, Skipped, load_entries
from drq.progress import Progress, quiet
from drq.strength.ratings import Rating, fit_elo
from drq.strength.sequential import MOST_POINTS
from drq.strength.settings import LadderConfig


@dataclass(frozen=True)
class Rung:
    """A warrior's battles against one opponent."""

    warrior: str
    opponent: str
    wins: int
    ties: int
    losses: int

    @property
    def score(self) -> float:
        """3 W% + T%, 0 to 300."""
        return 100 * (3 * self.wins + self.ties) / (self.wins + self.ties + self.losses)


@dataclass(frozen=True)
class Line:
    """A warrior over all its opponents."""

    warrior: str
    opponents: int
    beaten: int
    """Rungs: opponents against which it wins more battles than it loses."""
    even: int
    """Opponents against which it wins as many as it loses."""
    beaten_share: float
    beaten_interval: Interval
    """Wilson interval of the share."""
    wins: int
    battle_ties: int
    losses: int
    score: float
    """Mean over opponents of 3 W% + T%, 0 to 300."""
    score_interval: Interval
    """Over opponents (``drq.measurements.intervals.mean_interval``)."""
    rating: Rating


@dataclass(frozen=True)
class Ladder:
    """All of it."""

    battles: int
    """Per pair."""
    lines: list[Line]
    """Highest score first."""
    rungs: list[Rung]
    ratings: dict[str, Rating]
    """Of warriors and opponents, the highest first."""
    skipped: list[Skipped]
    dropped: list[Dropped]


def climb(config: LadderConfig, progress: Progress = quiet) -> Ladder:
    """Load, fight, count and rate; raises ConfigError and StoreError before the first battle."""
    engine = build_engine(config.engine, config.threads)
    warriors = load_entries(config.warriors, config.rules, "warriors")
    opponents = load_entries(config.opponents, config.rules, "opponents") if config.opponents else Entries()
    everyone = warriors.joined(opponents)
    pool = everyone.warriors
    given = {} if config.elo is None else _given(config.elo, pool)
    pairs, centre = _pairs(everyone, len(warriors.warriors), opponents)
    placements = config.placed(len(pairs))
    each = placements.distances.shape[1]
    results, done = [], 0
    progress("Battles", 0, len(pairs) * each)
    for chunk in fight_pairs([one.warrior for one in pool], pairs, placements, config.rules, engine):
        results.append(np.column_stack([(chunk == result).sum(axis=1) for result in (WON, TIED, LOST)]))
        done += len(chunk)
        progress("Battles", done * each, len(pairs) * each)
    counts = np.concatenate(results)
    shares = (counts[:, 0] + counts[:, 1] / 2) / each
    ratings = fit_elo(pairs, shares, each, len(pool), given, centre)
    names = [one.name for one in pool]
    rungs = [Rung(names[i], names[j], *row) for (i, j), row in zip(pairs.tolist(), counts.tolist(), strict=True)]
    if not config.opponents:  # each battle is on the way of both
        rungs += [Rung(rung.opponent, rung.warrior, rung.losses, rung.ties, rung.wins) for rung in rungs]
    by_warrior: dict[str, list[Rung]] = {}
    for rung in rungs:
        by_warrior.setdefault(rung.warrior, []).append(rung)
    rated = dict(sorted(zip(names, ratings, strict=True), key=lambda item: -item[1].elo))
    lines = [_line(name, own, rated[name]) for name, own in by_warrior.items()]
    lines.sort(key=lambda line: (-line.score, line.warrior))
    return Ladder(each, lines, rungs, rated, everyone.skipped, everyone.dropped)


def _pairs(everyone: Entries, warriors: int, opponents: Entries) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(pairs, 2) who meets whom, and whose mean rating is 0: the opponents, or everybody on a hill."""
    place = {one.warrior.digest: i for i, one in enumerate(everyone.warriors)}
    others = [place[one.warrior.digest] for one in opponents.warriors]
    if others:
        meetings = [(i, j) for i in range(warriors) for j in others if i != j]
    else:
        others = list(range(warriors))
        meetings = list(combinations(others, 2))
    if not meetings:
        raise ConfigError("expected two different warriors at least, got one code: give opponents=PATH")
    return np.array(meetings, dtype=np.int64), np.array(others)


def _given(path: str, pool: Sequence[NamedWarrior]) -> dict[int, float]:
    """The ratings in the file by the places of their warriors in ``pool``; raises ConfigError."""
    ratings: dict[str, float] = {}
    try:
        with user_path(path).open(newline="", encoding="utf-8-sig") as file:
            for row in csv.DictReader(file):
                ratings[row["warrior"]] = float(row["elo"])
                if not math.isfinite(ratings[row["warrior"]]):
                    raise ValueError
    except OSError as error:
        raise ConfigError(f"expected elo to be a file that can be read, got {path}: {error.strerror}") from None
    except (KeyError, ValueError, TypeError, csv.Error):
        raise ConfigError(f"expected elo to be a .csv file with the columns warrior and elo, got {path}") from None
    given = {i: ratings[one.name] for i, one in enumerate(pool) if one.name in ratings}
    if not given:
        raise ConfigError(f"expected elo to rate a warrior or an opponent, {path} names none of them")
    return given


def _line(name: str, rungs: Sequence[Rung], rating: Rating) -> Line:
    beaten = sum(rung.wins > rung.losses for rung in rungs)
    scores = [rung.score for rung in rungs]
    return Line(
        warrior=name,
        opponents=len(rungs),
        beaten=beaten,
        even=sum(rung.wins == rung.losses for rung in rungs),
        beaten_share=beaten / len(rungs),
        beaten_interval=wilson_interval(beaten, len(rungs)),
        wins=sum(rung.wins for rung in rungs),
        battle_ties=sum(rung.ties for rung in rungs),
        losses=sum(rung.losses for rung in rungs),
        score=float(np.mean(scores)),
        score_interval=mean_over_opponents(scores, MOST_POINTS),
        rating=rating,
    )
