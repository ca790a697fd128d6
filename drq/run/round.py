"""One round: MAP-Elites with up to L proposals under way (Kumar 2026 §3-4).

Proposal i is made from the archive exactly as it stood after result i - L was inserted, and results are inserted in the
order of i, so a round's rows follow from its seed and its operator's answers, whichever answer comes home first. What
the store already holds of a round is used instead of being computed: to resume is to walk the same path again.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from drq.battles.descriptors import cell_of
from drq.battles.engine import Engine
from drq.battles.evaluate import Arena, Evaluator
from drq.candidate import Candidate, Elite, Evaluation, Insertion, Kind, Record
from drq.config import RunConfig
from drq.errors import BudgetSpent, StoreError
from drq.operators.base import Operator, Request
from drq.opponents.names import Opponent
from drq.run.archive import Archive
from drq.run.observer import Inserted, Observer
from drq.run.selection import Selector
from drq.stop import Interrupted, StopSignal
from drq.store import RunStore
from redcode.errors import RedcodeError
from redcode.language.assembler import assemble
from redcode.warrior import Warrior

MAX_ERROR = 2000
"""Characters of an assembler's message that are kept."""
LAND_WITHIN_S = 15.0
"""How long an error that ends the run is held back for proposals under way, whose replies may be paid for."""
LOOK_EVERY_S = 1.0
"""Longest pause between two looks that the observer is given while a result is waited for."""


@dataclass(frozen=True)
class Services:
    """What a run works with."""

    config: RunConfig
    operator: Operator
    engine: Engine
    store: RunStore
    observer: Observer = field(default_factory=Observer)
    stop: StopSignal = field(default_factory=StopSignal)


@dataclass(frozen=True)
class Draft:
    """A candidate before it has an id and a place."""

    iteration: int
    kind: Kind
    operator: str
    parents: tuple[int, ...]
    source: str | None
    error: str | None = None
    warrior: Warrior | None = None
    evaluation: Evaluation | None = None
    """None when it cannot fight, or when the round has inserted the same code before."""


