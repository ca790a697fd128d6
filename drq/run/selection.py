"""Which kind of proposal comes next, from which parents, and which code ranks above which: the loop's choices."""

from __future__ import annotations

import numpy as np

from drq.candidate import Kind
from drq.config import RunConfig, Selection
from drq.operators.base import Request
from drq.opponents.names import Opponent
from drq.randomness import Purpose, generator
from drq.run.archive import Archive

_PARENTS = {Kind.NEW: 0, Kind.MUTATE: 1, Kind.CROSSOVER: 2}


def draw_request(
    config: RunConfig, round: int, iteration: int, archive: Archive, opponents: tuple[Opponent, ...]
) -> Request:
    """The request of one iteration, made from ``archive`` as it stands.

    The first ``initial`` proposals are NEW, and later ones with probability ``new_share``. The others start from elites
    drawn by the archive (Kumar 2026 §4: 10 % new, 90 % mutations). While it has no parents to give, all are NEW.
    """
    rng = generator(config.seed, Purpose.SELECTION, round, iteration)
    kind = _draw_kind(config, iteration, rng) if archive.has_parents else Kind.NEW
    return Request(
        round=round,
        iteration=iteration,
        kind=kind,
        parents=tuple(archive.sample(rng) for _ in range(_PARENTS[kind])),
        opponents=opponents,
        rules=config.rules,
        rng=generator(config.seed, Purpose.PROPOSAL, round, iteration),
    )


def _draw_kind(config: RunConfig, iteration: int, rng: np.random.Generator) -> Kind:
    if iteration < config.initial or rng.random() < config.new_share:
        return Kind.NEW
    return Kind.CROSSOVER if rng.random() < config.crossover_share else Kind.MUTATE


def rank(config: RunConfig, round: int, digest: str, fitness: float) -> float:
    """What the archive and the crowning of a round compare: ``fitness``, or under ``selection=random`` a number.

    This number is drawn evenly from 0 to 1 for each code of a round, so that equal code ranks equally, as it has equal
    fitness. Then fitness decides nothing: an elite is any of the codes that came to its cell, each as likely as the
    others, and a champion any of the round's codes that may be crowned. Behaviour still decides the cell, and code that
    cannot fight still enters nowhere. This is the neutral shadow of Bedau, Snyder & Packard 1998.
    """
    if config.selection is Selection.FITNESS:
        return fitness
    return float(generator(config.seed, Purpose.RANK, round, int(digest[:16], 16)).random())
