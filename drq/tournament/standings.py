"""What the battles came to: a row per pair, a line per warrior."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from drq.battles.duels import Duel
from drq.battles.scoring import Outcome, outcome
from drq.measurements.intervals import UNSEEN, Interval, mean_interval, mean_over_opponents, wilson_interval
from drq.opponents.entries import Dropped, Skipped
from drq.tournament.settings import Format


@dataclass(frozen=True)
class PairRow:
    """One warrior's battles against one opponent."""

    warrior: str
    opponent: str
    wins: int
    """Battles in which it outlived the opponent, as a hill counts them."""
    ties: int
    losses: int
    win_share: Interval
    """Wilson interval of its share of wins."""
    fitness: float
    """Mean alive share, 0 to 2; an even share is 1 (Kumar 2026 §4)."""
    fitness_interval: Interval
    """Interval over the placements (``drq.measurements.intervals.mean_interval``)."""
    outcome: Outcome
    """By fitness: the rule of Kumar 2026."""
    met_in_evolution: bool
    """Whether the warrior is the champion of a run that fought this opponent."""

    @property
    def score(self) -> int:
        """Hill points: 3 a win, 1 a tie."""
        return 3 * self.wins + self.ties

    @property
    def hill_outcome(self) -> Outcome:
        """Who has more wins: the verdict by hill points."""
        return outcome(self.wins, self.losses)


@dataclass(frozen=True)
class Standing:
    """One warrior over all the others that it met: what duels and melees have in common."""

    warrior: str
    opponents: int
    fitness: float
    """Mean over opponents; in a melee its mean alive share, 0 to the number of warriors."""
    fitness_interval: Interval
    """Over opponents, or over placements in a melee (``drq.measurements.intervals.mean_interval``)."""
    wins: int
    """Battles over all opponents, as a hill counts them; in a melee a battle survived with others is a tie."""
    battle_ties: int
    losses: int
    score: float
    """A benchmark's score: mean over opponents of 3·W% + T%, 0 to 300. In a melee: mean hill points per battle."""
    score_interval: Interval
    """Over opponents, or over placements in a melee."""


@dataclass(frozen=True)
class MeleeStanding(Standing):
    """One warrior's battles with all the others together."""

    survived: float
    """Share of the battles at whose end it lived, or was the last to die."""
    survived_interval: Interval
    """Wilson interval of it."""


@dataclass(frozen=True)
class DuelStanding(Standing):
    """One warrior's battles against each of its opponents."""

    defeats: int
    ties: int
    """Opponents defeated and tied by the rule of fitness (Kumar 2026 §4)."""
    generality: float
    """Share defeated or tied."""
    generality_interval: Interval
    """Wilson interval of it."""
    hill_defeats: int
    hill_ties: int
    """The same by hill points."""
    unseen: int
    """Opponents that were not met in its evolution."""
    unseen_defeats: int
    unseen_ties: int
    """By fitness, among these only."""


@dataclass(frozen=True)
class Tournament:
    """All of it."""

    format: Format
    placements: int
    seed: int
    standings: Sequence[Standing]
    """Best benchmark score first: ``DuelStanding``, and ``MeleeStanding`` in a melee."""
    pairs: list[PairRow]
    """Empty in a melee."""
    skipped: list[Skipped]
    dropped: list[Dropped]


def pair_row(warrior: str, opponent: str, duel: Duel, placements: int, met_in_evolution: bool) -> PairRow:
    """The row of one duel over ``placements`` battles."""
    low, high = mean_interval(duel.fitness, duel.fitness_spread, placements, 2, UNSEEN)
    return PairRow(
        warrior=warrior,
        opponent=opponent,
        wins=duel.wins,
        ties=placements - duel.wins - duel.losses,
        losses=duel.losses,
        win_share=wilson_interval(duel.wins, placements),
        fitness=duel.fitness,
        fitness_interval=Interval(float(low), float(high)),
        outcome=duel.outcome,
        met_in_evolution=met_in_evolution,
    )


def standing(warrior: str, rows: Sequence[PairRow]) -> DuelStanding:
    """The sum of one warrior's rows."""
    unseen = [row for row in rows if not row.met_in_evolution]
    fitness = [row.fitness for row in rows]
    scores = [100 * row.score / (row.wins + row.ties + row.losses) for row in rows]
    defeats, ties = _count(rows, "outcome")
    hill_defeats, hill_ties = _count(rows, "hill_outcome")
    unseen_defeats, unseen_ties = _count(unseen, "outcome")
    return DuelStanding(
        warrior=warrior,
        opponents=len(rows),
        fitness=float(np.mean(fitness)),
        fitness_interval=mean_over_opponents(fitness, 2),
        wins=sum(row.wins for row in rows),
        battle_ties=sum(row.ties for row in rows),
        losses=sum(row.losses for row in rows),
        score=float(np.mean(scores)),
        score_interval=mean_over_opponents(scores, 300),
        defeats=defeats,
        ties=ties,
        generality=(defeats + ties) / len(rows),
        generality_interval=wilson_interval(defeats + ties, len(rows)),
        hill_defeats=hill_defeats,
        hill_ties=hill_ties,
        unseen=len(unseen),
        unseen_defeats=unseen_defeats,
        unseen_ties=unseen_ties,
    )


def melee_standing(
    warrior: str, shares: NDArray[np.float64], survivors: NDArray[np.int64], warriors: int
) -> MeleeStanding:
    """One warrior's battles with all the others together.

    ``shares``: (placements,) alive share. ``survivors``: (placements,) how many were left, itself included; 0 where it
    was not. Hill points are those of pMARS's default, (N² - 1) / S for each of S survivors of N warriors.
    """
    lived = survivors > 0
    alone, most = int(np.sum(survivors == 1)), warriors**2 - 1
    points = np.where(lived, most // np.maximum(survivors, 1), 0)
    return MeleeStanding(
        warrior=warrior,
        opponents=warriors - 1,
        fitness=float(shares.mean()),
        fitness_interval=_over_placements(shares, warriors),
        wins=alone,
        battle_ties=int(lived.sum()) - alone,
        losses=int((~lived).sum()),
        score=float(points.mean()),
        score_interval=_over_placements(points, most),
        survived=float(lived.mean()),
        survived_interval=wilson_interval(int(lived.sum()), len(lived)),
    )


def _over_placements(values: NDArray[Any], highest: float) -> Interval:
    spread = np.std(values, ddof=min(1, len(values) - 1))
    low, high = mean_interval(values.mean(), spread, len(values), highest, UNSEEN)
    return Interval(float(low), float(high))


def _count(rows: Sequence[PairRow], rule: str) -> tuple[int, int]:
    results = [getattr(row, rule) for row in rows]
    return results.count(Outcome.DEFEATS), results.count(Outcome.TIES)
