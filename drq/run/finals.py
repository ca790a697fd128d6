"""From a round's fittest candidates to its champion.

A round measures hundreds of candidates in few placements, so the fittest of them was also lucky: elsewhere it does
worse, and it is often not the best. Finals choose in placements of their own by sequential halving (Karnin 2013): each
heat fights as many battles as the one before, the better half goes on, and what counts is the mean over all heats so
far. In the last heat the champion is alone, so its fitness there is a measurement on which nobody was selected.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from drq.battles.engine import Engine
from drq.battles.evaluate import Arena, draw_arena, evaluate
from drq.candidate import Elite, Evaluation, Final
from drq.config import RunConfig
from drq.randomness import Purpose, generator


class Finalists:
    """The highest candidates of a round so far, at most ``room`` of them; of those that rank equally the first."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._elites: list[Elite] = []

    @property
    def elites(self) -> tuple[Elite, ...]:
        """The highest first."""
        return tuple(self._elites)

    @property
    def best(self) -> float | None:
        """Fitness of the highest; None without any."""
        return self._elites[0].fitness if self._elites else None

    @property
    def last(self) -> Elite | None:
        """Who leaves next; None while there is room."""
        return self._elites[-1] if len(self._elites) == self._room else None

    def takes(self, rank: float, evaluation: Evaluation) -> bool:
        """Whether ``add`` keeps an elite of that rank which fought so.

        One that fared as an equal finalist did in every placement is left out: its code differs only where it is idle.
        """
        if self.last and rank <= self.last.rank:
            return False
        fought = (rank, evaluation.placement_fitness)
        return all((elite.rank, elite.evaluation.placement_fitness) != fought for elite in self._elites)

    def add(self, elite: Elite) -> None:
        """Keep it, and drop the lowest if there is no room."""
        self._elites.append(elite)
        self._elites.sort(key=lambda one: -one.rank)  # stable: equal ones stay in their order
        del self._elites[self._room :]


async def fight_finals(
    finalists: Sequence[Elite], round: int, arena: Arena, config: RunConfig, engine: Engine
) -> list[Final]:
    """All heats of a round that has finalists, in order; the last row is the champion's.

    The rows depend on the configuration, the finalists and the arena's opponents alone, so finals that a kill has cut
    off come out the same when they are fought again. Needs ``config.crown``; raises what the engine raises.
    """
    assert config.crown is not None
    rows: list[Final] = []
    living, heat = list(finalists), 0
    while True:
        rng = generator(config.seed, Purpose.FINALS, round, heat)
        drawn = draw_arena(rng, config.crown.placements // len(living), arena.opponents, config)
        arena = replace(arena, seating=drawn.seating)
        evaluations = await asyncio.to_thread(evaluate, [elite.warrior for elite in living], arena, engine)
        for elite, evaluation in zip(living, evaluations, strict=True):
            rows.append(Final(heat, elite.id, evaluation.placement_fitness))
        if len(living) == 1:
            return rows
        living.sort(key=lambda elite: -_mean(rows, elite.id))
        del living[(len(living) + 1) // 2 :]
        heat += 1


def _mean(rows: Sequence[Final], id: int) -> float:
    """Mean alive share of a finalist over all heats so far."""
    shares = [share for row in rows if row.candidate_id == id for share in row.placement_fitness]
    return sum(shares) / len(shares)
