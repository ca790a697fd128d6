"""The outer loop: each round evolves a champion against the champions before it (Kumar 2026 §3)."""

from __future__ import annotations

from collections.abc import Sequence

from drq.battles.seating import draw_seating
from drq.candidate import Candidate, Kind
from drq.opponents.names import Opponent
from drq.randomness import Purpose, generator
from drq.run.champions import write_champions
from drq.run.round import Round, Services
from drq.store.database import CHAMPIONS_FOLDER
from drq.store.run_store import OpponentRow
from redcode.language.assembler import assemble

Known = tuple[Opponent, OpponentRow]
"""A starter or past champion, and where it is on record."""


class RedQueen:
    """A run: rounds one after the other."""

    def __init__(self, starters: Sequence[Opponent], services: Services) -> None:
        positions: dict[str, int] = {}
        for position, starter in enumerate(starters):
            positions.setdefault(starter.warrior.digest, position)
        self._starters = [(starters[i], OpponentRow(digest, i, None)) for digest, i in positions.items()]
        self._champions: list[Known] = []
        self._services = services

    async def run(self) -> None:
        """Evolve all rounds that are not on record yet.

        A round in which no new warrior could fight has no champion. The record says so, and the next round fights the
        same opponents in other placements.
        """
        store, config = self._services.store, self._services.config
        write_champions(store, store.directory / CHAMPIONS_FOLDER)
        done = store.champions()
        for round in range(config.rounds):
            if round not in done:
                await self._run_round(round)
            elif (id := done[round]) is not None:
                source = store.candidate(id).source or ""
                self._crown(id, Opponent(assemble(source, config.rules), source))

    async def _run_round(self, round: int) -> None:
        config, store, observer = self._services.config, self._services.store, self._services.observer
        known, fought = [*self._starters, *self._champions], self._fought()
        rng = generator(config.seed, Purpose.PLACEMENTS, round)
        seating = draw_seating(rng, config.placements, 1 + len(fought), config.rules)
        store.begin_round(round, [row for _, row in fought], seating.entrants.tolist(), seating.starts.tolist())
        seeds = [_seed(round, i - len(known), *warrior) for i, warrior in enumerate(known) if config.archive.seeds]
        observer.round_started(round, len(seeds) + config.initial + config.iterations, len(fought))
        opponents = tuple(opponent for opponent, _ in fought)
        champion = await Round(round, opponents, seating, self._services).run(seeds, {row.digest for _, row in known})
        store.end_round(round, champion.id if champion else None)
        if champion:
            self._crown(champion.id, Opponent(champion.warrior, champion.source))
            write_champions(store, store.directory / CHAMPIONS_FOLDER)
        observer.round_ended(round, champion.fitness if champion else None)

    def _fought(self) -> list[Known]:
        """The starters and the last K champions. All have different code, because known code is never crowned."""
        history = self._services.config.history
        past = self._champions if history is None else self._champions[max(0, len(self._champions) - history) :]
        return [*self._starters, *past]

    def _crown(self, id: int, champion: Opponent) -> None:
        self._champions.append((champion, OpponentRow(champion.warrior.digest, None, id)))


def _seed(round: int, iteration: int, opponent: Opponent, row: OpponentRow) -> Candidate:
    """A starter or past champion as a candidate, even if it is too old to be fought."""
    parents = () if row.candidate_id is None else (row.candidate_id,)
    return Candidate(0, round, iteration, Kind.SEED, "", parents, opponent.source).assembled(opponent.warrior)
