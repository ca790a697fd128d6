"""Which kind of proposal comes next, and from which parents: the loop's choice, not the operator's."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from drq.candidate import Kind
from drq.config import RunConfig
from drq.operators.base import Parent, Request
from drq.opponents.names import Opponent
from drq.randomness import Purpose, generator
from drq.run.archive import Archive
from drq.store import RunStore
from redcode.language.assembler import assemble


class Selector:
    """Draws a round's requests."""

    def __init__(self, round: int, opponents: tuple[Opponent, ...], config: RunConfig, store: RunStore) -> None:
        self._round = round
        self._opponents = opponents
        self._config = config
        self._store = store
        self._parent = lru_cache(maxsize=64)(self._load_parent)

    def request(self, iteration: int, archive: Archive) -> Request:
        """The request of one iteration, made from ``archive`` as it stands.

        The first ``initial`` ask for new warriors; after them ``new_share`` do, and the rest start from elites drawn
        uniformly over the filled cells (Kumar 2026 §4: 10 % new, 90 % mutations). An empty archive leaves only NEW.
        """
        config = self._config
        rng = generator(config.seed, Purpose.SELECTION, self._round, iteration)
        kind = self._kind(iteration, rng) if len(archive) else Kind.NEW
        count = {Kind.NEW: 0, Kind.MUTATE: 1, Kind.CROSSOVER: 2}[kind]
        return Request(
            round=self._round,
            iteration=iteration,
            kind=kind,
            parents=tuple(self._parent(archive.sample(rng).id) for _ in range(count)),
            opponents=self._opponents,
            rules=config.rules,
            rng=generator(config.seed, Purpose.PROPOSAL, self._round, iteration),
        )

    def _kind(self, iteration: int, rng: np.random.Generator) -> Kind:
        if iteration < self._config.initial or rng.random() < self._config.new_share:
            return Kind.NEW
        return Kind.CROSSOVER if rng.random() < self._config.crossover_share else Kind.MUTATE

    def _load_parent(self, id: int) -> Parent:
        source = self._store.candidate(id).source
        if source is None:
            raise AssertionError(f"candidate {id} is an elite without a text")
        evaluation = self._store.evaluation(id)
        warrior = assemble(source, self._config.rules)
        return Parent(id, source, warrior, evaluation.fitness, evaluation.opponent_shares)
