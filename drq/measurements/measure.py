"""Fight and embed what the cache lacks."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Container, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from drq.battles.duels import EVEN, Duel, fight_duels
from drq.battles.engine import Engine
from drq.measurements.cache import Cache, Pair
from drq.measurements.embeddings.base import Embedding
from drq.plain import to_plain
from drq.progress import Progress, quiet
from redcode import Rules, Warrior

MACHINE = 1
"""Raise it when the machine's battles come to other results: what was cached before is then measured again."""
PLACEMENTS, SEED = 100, 0
"""Fixed, so that the champions of all runs meet the same opponents in the same placements, whoever asks."""


@dataclass(frozen=True)
class Conditions:
    """How every pair is fought: ``placements`` battles drawn from ``seed``, each until both are dead."""

    rules: Rules
    placements: int = PLACEMENTS
    seed: int = SEED

    @property
    def key(self) -> str:
        """Names them in the cache."""
        text = json.dumps([MACHINE, to_plain(self.rules), self.placements, self.seed], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def measure(
    pairs: Iterable[Pair],
    warriors: Mapping[str, Warrior],
    conditions: Conditions,
    cache: Cache,
    engine: Engine,
    progress: Progress = quiet,
) -> dict[Pair, Duel]:
    """How each of ``pairs`` (digests) fought, from the cache or fought now; a code against itself is ``EVEN``.

    ``warriors`` are by digest. The cache grows after every few seconds of fighting. Progress counts battles.
    """
    pairs = list(pairs)
    known = cache.duels(conditions.key)
    todo = _missing(pairs, known)
    pool = list(dict.fromkeys(digest for pair in todo for digest in pair))
    place = {digest: i for i, digest in enumerate(pool)}
    table = np.array([[place[one], place[other]] for one, other in todo], dtype=np.int64).reshape(-1, 2)
    fighters, done = [warriors[digest] for digest in pool], 0
    progress("Battles", 0, len(todo) * conditions.placements)
    for chunk in fight_duels(fighters, table, conditions.rules, conditions.placements, conditions.seed, engine):
        found = dict(zip(todo[done : done + len(chunk)], chunk, strict=True))
        cache.add_duels(conditions.key, found)
        known |= found
        done += len(chunk)
        progress("Battles", done * conditions.placements, len(todo) * conditions.placements)
    return {pair: known.get(pair, EVEN) for pair in pairs}


def against(
    warriors: Sequence[Warrior],
    opponents: Sequence[Warrior],
    conditions: Conditions,
    cache: Cache,
    engine: Engine,
    progress: Progress = quiet,
) -> list[list[Duel]]:
    """For each of ``warriors`` its duels with each of ``opponents``; see ``measure``."""
    by_digest = {warrior.digest: warrior for warrior in (*warriors, *opponents)}
    rows = [[(warrior.digest, opponent.digest) for opponent in opponents] for warrior in warriors]
    found = measure([pair for row in rows for pair in row], by_digest, conditions, cache, engine, progress)
    return [[found[pair] for pair in row] for row in rows]


def measure_runs(
    parts: Sequence[tuple[Path | None, Sequence[Pair]]],
    warriors: Mapping[str, Warrior],
    conditions: Conditions,
    engine: Engine,
    progress: Progress = quiet,
) -> list[dict[Pair, Duel]]:
    """``measure`` for the pairs of each run, None for warriors of no run; progress counts the battles of all."""
    todo = 0
    for run, pairs in parts:
        with closing(Cache(run)) as cache:
            todo += conditions.placements * len(_missing(pairs, cache.duels(conditions.key)))
    found, done = [], 0
    for run, pairs in parts:
        with closing(Cache(run)) as cache:
            fought = conditions.placements * len(_missing(pairs, cache.duels(conditions.key)))
            tell = partial(_tell, progress, done, todo)
            found.append(measure(pairs, warriors, conditions, cache, engine, tell))
        done += fought
    return found


def _tell(progress: Progress, before: int, todo: int, what: str, done: int, of: int) -> None:
    progress(what, before + done, todo)


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