class Round:
    """The round in progress: its archive, its proposals under way, the code it has fought."""

    def __init__(self, round: int, arena: Arena, opponents: tuple[Opponent, ...], services: Services) -> None:
        self._round = round
        self._services = services
        self._store = services.store
        self._archive = Archive(services.config.archive)
        self._selector = Selector(round, opponents, services.config, services.store)
        self._evaluator = Evaluator(arena, services.engine)
        self._next_id = services.store.last_id() + 1
        self._fought: dict[str, int] = {}
        self._under_way: deque[Record | asyncio.Task[Draft]] = deque()
        self._landing = False
        self._barred: Collection[str] = ()
        self._champion: Elite | None = None

    async def run(self, seeds: Sequence[Draft], barred: Collection[str]) -> Elite | None:
        """Place the seeds, evolve, and return the champion: the fittest candidate whose digest is not ``barred``.

        It need not be in the archive, where an opponent of its cell may be fitter still: to crown the best of what is
        left there would be to crown a weaker one. Where the seeds are not inserted in the archive it always is.

        Raises Interrupted, BudgetSpent, and what the operator and the store raise; all that was inserted is recorded.
        """
        self._barred = barred
        for seed in seeds:
            if self._services.stop.requested:
                raise Interrupted
            record = self._store.find(self._round, seed.iteration)
            self._insert(record or await self._fight(seed))
        await self._evolve()
        return self._champion

    async def _evolve(self) -> None:
        config, lag = self._services.config, self._services.operator.in_flight
        total = config.initial + config.iterations
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
        except Exception:  # whatever it is, replies under way may be paid for
            self._services.stop.request()
            await self._land(LAND_WITHIN_S)
            raise
        finally:
            for task in self._tasks():
                task.cancel()
            await asyncio.gather(*self._tasks(), *self._evaluator.cancel(), return_exceptions=True)

    async def _next(self) -> Record | Draft:
        """The next result, in the order of the iterations.

        What ends the run ends it here at once, also when a later proposal met it; only a spent budget and a stop wait
        for their turn, so that all before them is inserted.
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
        """Wait for what is under way, so that its operator can record what it is sent; nothing of it is inserted."""
        self._landing = True
        if tasks := self._tasks():
            await asyncio.wait(tasks, timeout=within_s)

    def _tasks(self) -> list[asyncio.Task[Draft]]:
        return [item for item in self._under_way if isinstance(item, asyncio.Task)]

    def _launch(self, iteration: int) -> None:
        """Begin one iteration with the archive as it stands, unless it is on record or the run is to stop."""
        if record := self._store.find(self._round, iteration):
            self._under_way.append(record)
        elif not self._services.stop.requested:
            settled = max(0, iteration - self._services.operator.in_flight + 1)
            request = self._selector.request(iteration, self._archive)
            request = replace(request, settled=settled, stop=self._services.stop)
            self._under_way.append(asyncio.create_task(self._propose(request)))

    async def _propose(self, request: Request) -> Draft:
        proposal = await self._services.operator.propose(request)
        if self._landing:
            raise Interrupted
        parents = tuple(parent.id for parent in request.parents)
        source, error = _storable(proposal.source), _storable(proposal.error)
        return await self._fight(Draft(request.iteration, request.kind, proposal.operator, parents, source, error))

    async def _fight(self, draft: Draft) -> Draft:
        """Assemble and evaluate; what cannot fight comes back with its error."""
        warrior = draft.warrior
        if warrior is None:
            if draft.source is None:
                return draft
            try:
                warrior = assemble(draft.source, self._services.config.rules)
            except RedcodeError as error:
                return replace(draft, error=str(error)[:MAX_ERROR])
        if warrior.digest in self._fought:
            return replace(draft, warrior=warrior)
        return replace(draft, warrior=warrior, evaluation=await self._evaluator.evaluate(warrior))

    def _insert(self, item: Draft | Record) -> None:
        """Put the next result in the archive, and on record unless it comes from there."""
        record, battles = (self._recall(item), 0) if isinstance(item, Record) else self._write(item)
        insertion = record.insertion
        if insertion and insertion.elite.digest not in self._barred:
            self._champion = max(self._champion or insertion.elite, insertion.elite, key=lambda elite: elite.fitness)
        self._services.observer.inserted(
            Inserted(
                round=self._round,
                iteration=record.iteration,
                best=self._champion.fitness if self._champion else None,
                coverage=self._archive.coverage,
                battles=battles,
                on_record=isinstance(item, Record),
            )
        )

    def _recall(self, record: Record) -> Record:
        if insertion := record.insertion:
            if self._archive.add(insertion.elite, insertion.cell) is not insertion.status:
                where = f"round {self._round}, iteration {record.iteration}"
                raise StoreError(
                    f"{self._store.path}: expected {where} to be {insertion.status} in the archive, it is not"
                )
            self._fought.setdefault(insertion.elite.digest, record.id)
        return record

    def _write(self, draft: Draft) -> tuple[Record, int]:
        """Give the draft its id and its place, and write it; returns the battles it cost as well."""
        id, warrior, evaluation = self._next_id, draft.warrior, draft.evaluation
        self._next_id += 1
        duplicate_of = self._fought.get(warrior.digest) if warrior else None
        if duplicate_of is not None:
            evaluation = self._store.evaluation(duplicate_of)
        insertion = None
        if warrior and evaluation:
            elite = Elite(id, warrior.digest, evaluation.fitness)
            cell = cell_of(evaluation.descriptors, self._services.config.archive)
            insertion = Insertion(elite, cell, self._archive.add(elite, cell))
            self._fought.setdefault(warrior.digest, id)
            self._evaluator.forget(warrior.digest)
        candidate = Candidate(
            id=id,
            round=self._round,
            iteration=draft.iteration,
            kind=draft.kind,
            operator=draft.operator,
            parents=draft.parents,
            source=draft.source,
            error=draft.error,
            name=warrior.name if warrior else None,
            digest=warrior.digest if warrior else None,
            duplicate_of=duplicate_of,
        )
        self._store.write(candidate, evaluation, insertion)
        battles = self._evaluator.battles if insertion and duplicate_of is None else 0
        return Record(id, draft.iteration, insertion), battles


def _storable(text: str | None) -> str | None:
    """``text`` without the lone surrogates that a reply's JSON may smuggle in: UTF-8 has no place for them."""
    return None if text is None else text.encode("utf-8", "replace").decode()
