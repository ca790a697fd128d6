"""The outer loop: each round evolves a champion against the champions before it (Kumar 2026 §3).

The opponents of a round, what is kept of the archive, and the objective are settings. So the same loop is also a
population that fights itself and a hall of fame.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace

from drq.battles.evaluate import draw_arena
from drq.candidate import Candidate, Elite, Final, Kind
from drq.config import Begin
from drq.opponents.names import Opponent
from drq.randomness import Purpose, generator
from drq.run.branches import before, beginning, knows
from drq.run.champions import write_champion, write_champions
from drq.run.company import Known, choose, fought, known, weights
from drq.run.finals import fight_finals
from drq.run.round import Round, Services
from drq.store.database import CHAMPIONS_FOLDER
from drq.store.reader import OpponentRow
from redcode.language.assembler import assemble


class RedQueen:
    """A run: rounds one after the other."""

    def __init__(self, starters: Sequence[Opponent], services: Services) -> None:
        positions: dict[str, int] = {}
        for position, starter in enumerate(starters):
            positions.setdefault(starter.warrior.digest, position)
        self._starters = [(starters[i], OpponentRow(digest, i, None)) for digest, i in positions.items()]
        self._champions: dict[int, Known] = {}
        self._kept: dict[int, list[Known]] = {}
        self._arrived: dict[int, list[str]] = {}
        self._barred = set(positions)
        self._services = services

    async def run(self) -> None:
        """Evolve all rounds that are not on record yet, or as many as begin within ``minutes``.

        A round in which no new warrior could fight has no champion. The record says so, and the next round fights the
        same opponents in other placements.
        """
        store, config, began = self._services.store, self._services.config, time.monotonic()
        write_champions(store, store.directory / CHAMPIONS_FOLDER)
        done = store.champions()
        self._champions = {round: self._recorded(id) for round, id in done.items() if id is not None}
        self._barred.update(row.digest for _, row in self._champions.values())
        self._arrived = store.arrivals()
        for texts in self._arrived.values():
            self._arrivals(texts)
        for round in range(len(done), config.rounds):
            if config.minutes is not None and time.monotonic() - began >= 60 * config.minutes * (1 - config.polish):
                return
            await self._run_round(round)

    async def _run_round(self, round: int) -> None:
        config, store, observer = self._services.config, self._services.store, self._services.observer
        kept = self._kept_before(round)
        champions = [one for earlier, one in self._champions.items() if knows(round, earlier, config.branch)]
        known_ones = (self._starters, champions, kept, round, config, self._services.engine)
        company = await asyncio.to_thread(choose, *known_ones)
        met = fought(company, round, config)
        opponents = tuple(opponent for opponent, _ in met)
        warriors = tuple(opponent.warrior for opponent in opponents)
        arena = draw_arena(generator(config.seed, Purpose.PLACEMENTS, round), config.placements, warriors, config)
        seating = arena.seating
        texts = self._arrived.get(round, []) if store.has_begun(round) else self._services.arrivals(round)
        rows = [row for _, row in met]
        store.begin_round(round, rows, seating.entrants.tolist(), seating.starts.tolist(), texts)
        arrivals = self._arrivals(texts)
        seeds = self._seeds(round, kept, company, arrivals)
        if config.objective.weighed:
            begin = [seed.warrior for seed in seeds if seed.warrior]
            weighed = await asyncio.to_thread(weights, warriors, begin, round, config, self._services.engine)
            arena = replace(arena, weights=weighed)
        observer.round_started(round, len(seeds) + config.initial + config.iterations, len(met))
        evolved = Round(round, opponents, arena, self._services)
        finalists = await evolved.run(seeds, self._barred)
        finals: list[Final] = []
        if config.crown and finalists:
            finals = await fight_finals(finalists, round, arena, config, self._services.engine)
        champion = _champion(finalists, finals)
        store.end_round(round, champion.id if champion else None, finals)
        fitness = None
        if champion:
            fitness = finals[-1].fitness if finals else champion.fitness
            self._champions[round] = known(champion)
            self._barred.add(champion.warrior.digest)
            self._services.send(champion.source)
            write_champion(store, store.directory / CHAMPIONS_FOLDER, round, champion.id, fitness)
        if config.archive.kept:
            self._kept = {round: [known(elite) for elite in evolved.archive.elites]}
        observer.round_ended(round, fitness)

    def _kept_before(self, round: int) -> list[Known]:
        """The elites that a round begins with, where archives are kept; what is not in memory is on record."""
        config, store = self._services.config, self._services.store
        rounds = before(round, config.branch) if config.archive.kept else ()
        for one in rounds:
            if one not in self._kept:
                self._kept[one] = [self._recorded(id) for id in store.archive(one)]
        return [elite for one in rounds for elite in self._kept[one]]

    def _seeds(
        self, round: int, kept: Sequence[Known], company: Sequence[Known], arrivals: Sequence[Known]
    ) -> list[Candidate]:
        """What is inserted first: the kept elites, or else what an archive begins with, and after them the arrivals."""
        config = self._services.config
        first = beginning(round, config.branch)
        begin = {
            Begin.CHAMPIONS: [*self._starters, *(one for earlier, one in self._champions.items() if earlier >= first)],
            Begin.COMPANY: company,
            Begin.EMPTY: [],
        }
        seeds = [*(kept or begin[config.archive.begin]), *arrivals]
        return [_seed(round, i - len(seeds), *warrior) for i, warrior in enumerate(seeds)]

    def _arrivals(self, texts: Sequence[str]) -> list[Known]:
        """The champions of other runs, which this run will never crown."""
        warriors = [assemble(text, self._services.config.rules) for text in texts]
        self._barred.update(warrior.digest for warrior in warriors)
        rows = [OpponentRow(warrior.digest, None, None) for warrior in warriors]
        return [(Opponent(warrior, text), row) for warrior, text, row in zip(warriors, texts, rows, strict=True)]

    def _recorded(self, id: int) -> Known:
        source = self._services.store.candidate(id).source or ""
        warrior = assemble(source, self._services.config.rules)
        return Opponent(warrior, source), OpponentRow(warrior.digest, None, id)


def _champion(finalists: Sequence[Elite], finals: Sequence[Final]) -> Elite | None:
    """Who is alone in the last heat; the fittest where no finals are fought; None without a finalist."""
    if not finals:
        return finalists[0] if finalists else None
    return next(elite for elite in finalists if elite.id == finals[-1].candidate_id)


def _seed(round: int, iteration: int, opponent: Opponent, row: OpponentRow) -> Candidate:
    parents = () if row.candidate_id is None else (row.candidate_id,)
    return Candidate(0, round, iteration, Kind.SEED, "", parents, opponent.source).assembled(opponent.warrior)
