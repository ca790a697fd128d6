"""The outer loop: each round evolves a champion against the champions before it (Kumar 2026 §3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from drq.battles.evaluate import Arena
from drq.battles.seating import draw_seating
from drq.candidate import Kind
from drq.opponents.names import Opponent
from drq.randomness import Purpose, generator
from drq.run.champions import write_champions
from drq.run.round import Draft, Round, Services
from drq.store.database import CHAMPIONS_FOLDER
from drq.store.run_store import OpponentRow
from redcode.language.assembler import assemble


@dataclass(frozen=True)
class Rival:
    """A starter or a past champion."""

    opponent: Opponent
    starter: int | None
    """Its position among the starters, None for a champion."""
    candidate_id: int | None
    """The champion's id, None for a starter."""

    @property
    def digest(self) -> str:
        """The digest of its code."""
        return self.opponent.warrior.digest


class RedQueen:
    """A run: rounds one after the other."""

    def __init__(self, starters: Sequence[Opponent], services: Services) -> None:
        unique = {starter.warrior.digest: Rival(starter, i, None) for i, starter in reversed([*enumerate(starters)])}
        self._starters = sorted(unique.values(), key=lambda rival: rival.starter or 0)
        self._champions: list[Rival] = []
        self._services = services

    async def run(self) -> None:
        """Evolve all rounds that are not on record yet.

        A round in which nothing new could fight has no champion: that is recorded, and the next round fights the same
        opponents in other placements.
        """
        store = self._services.store
        write_champions(store, store.directory / CHAMPIONS_FOLDER)
        done = store.champions()
        for round in range(self._services.config.rounds):
            if round not in done:
                await self._run_round(round)
            elif (id := done[round]) is not None:
                self._champions.append(self._champion(id))

    async def _run_round(self, round: int) -> None:
        config, store, observer = self._services.config, self._services.store, self._services.observer
        rivals = self._opponents()
        rng = generator(config.seed, Purpose.PLACEMENTS, round)
        seating = draw_seating(rng, config.placements, 1 + len(rivals), config.rules)
        rows = [OpponentRow(rival.digest, rival.starter, rival.candidate_id) for rival in rivals]
        store.begin_round(round, rows, seating.entrants.tolist(), seating.starts.tolist())
        opponents = tuple(rival.opponent for rival in rivals)
        arena = Arena(tuple(opponent.warrior for opponent in opponents), seating, config.rules)
        seeds = self._seeds() if config.archive.seeds else []
        observer.round_started(round, len(seeds) + config.initial + config.iterations, len(rivals))
        barred = {rival.digest for rival in (*self._starters, *self._champions)}
        elite = await Round(round, arena, opponents, self._services).run(seeds, barred)
        store.end_round(round, elite.id if elite else None)
        if elite:
            self._champions.append(self._champion(elite.id))
            write_champions(store, store.directory / CHAMPIONS_FOLDER)
        observer.round_ended(round, elite.fitness if elite else None)

    def _opponents(self) -> list[Rival]:
        """The starters and the last K champions. None has the code of another: what is known is never crowned."""
        history = self._services.config.history
        past = self._champions if history is None else self._champions[max(0, len(self._champions) - history) :]
        return [*self._starters, *past]

    def _seeds(self) -> list[Draft]:
        """Every starter and every past champion, also those too old to be fought."""
        rivals = [*self._starters, *self._champions]
        return [
            Draft(
                iteration=i - len(rivals),
                kind=Kind.SEED,
                operator="",
                parents=() if rival.candidate_id is None else (rival.candidate_id,),
                source=rival.opponent.source,
                warrior=rival.opponent.warrior,
            )
            for i, rival in enumerate(rivals)
        ]

    def _champion(self, id: int) -> Rival:
        source = self._services.store.candidate(id).source
        assert source is not None, f"champion {id} has no text"
        return Rival(Opponent(assemble(source, self._services.config.rules), source), None, id)
