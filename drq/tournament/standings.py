"""What the battles came to: a row a pair, a line a warrior."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from drq.battles.pairs import PairBattles
from drq.battles.scoring import Outcome, outcome
from drq.measurements.intervals import Interval, bootstrap_means, wilson, wilson_interval
from drq.opponents.entries import Dropped, Skipped
from drq.tournament.settings import Mode


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
    """Bootstrap interval over the placements."""
    outcome: Outcome
    """By fitness: the rule of Kumar 2026."""
    met_in_evolution: bool
    """Whether the warrior is the champion of a run that fought this opponent: no unseen one then."""

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
    """One warrior over all the others that it met; what duels and melees have in common."""

    warrior: str
    opponents: int
    fitness: float
    """Mean over opponents; in a melee its mean alive share, 0 to the number of warriors."""
    fitness_interval: Interval
    """Bootstrap interval: over opponents, or over placements in a melee."""
    wins: int
    """Battles over all opponents, as a hill counts them; in a melee a battle survived with others is a tie."""
    battle_ties: int
    losses: int
    score: float
    """A benchmark's score: mean over opponents of 3·W% + T%, 0 to 300. In a melee mean hill points a battle."""


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

    mode: Mode
    placements: int
    seed: int
    standings: Sequence[Standing]
    """Best benchmark score first: ``DuelStanding``, and ``MeleeStanding`` in a melee."""
    pairs: list[PairRow]
    """Empty in a melee."""
    skipped: list[Skipped]
    dropped: list[Dropped]


def pair_rows(labels: Sequence[tuple[str, str, bool]], battles: PairBattles, rng: np.random.Generator) -> list[PairRow]:
    """Rows of (warrior, opponent, met in evolution), in the order of the pairs fought."""
    shares = battles.shares[:, :, 0]
    low, high = bootstrap_means(shares, rng)
    fitness = shares.mean(axis=1)
    share_low, share_high = wilson(battles.wins[:, 0], battles.placements)
    rows = []
    for i, (warrior, opponent, met) in enumerate(labels):
        wins, losses = (int(count) for count in battles.wins[i])
        own, other = float(fitness[i]), float(battles.fitness[i, 1])
        rows.append(
            PairRow(
                warrior=warrior,
                opponent=opponent,
                wins=wins,
                ties=battles.placements - wins - losses,
                losses=losses,
                win_share=Interval(float(share_low[i]), float(share_high[i])),
                fitness=own,
                fitness_interval=Interval(float(low[i]), float(high[i])),
                outcome=outcome(own, other),
                met_in_evolution=met,
            )
        )
    return rows


def standing(warrior: str, rows: Sequence[PairRow], rng: np.random.Generator) -> DuelStanding:
    """The sum of one warrior's rows."""
    unseen = [row for row in rows if not row.met_in_evolution]
    fitness = np.array([row.fitness for row in rows])
    low, high = bootstrap_means(fitness[np.newaxis], rng)
    defeats, ties = _count(rows, "outcome")
    hill_defeats, hill_ties = _count(rows, "hill_outcome")
    unseen_defeats, unseen_ties = _count(unseen, "outcome")
    return DuelStanding(
        warrior=warrior,
        opponents=len(rows),
        fitness=float(fitness.mean()),
        fitness_interval=Interval(float(low[0]), float(high[0])),
        wins=sum(row.wins for row in rows),
        battle_ties=sum(row.ties for row in rows),
        losses=sum(row.losses for row in rows),
        score=float(np.mean([100 * row.score / (row.wins + row.ties + row.losses) for row in rows])),
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
    warrior: str, shares: NDArray[np.float64], survivors: NDArray[np.int64], warriors: int, rng: np.random.Generator
) -> MeleeStanding:
    """One warrior's battles with all the others together.

    ``shares``: (placements,) alive share. ``survivors``: (placements,) how many were left, itself included; 0 where it
    was not. Hill points are those of pMARS's default, (N² - 1) / S for each of S survivors of N warriors.
    """
    low, high = bootstrap_means(shares[np.newaxis], rng)
    lived = survivors[survivors > 0]
    alone = int(np.sum(lived == 1))
    return MeleeStanding(
        warrior=warrior,
        opponents=warriors - 1,
        fitness=float(shares.mean()),
        fitness_interval=Interval(float(low[0]), float(high[0])),
        wins=alone,
        battle_ties=len(lived) - alone,
        losses=len(survivors) - len(lived),
        score=float(np.sum((warriors**2 - 1) // lived) / len(survivors)),
        survived=len(lived) / len(survivors),
        survived_interval=wilson_interval(len(lived), len(survivors)),
    )


def _count(rows: Sequence[PairRow], rule: str) -> tuple[int, int]:
    results = [getattr(row, rule) for row in rows]
    return results.count(Outcome.DEFEATS), results.count(Outcome.TIES)
