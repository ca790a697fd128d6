"""Which kind of proposal comes next, and from which parents: the loop's choice, not the operator's."""

from __future__ import annotations

import numpy as np

from drq.candidate import Kind
from drq.config import RunConfig
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
    drawn uniformly over the filled cells (Kumar 2026 §4: 10 % new, 90 % mutations). With an empty archive all are NEW.
    """
    rng = generator(config.seed, Purpose.SELECTION, round, iteration)
    kind = _draw_kind(config, iteration, rng) if len(archive) else Kind.NEW
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
