"""Fight a tournament."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from drq.battles.engine import Engine
from drq.battles.engine import build as build_engine
from drq.battles.pairs import CHUNK_BATTLES, Progress, fight_pairs
from drq.battles.seating import draw_seating
from drq.errors import ConfigError
from drq.opponents.entries import Entrant, Entries, load_entries
from drq.randomness import Purpose, generator
from drq.tournament.settings import Mode, TournamentConfig
from drq.tournament.standings import (
    DuelStanding,
    MeleeStanding,
    PairRow,
    Standing,
    Tournament,
    melee_standing,
    pair_rows,
    standing,
)
from redcode.rules import MAX_WARRIORS, Rules


def play(config: TournamentConfig, progress: Progress = lambda done, of: None) -> Tournament:
    """Load, fight and count; raises ConfigError and StoreError before the first battle."""
    engine = build_engine(config.engine, config.threads)
    warriors = load_entries(config.warriors, config.rules, "warriors")
    opponents = load_entries(config.opponents, config.rules, "opponents") if config.opponents else Entries()
    everybody = warriors.joined(opponents)
    standings: Sequence[Standing]
    rows: list[PairRow] = []
    if config.mode is Mode.MELEE:
        standings = melee(everybody.entrants, config, engine, progress)
    else:
        pairs = _pairs(everybody, warriors, opponents, config.mode)
        standings, rows = _one_on_one(everybody, pairs, config, engine, progress)
    ranked = sorted(standings, key=lambda line: (-line.score, line.warrior))
    return Tournament(config.mode, config.placements, config.seed, ranked, rows, everybody.skipped, everybody.dropped)


def _pairs(everybody: Entries, warriors: Entries, opponents: Entries, mode: Mode) -> list[tuple[int, int]]:
    """Who meets whom, by place in ``everybody``, which begins with the warriors; raises ConfigError for nobody."""
    places = {entrant.warrior.digest: i for i, entrant in enumerate(everybody.entrants)}
    if mode is Mode.DUELS:
        others = [places[entrant.warrior.digest] for entrant in opponents.entrants]
        pairs = [(i, other) for i in range(len(warriors.entrants)) for other in others if i != other]
    else:
        pairs = list(combinations(range(len(places)), 2))
    if not pairs:
        raise ConfigError("expected two different warriors at least, got one code")
    return pairs


def _one_on_one(
    everybody: Entries, pairs: Sequence[tuple[int, int]], config: TournamentConfig, engine: Engine, progress: Progress
) -> tuple[list[DuelStanding], list[PairRow]]:
    pool = everybody.entrants
    fighters = [entrant.warrior for entrant in pool]
    table = np.array(pairs, dtype=np.int64)
    battles = fight_pairs(fighters, table, config.rules, config.placements, config.seed, engine, progress)
    if config.mode is Mode.ROUND_ROBIN:  # each battle is a row of both
        pairs = [*pairs, *((other, one) for one, other in pairs)]
        battles = battles.both_ways()
    met = [everybody.met.get(entrant.warrior.digest, set()) for entrant in pool]
    labels = [(pool[i].name, pool[j].name, pool[j].warrior.digest in met[i]) for i, j in pairs]
    rng = np.random.default_rng(config.seed)
    rows = pair_rows(labels, battles, rng)
    by_place: dict[int, list[PairRow]] = {}
    for (i, _), row in zip(pairs, rows, strict=True):
        by_place.setdefault(i, []).append(row)
    return [standing(pool[i].name, own, rng) for i, own in by_place.items()], rows


def melee(pool: Sequence[Entrant], config: TournamentConfig, engine: Engine, progress: Progress) -> list[MeleeStanding]:
    """Standings of all of ``pool`` in one core, in its order; raises ConfigError where they do not fit."""
    count, rules = len(pool), config.rules
    room = min(MAX_WARRIORS, rules.core_size // rules.min_distance)
    if not 2 <= count <= room:
        raise ConfigError(f"expected 2 to {room} warriors in a melee under these rules, got {count}")
    seating = draw_seating(generator(config.seed, Purpose.DUELS), config.placements, count, rules)
    shares = np.empty((config.placements, count))
    deaths = np.empty((config.placements, count), dtype=np.int64)
    fighters = [entrant.warrior for entrant in pool]
    step = max(1, CHUNK_BATTLES // count)
    progress(0, config.placements)
    for low in range(0, config.placements, step):
        part = slice(low, low + step)
        result = engine.fight(fighters, seating.entrants[part], seating.starts[part], rules, "all")
        places = seating.places[part]
        shares[part] = np.take_along_axis(result.alive_share, places, axis=1)
        deaths[part] = np.take_along_axis(result.death_cycle, places, axis=1)
        progress(min(low + step, config.placements), config.placements)
    survivors = _survivors(deaths, seating.places, rules)
    rng = np.random.default_rng(config.seed)
    return [melee_standing(pool[i].name, shares[:, i], survivors[:, i], count, rng) for i in range(count)]


def _survivors(deaths: NDArray[np.int64], places: NDArray[np.int64], rules: Rules) -> NDArray[np.int64]:
    """(battles, warriors) how many were left at the end, 0 for a warrior that was not: a hill stops at the last one.

    Where all died, the last to die had won by then; of those that died in one cycle, the last to move.
    """
    last = np.lexsort((places, deaths), axis=1)[:, -1:]
    lived = deaths == rules.max_cycles
    np.put_along_axis(lived, last, True, axis=1)
    return np.asarray(np.where(lived, lived.sum(axis=1, keepdims=True), 0))
