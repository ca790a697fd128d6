"""A round's company, of starters, champions and elites, each code once, and whom of them it fights.

``history`` takes the last champions. ``hall_of_fame`` takes earlier ones that still win: of three times as many, drawn
at random, those that get the most points in a few duels with the elites that the round begins with, or with the last
champions where no archive is kept. So a champion whose weakness everybody has learnt makes room for another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from drq.battles.engine import Engine
from drq.battles.hill import POINTS, WON, draw_placements, fight_pairs, points
from drq.candidate import Elite
from drq.config import RunConfig
from drq.opponents.names import Opponent
from drq.randomness import Purpose, generator
from drq.store.reader import OpponentRow
from redcode.warrior import Warrior

T = TypeVar("T")
Known = tuple[Opponent, OpponentRow]
"""A starter, past champion or elite, and where it is on record."""
CONSIDERED = 3
"""Earlier champions that are tried for each place in the hall of fame."""
JUDGES, PLACEMENTS = 8, 2
"""Whom each of them meets, and how often."""
SEEDS = 64
"""Seeds whose points weigh the opponents, each in as many duels."""


def known(elite: Elite) -> Known:
    """An elite as an opponent."""
    return Opponent(elite.warrior, elite.source), OpponentRow(elite.warrior.digest, None, elite.id)


def choose(
    starters: Sequence[Known],
    champions: Sequence[Known],
    kept: Sequence[Known],
    round: int,
    config: RunConfig,
    engine: Engine,
) -> list[Known]:
    """The company of a round, in its order.

    ``champions`` are those of all rounds before, ``kept`` the elites that the round begins with. The choice depends on
    the arguments alone, so a run that is cut off chooses the same again. Raises what the engine raises.
    """
    rng = generator(config.seed, Purpose.OPPONENTS, round)
    first = 0 if config.history is None else max(0, len(champions) - config.history)
    recent = champions[first:]
    considered = _drawn(champions[:first], CONSIDERED * config.hall_of_fame, rng)
    judges = _drawn(kept or recent, JUDGES, rng)
    famous = _best(considered, judges, config.hall_of_fame, rng, config, engine)
    return _each_code_once((*starters, *recent, *famous, *_drawn(kept, config.elites, rng)))


def fought(company: Sequence[Known], round: int, config: RunConfig) -> list[Known]:
    """The opponents of a round, in the order in which they are recorded: all, or some that are drawn."""
    number = len(company) if config.opponents is None else config.opponents
    return _drawn(company, number, generator(config.seed, Purpose.OPPONENTS, round, 1))


def weights(
    opponents: Sequence[Warrior], seeds: Sequence[Warrior], round: int, config: RunConfig, engine: Engine
) -> NDArray[np.float64]:
    """(opponents,) how much each counts where ``objective.weighed`` is set, 1 on the average.

    That is competitive fitness sharing (Rosin & Belew 1997): 1 / (1 + wins), where the wins are those of the seeds
    against this opponent, a tie is a third of one, and the 1 stands for the candidate. Without a seed all count alike.
    Raises what the engine raises.
    """
    rng = generator(config.seed, Purpose.OPPONENTS, round, 2)
    wins = _points(_drawn(seeds, SEEDS, rng), opponents, rng, config, engine).sum(axis=0) / (PLACEMENTS * POINTS[WON])
    shared = 1 / (1 + wins)
    return np.asarray(shared / shared.mean())


def _drawn(known: Sequence[T], number: int, rng: np.random.Generator) -> list[T]:
    """``number`` of ``known``, or all if there are fewer, in their order."""
    if not known:
        return []
    places = rng.choice(len(known), min(number, len(known)), replace=False)
    return [known[place] for place in sorted(places.tolist())]


def _best(
    known: Sequence[Known],
    judges: Sequence[Known],
    number: int,
    rng: np.random.Generator,
    config: RunConfig,
    engine: Engine,
) -> list[Known]:
    """The ``number`` of ``known`` that get the most points from the ``judges``, in their order."""
    if len(known) <= number or not judges:
        return list(known[:number])
    warriors, others = ([opponent.warrior for opponent, _ in ones] for ones in (known, judges))
    scores = _points(warriors, others, rng, config, engine).sum(axis=1)
    best = np.argsort(-scores, kind="stable")[:number]
    return [known[place] for place in sorted(best.tolist())]


def _points(
    warriors: Sequence[Warrior],
    others: Sequence[Warrior],
    rng: np.random.Generator,
    config: RunConfig,
    engine: Engine,
) -> NDArray[np.int64]:
    """(warriors, others) points that each of ``warriors`` gets from each of ``others`` in a few duels."""
    shape = (len(warriors), len(others))
    if not warriors:
        return np.zeros(shape, dtype=np.int64)
    pairs = np.array([(i, len(warriors) + j) for i, j in np.ndindex(shape)])
    placements = draw_placements(rng, len(pairs), PLACEMENTS, config.rules)
    results = list(fight_pairs([*warriors, *others], pairs, placements, config.rules, engine))
    return np.asarray(points(np.concatenate(results)).sum(axis=1).reshape(shape))


def _each_code_once(known: Iterable[Known]) -> list[Known]:
    first: dict[str, Known] = {}
    for opponent, row in known:
        first.setdefault(row.digest, (opponent, row))
    return list(first.values())
