"""One round: MAP-Elites with up to L proposals under way (Kumar 2026 §3-4).

Proposal i is made from the archive exactly as it stood after result i - L was inserted, and results are inserted in the
order of i. So a round's rows depend on its seed and its operator's answers, not on which answer comes first. A resumed
run takes the same steps, and reads recorded results from the store instead of computing them again.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from drq.battles.engine import Engine
from drq.battles.evaluate import Arena, Evaluator, Verdict, always
from drq.candidate import Candidate, Elite, Evaluation, Insertion, InsertionStatus, Kind
from drq.config import RunConfig
from drq.errors import BudgetSpent, StoreError
from drq.operators.base import Operator, Request
from drq.opponents.names import Opponent
from drq.randomness import Purpose, generator
from drq.run.archive import empty_archive
from drq.run.finals import Finalists
from drq.run.observer import Inserted, Observer
from drq.run.racing import Hurdle
from drq.run.selection import draw_request, rank
from drq.stop import Interrupted, StopSignal
from drq.store import RunStore
from redcode.errors import RedcodeError
from redcode.language.assembler import assemble

MAX_ERROR = 2000
"""Characters of an assembler's message that are kept."""
LAND_WITHIN_S = 15.0
"""How long an error that ends the run waits for proposals under way, because their replies may be paid for."""
LOOK_EVERY_S = 1.0
"""Longest time without a call to the observer while the round waits for a result."""


@dataclass(frozen=True)
class Services:
    """What a run works with."""

    config: RunConfig
    operator: Operator
    engine: Engine
    store: RunStore
    observer: Observer = field(default_factory=Observer)
    stop: StopSignal = field(default_factory=StopSignal)
    arrivals: Callable[[int], Sequence[str]] = lambda round: ()
    """The texts of other runs' champions that a round begins with."""
    send: Callable[[str], None] = lambda text: None
    """Gives a champion's text to other runs."""


