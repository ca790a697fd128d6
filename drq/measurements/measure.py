"""Fight and embed what the cache lacks."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from drq.battles.engine import Engine
from drq.battles.pairs import CHUNK_BATTLES, fight_pairs
from drq.measurements.cache import Cache, Pair, Score
from drq.measurements.embeddings.base import Embedding
from drq.opponents.held_out import HELD_OUT_SEED
from drq.plain import to_plain
from redcode import Rules, Warrior

MACHINE = 1
"""Raise it when the machine's battles come to other results: what was cached before is then measured again."""
Progress = Callable[[int], None]
"""Told how many battles have been fought since it was last told."""


@dataclass(frozen=True)
class Conditions:
    """Under which a pair is fought; placements are drawn from ``seed``, the same for every pair."""

    rules: Rules
    placements: int
    seed: int = HELD_OUT_SEED

    @property
    def key(self) -> str:
        """Names them in the cache."""
        text = json.dumps([MACHINE, to_plain(self.rules), self.placements, self.seed], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def missing(pairs: Iterable[Pair], conditions: Conditions, cache: Cache) -> list[Pair]:
    """Those pairs that are still to be fought, each once; a pair of one code is none."""
    return _missing(pairs, cache.scores(conditions.key))


def scores(
    pairs: Sequence[Pair],
    warriors: dict[str, Warrior],
    conditions: Conditions,
    cache: Cache,
    engine: Engine,
    progress: Progress = lambda battles: None,
) -> dict[Pair, Score]:
    """How each of ``pairs`` (digests) fought, from the cache or fought now, one on one.

    ``warriors`` are by digest. The cache is added to after every few seconds of fighting.
    """
    known = cache.scores(conditions.key)
    todo = _missing(pairs, known)
    step = max(1, CHUNK_BATTLES // conditions.placements)
    for low in range(0, len(todo), step):
        part = todo[low : low + step]
        digests = sorted({digest for pair in part for digest in pair})
        place = {digest: i for i, digest in enumerate(digests)}
        table = np.array([[place[one], place[other]] for one, other in part], dtype=np.int64)
        pool = [warriors[digest] for digest in digests]
        fought = fight_pairs(pool, table, conditions.rules, conditions.placements, conditions.seed, engine)
        numbers = np.column_stack([fought.fitness, _spreads(fought.shares)])
        found = {pair: Score(*row) for pair, row in zip(part, numbers.tolist(), strict=True)}
        cache.add_scores(conditions.key, found)
        known |= found
        progress(len(part) * conditions.placements)
    return {pair: known[pair] for pair in pairs if pair[0] != pair[1]}


def _spreads(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """(pairs,) standard deviation over placements of the difference of (pairs, placements, 2) ``shares``."""
    differences = shares[..., 0] - shares[..., 1]
    ddof = min(1, differences.shape[1] - 1)
    return np.asarray(differences.std(axis=1, ddof=ddof))


def _missing(pairs: Iterable[Pair], known: Container[Pair]) -> list[Pair]:
    return [pair for pair in dict.fromkeys(pairs) if pair not in known and pair[0] != pair[1]]


def vectors(warriors: Sequence[Warrior], embedding: Embedding, rules: Rules, cache: Cache) -> NDArray[np.float64]:
    """(warriors, dimensions) vectors of unit length, from the cache or made now; raises what the embedding raises."""
    known = cache.embeddings(embedding.name)
    todo = list({warrior.digest: warrior for warrior in warriors if warrior.digest not in known}.values())
    if todo:
        vectors = embedding.embed(todo, rules)
        made = {warrior.digest: vector for warrior, vector in zip(todo, vectors, strict=True)}
        cache.add_embeddings(embedding.name, made)
        known |= made
    return np.array([known[warrior.digest] for warrior in warriors])
