"""Fight a tournament."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from drq.battles.duels import CHUNK_BATTLES, Duel
from drq.battles.engine import Engine
from drq.battles.engine import build as build_engine
from drq.battles.seating import draw_seating
from drq.errors import ConfigError
from drq.measurements import Conditions, measure_runs
from drq.measurements.cache import Pair
from drq.opponents.entries import Entries, NamedWarrior, load_entries
from drq.progress import Progress, quiet
from drq.randomness import Purpose, generator
from drq.tournament.settings import Format, TournamentConfig
from drq.tournament.standings import (
    DuelStanding,
    MeleeStanding,
    PairRow,
    Standing,
    Tournament,
    melee_standing,
    pair_row,
    standing,
)
from redcode.rules import MAX_WARRIORS, Rules

Meeting = tuple[NamedWarrior, NamedWarrior]
"""A warrior and its opponent."""


def play(config: TournamentConfig, progress: Progress = quiet) -> Tournament:
    """Load, fight and count; raises ConfigError and StoreError before the first battle."""
    engine = build_engine(config.engine, config.threads)
    warriors = load_entries(config.warriors, config.rules, "warriors")
    opponents = load_entries(config.opponents, config.rules, "opponents") if config.opponents else Entries()
    everyone = warriors.joined(opponents)
    standings: Sequence[Standing]
    rows: list[PairRow] = []
    if config.format is Format.MELEE:
        standings = melee(everyone.warriors, config, engine, progress)
    else:
        meetings = _meetings(everyone, warriors, opponents, config.format)
        standings, rows = _one_on_one(everyone, meetings, config, engine, progress)
    ranked = sorted(standings, key=lambda line: (-line.score, line.warrior))
    return Tournament(config.format, config.placements, config.seed, ranked, rows, everyone.skipped, everyone.dropped)


def _meetings(everyone: Entries, warriors: Entries, opponents: Entries, format: Format) -> list[Meeting]:
    """Who meets whom; raises ConfigError where there is only one code. ``everyone`` begins with the warriors."""
    if format is Format.DUELS:
        named = {one.warrior.digest: one for one in everyone.warriors}
        others = [named[one.warrior.digest] for one in opponents.warriors]
        firsts = everyone.warriors[: len(warriors.warriors)]
        meetings = [(one, other) for one in firsts for other in others if one is not other]
    else:
        meetings = list(combinations(everyone.warriors, 2))
    if not meetings:
        raise ConfigError("expected two different warriors at least, got one code")
    return meetings


def _one_on_one(
    everyone: Entries, meetings: Sequence[Meeting], config: TournamentConfig, engine: Engine, progress: Progress
) -> tuple[list[DuelStanding], list[PairRow]]:
    duels = _duels(meetings, config, engine, progress)
    if config.format is Format.ROUND_ROBIN:  # each battle is a row of both
        meetings = [*meetings, *((other, one) for one, other in meetings)]
        duels = [*duels, *(duel.reversed for duel in duels)]
    rows, by_warrior = [], dict[str, list[PairRow]]()
    for (one, other), duel in zip(meetings, duels, strict=True):
        met = other.warrior.digest in everyone.met.get(one.warrior.digest, set())
        rows.append(pair_row(one.name, other.name, duel, config.placements, met))
        by_warrior.setdefault(one.name, []).append(rows[-1])
    return [standing(name, own) for name, own in by_warrior.items()], rows


def _duels(meetings: Sequence[Meeting], config: TournamentConfig, engine: Engine, progress: Progress) -> list[Duel]:
    """The duels of ``meetings``: those of a run's champion come from its cache, or are kept there."""
    conditions = Conditions(config.rules, config.placements, config.seed)
    pairs = [(one.warrior.digest, other.warrior.digest) for one, other in meetings]
    by_run: dict[Path | None, list[Pair]] = {}
    for (one, _), pair in zip(meetings, pairs, strict=True):
        by_run.setdefault(one.run, []).append(pair)
    warriors = {one.warrior.digest: one.warrior for meeting in meetings for one in meeting}
    found = dict(ChainMap(*measure_runs(list(by_run.items()), warriors, conditions, engine, progress)))
    return [found[pair] for pair in pairs]


def melee(
    pool: Sequence[NamedWarrior], config: TournamentConfig, engine: Engine, progress: Progress
) -> list[MeleeStanding]:
    """Standings of all of ``pool`` in one core, in its order; raises ConfigError where they do not fit."""
    count, rules = len(pool), config.rules
    room = min(MAX_WARRIORS, rules.core_size // rules.min_distance)
    if not 2 <= count <= room:
        raise ConfigError(f"expected 2 to {room} warriors in a melee under these rules, got {count}")
    seating = draw_seating(generator(config.seed, Purpose.DUELS), config.placements, count, rules)
    starts, order = seating.starts_by_warrior, seating.entrants
    columns = np.tile(np.arange(count), (config.placements, 1))
    shares, deaths = np.empty(columns.shape), np.empty_like(columns)
    fighters = [one.warrior for one in pool]
    step = max(1, CHUNK_BATTLES // count)
    progress("Battles", 0, config.placements)
    for low in range(0, config.placements, step):
        part = slice(low, low + step)
        result = engine.fight(fighters, columns[part], starts[part], rules, "all", order[part])
        shares[part], deaths[part] = result.alive_share, result.death_cycle
        progress("Battles", min(low + step, config.placements), config.placements)
    survivors = _survivors(deaths, seating.places, rules)
    return [melee_standing(pool[i].name, shares[:, i], survivors[:, i], count) for i in range(count)]


def _survivors(deaths: NDArray[np.int64], places: NDArray[np.int64], rules: Rules) -> NDArray[np.int64]:
    """(battles, warriors) how many were left at the end, 0 for a warrior that was not: a hill stops at the last one.

    Where all died, the last to die had won by then; of those that died in one cycle, the last to move.
    """
    last = np.lexsort((places, deaths), axis=1)[:, -1:]
    lived = deaths == rules.max_cycles
    np.put_along_axis(lived, last, True, axis=1)
    return np.asarray(np.where(lived, lived.sum(axis=1, keepdims=True), 0))