class Round:
    """The round in progress: its archive, its proposals under way, the code it has fought."""

    def __init__(self, round: int, opponents: tuple[Opponent, ...], arena: Arena, services: Services) -> None:
        self._round = round
        self._opponents = opponents
        self._services = services
        self._config = services.config
        self._store = services.store
        self.archive = empty_archive(services.config.archive)
        racing = services.config.racing
        looks = racing.looks(services.config.placements) if racing else ()
        self._evaluator = Evaluator(arena, services.engine, looks)
        self._next_id = services.store.last_id() + 1
        self._fought: dict[str, int] = {}
        self._attempts: list[Candidate] = []
        self._under_way: deque[Candidate | asyncio.Task[Candidate]] = deque()
        self._landing = False
        self._barred: Collection[str] = ()
        self._finalists = Finalists(self._config.crown.among if self._config.crown else 1)

    async def run(self, seeds: Sequence[Candidate], barred: Collection[str]) -> tuple[Elite, ...]:
        """Insert the seeds, evolve, and return the finalists: the highest candidates whose digest is not ``barred``.

        A finalist need not be in the archive: a higher one, or an opponent, may hold its cell.

        Raises Interrupted, BudgetSpent, and what the operator and the store raise; all that was inserted is recorded.
        """
        self._barred = barred
        if self._services.stop.requested:
            raise Interrupted
        for seed in await asyncio.gather(*map(self._recorded_or_fought, seeds)):
            self._insert(seed)
        await self._evolve()
        return self._finalists.elites

    async def _recorded_or_fought(self, seed: Candidate) -> Candidate:
        return self._store.find(self._round, seed.iteration) or await self._fight(seed)

    async def _evolve(self) -> None:
        lag, total = self._services.operator.in_flight, self._config.initial + self._config.iterations
        try:
            for iteration in range(min(lag, total)):
                self._launch(iteration)
            for launched in range(lag, total + lag):
                if not self._under_way:
                    raise Interrupted
                self._insert(await self._next())
                if launched < total:
                    self._launch(launched)
                await asyncio.sleep(0)
        except (BudgetSpent, Interrupted):
            await self._land(within_s=None)
            raise
        except Exception:  # of any class: replies under way may be paid for
            self._services.stop.request()
            await self._land(LAND_WITHIN_S)
            raise
        finally:
            for task in self._tasks():
                task.cancel()
            await asyncio.gather(*self._tasks(), *self._evaluator.cancel(), return_exceptions=True)

    async def _next(self) -> Candidate:
        """The next result, in the order of the iterations.

        An error that ends the run is raised at once, even if a later proposal raised it. A spent budget and a stop are
        raised in their turn, so that all earlier results are inserted.
        """
        first = self._under_way[0]
        self._raise_what_ends_the_run()
        while isinstance(first, asyncio.Task) and not first.done():
            running = [task for task in self._tasks() if not task.done()]
            await asyncio.wait(running, timeout=LOOK_EVERY_S, return_when=asyncio.FIRST_COMPLETED)
            self._services.observer.waiting()
            self._raise_what_ends_the_run()
        result = first.result() if isinstance(first, asyncio.Task) else first
        self._under_way.popleft()
        return result

    def _raise_what_ends_the_run(self) -> None:
        for task in self._tasks():
            error = task.exception() if task.done() else None
            if error is not None and not isinstance(error, BudgetSpent | Interrupted):
                raise error

    async def _land(self, within_s: float | None) -> None:
        """Wait for the proposals under way, so that their replies are recorded; they are not inserted."""
        self._landing = True
        if tasks := self._tasks():
            await asyncio.wait(tasks, timeout=within_s)

    def _tasks(self) -> list[asyncio.Task[Candidate]]:
        return [item for item in self._under_way if isinstance(item, asyncio.Task)]

    def _launch(self, iteration: int) -> None:
        """Begin one iteration with the archive as it stands, unless it is on record or the run is to stop."""
        if recorded := self._store.find(self._round, iteration):
            self._under_way.append(recorded)
        elif not self._services.stop.requested:
            request = replace(
                draw_request(self._config, self._round, iteration, self.archive, self._opponents),
                attempts=tuple(self._attempts),
                stop=self._services.stop,
                opponent_shares=self._evaluator.opponent_shares,
            )
            self._under_way.append(asyncio.create_task(self._propose(request, self._verdict(iteration))))

    def _verdict(self, iteration: int) -> Verdict:
        """Whether a candidate that is launched now fights on."""
        if not (racing := self._config.racing):
            return always
        archive = self.archive.snapshot()

        def rival(evaluation: Evaluation) -> Elite | None:
            return archive.rival(evaluation, self._rng_of_insertion(iteration))

        return Hurdle(rival, self._finalists.last, racing.error)

    def _rng_of_insertion(self, iteration: int) -> np.random.Generator:
        place = iteration % 2**32  # seeds have negative ones
        return generator(self._config.seed, Purpose.INSERTION, self._round, place)

    async def _propose(self, request: Request, verdict: Verdict) -> Candidate:
        proposal = await self._services.operator.propose(request)
        if self._landing:
            raise Interrupted
        candidate = Candidate(
            id=0,
            round=self._round,
            iteration=request.iteration,
            kind=request.kind,
            operator=proposal.operator,
            parents=tuple(parent.id for parent in request.parents),
            source=_storable(proposal.source),
            error=_storable(proposal.error),
        )
        return await self._fight(candidate.assembled(proposal.warrior) if proposal.warrior else candidate, verdict)

    async def _fight(self, candidate: Candidate, verdict: Verdict = always) -> Candidate:
        """Assemble and evaluate. What cannot fight comes back with its error, known code without evaluation."""
        if candidate.warrior is None and candidate.source is not None:
            try:
                candidate = candidate.assembled(assemble(candidate.source, self._config.rules))
            except RedcodeError as error:
                return replace(candidate, error=str(error)[:MAX_ERROR])
        if candidate.warrior is None or candidate.digest in self._fought:
            return candidate
        return replace(candidate, evaluation=await self._evaluator.evaluate(candidate.warrior, verdict))

    def _insert(self, candidate: Candidate) -> None:
        """Offer the next result to the archive, and write it unless it comes from the record."""
        on_record = candidate.id > 0
        twin = None if on_record else self._fought.get(candidate.digest or "")
        evaluation = candidate.evaluation if twin is None else self._store.candidate(twin).evaluation
        insertion = self._insertion(candidate, evaluation, twin) if evaluation else None
        if not on_record:
            candidate = replace(
                candidate, id=self._next_id, duplicate_of=twin, evaluation=evaluation, insertion=insertion
            )
            self._next_id += 1
            self._store.write(candidate)
        elif insertion != candidate.insertion:
            where = f"round {self._round}, iteration {candidate.iteration}"
            raise StoreError(f"{self._store.path}: expected {candidate.insertion} at {where}, got {insertion}")
        if candidate.kind is not Kind.SEED:
            self._attempts.append(candidate)
        if evaluation and insertion and candidate.digest:
            self._fought.setdefault(candidate.digest, candidate.id)
            self._evaluator.forget(candidate.digest)
            self._keep(candidate, evaluation, insertion)
        self._services.observer.inserted(
            Inserted(
                round=self._round,
                iteration=candidate.iteration,
                best=self._finalists.best,
                coverage=self.archive.coverage,
                battles=self._battles(evaluation) if evaluation and twin is None and not on_record else 0,
                on_record=on_record,
            )
        )

    def _battles(self, evaluation: Evaluation) -> int:
        """How many were fought for it."""
        return self._evaluator.battles * len(evaluation.placement_fitness) // self._config.placements

    def _is_whole(self, evaluation: Evaluation) -> bool:
        """Whether it is of all placements; only then it compares with others."""
        return len(evaluation.placement_fitness) == self._config.placements

    def _rank(self, candidate: Candidate, evaluation: Evaluation) -> float:
        return rank(self._config, self._round, candidate.digest or "", evaluation.fitness)

    def _insertion(self, candidate: Candidate, evaluation: Evaluation, twin: int | None) -> Insertion:
        """Where the candidate competes, and with what success; known code is not added again, nor what was given up."""
        cell = self.archive.cell(evaluation, self._rng_of_insertion(candidate.iteration))
        is_known = twin is not None or candidate.duplicate_of is not None
        rank, is_out = self._rank(candidate, evaluation), is_known or not self._is_whole(evaluation)
        return Insertion(cell, InsertionStatus.NOT_ADDED if is_out else self.archive.status(rank, cell))

    def _keep(self, candidate: Candidate, evaluation: Evaluation, insertion: Insertion) -> None:
        """Add the candidate to the archive, and to the finalists, if it ranks high enough for either."""
        own, may_win = self._rank(candidate, evaluation), candidate.digest not in self._barred
        is_finalist = may_win and self._is_whole(evaluation) and self._finalists.takes(own, evaluation)
        is_added = insertion.status is not InsertionStatus.NOT_ADDED
        if candidate.source is None or not (is_finalist or is_added):
            return
        warrior = candidate.warrior or assemble(candidate.source, self._config.rules)
        elite = Elite(candidate.id, candidate.source, warrior, evaluation, own)
        if is_added:
            self.archive.add(elite, insertion.cell)
        if is_finalist:
            self._finalists.add(elite)


def _storable(text: str | None) -> str | None:
    """``text`` without lone surrogates, which JSON can hold and UTF-8 cannot."""
    return None if text is None else text.encode("utf-8", "replace").decode()
