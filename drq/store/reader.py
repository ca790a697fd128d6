"""Reading a run: one method for each question that is asked of ``run.sqlite``."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from drq.candidate import Candidate, Cell, Evaluation, Final, Insertion, InsertionStatus, Kind
from drq.config import RunConfig
from drq.descriptors import DESCRIPTORS
from drq.errors import ConfigError, StoreError
from drq.plain import from_mapping
from drq.store.call_store import CallStore
from drq.store.database import RUN_FILE, errors_of, open_for_reading

T = TypeVar("T")

CANDIDATE = "id, round, iteration, kind, operator, parents, source, error, name, digest, duplicate_of"
EVALUATION = f"fitness, survived, placement_fitness, {', '.join(DESCRIPTORS)}"
_CANDIDATES = f"""
SELECT {CANDIDATE}, cell, status, {EVALUATION} FROM candidates
LEFT JOIN evaluations ON evaluations.candidate_id = id LEFT JOIN insertions ON insertions.candidate_id = id
"""
_ANCESTORS = """
WITH RECURSIVE line(id) AS (
    SELECT value FROM json_each(?)
    UNION SELECT parent.value FROM line JOIN candidates USING (id) JOIN json_each(parents) AS parent)
SELECT id FROM line ORDER BY id"""
_DESCENT = """
WITH RECURSIVE line(id, step) AS (
    VALUES (?, 0)
    UNION SELECT json_extract(parents, '$[0]'), step + 1 FROM line JOIN candidates USING (id)
    WHERE json_array_length(parents) > 0 AND step < ?)
SELECT id FROM line WHERE step > 0 ORDER BY step"""
_ELITES = """
SELECT round, cell, max(id), fitness FROM candidates
JOIN evaluations ON candidate_id = id JOIN insertions USING (candidate_id)
WHERE status <> 'not added' GROUP BY round, cell"""
_ARCHIVE = """
SELECT max(id) FROM candidates JOIN insertions ON candidate_id = id
WHERE round = ? AND status <> 'not added' GROUP BY cell ORDER BY min(id)"""
_WHOLE = "(SELECT max(json_array_length(placement_fitness)) FROM evaluations)"
"""Placements of a candidate that racing did not give up."""
_CONTENDERS = f"""
SELECT iteration, fitness FROM candidates JOIN evaluations ON candidate_id = id
WHERE round = ?1 AND kind <> 'seed'
AND json_array_length(placement_fitness) = {_WHOLE} AND digest NOT IN (
    SELECT digest FROM starters
    UNION SELECT digest FROM champions JOIN candidates ON id = candidate_id WHERE champions.round < ?1)
ORDER BY iteration"""
_CHAMPION_FITNESS = """
SELECT champions.round, coalesce(
    (SELECT finals.fitness FROM finals WHERE finals.round = champions.round ORDER BY heat DESC LIMIT 1),
    evaluations.fitness)
FROM champions LEFT JOIN evaluations USING (candidate_id)
WHERE champions.candidate_id IS NOT NULL ORDER BY champions.round"""
_FIRST_WARRIORS = """
SELECT iteration, source FROM candidates JOIN evaluations ON candidate_id = id
WHERE round = 0 AND kind = 'new' AND iteration < ?
ORDER BY json_array_length(placement_fitness) DESC, fitness DESC, iteration"""
_PROPOSALS = f"""
SELECT operator, kind, error IS NOT NULL, duplicate_of IS NOT NULL, own.status,
       iif(json_array_length(own_evaluation.placement_fitness) = {_WHOLE}, own_evaluation.fitness, NULL),
       parent.cell, parent_evaluation.fitness
FROM candidates
LEFT JOIN insertions AS own ON own.candidate_id = id
LEFT JOIN evaluations AS own_evaluation ON own_evaluation.candidate_id = id
LEFT JOIN insertions AS parent ON parent.candidate_id = json_extract(parents, '$[0]')
LEFT JOIN evaluations AS parent_evaluation ON parent_evaluation.candidate_id = json_extract(parents, '$[0]')
WHERE kind <> 'seed' ORDER BY id"""
_FAILURES = """
SELECT error, count(*), round, iteration, coalesce(
    (SELECT reply FROM calls WHERE calls.round = candidates.round AND calls.iteration = candidates.iteration
     ORDER BY turn DESC LIMIT 1), source), min(id)
FROM candidates WHERE error IS NOT NULL GROUP BY error ORDER BY min(id)"""


class Starter(NamedTuple):
    """A first opponent, as it was when the run began."""

    name: str
    digest: str
    source: str


class Invocation(NamedTuple):
    """One process that worked on the run; times in seconds since 1970."""

    started_at: float
    ended_at: float | None
    """None while it runs, and if it was killed."""
    outcome: str | None


class OpponentRow(NamedTuple):
    """Who a round's opponent is: a starter by position, or a past champion by candidate id."""

    digest: str
    starter: int | None
    candidate_id: int | None


class CellElite(NamedTuple):
    """The elite of a cell at the end of a round."""

    round: int
    cell: Cell
    id: int
    fitness: float


class Proposal(NamedTuple):
    """A candidate that is not a seed, and what became of it."""

    operator: str
    kind: Kind
    failed: bool
    duplicate: bool
    status: InsertionStatus | None
    """None for a candidate that could not fight."""
    fitness: float | None
    """None for one that could not, or that racing gave up."""
    parent_cell: Cell | None
    """Cell of the first parent; this and the next are None for a new warrior."""
    parent_fitness: float | None


class Failure(NamedTuple):
    """Why candidates could not fight, with the first of them."""

    error: str
    candidates: int
    """How many."""
    round: int
    iteration: int
    text: str | None
    """What it was: the model's last reply, or its source."""


class RunReader:
    """``RUN/run.sqlite``, also while another process writes it."""

    def __init__(self, directory: Path, db: sqlite3.Connection) -> None:
        self.directory = directory
        self.path = directory / RUN_FILE
        self.calls = CallStore(db, self.path)
        self._db = db

    @classmethod
    def open(cls, directory: str | Path) -> Self:
        """An existing run; raises StoreError when there is none."""
        return cls(Path(directory), open_for_reading(Path(directory, RUN_FILE)))

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    # The run as a whole

    def config(self) -> dict[str, Any]:
        """The configuration that the run began with."""
        config: dict[str, Any] = json.loads(self._row("SELECT config FROM runs")[0])
        return config

    def run_config(self) -> RunConfig:
        """The same as a checked value; raises StoreError if it is not valid."""
        try:
            return from_mapping(RunConfig, self.config())
        except (ConfigError, ValueError, TypeError) as error:
            raise StoreError(f"{self.path}: expected a run's configuration: {error}") from None

    def provenance(self) -> dict[str, Any]:
        """The software, commit and machine with which the run began (``drq.run.provenance``)."""
        provenance: dict[str, Any] = json.loads(self._row("SELECT provenance FROM runs")[0])
        return provenance

    def starters(self) -> list[Starter]:
        """The first opponents, in order."""
        rows = self._db.execute("SELECT name, digest, source FROM starters ORDER BY position")
        return [Starter(*row) for row in rows]

    def invocations(self) -> list[Invocation]:
        """The processes that worked on the run, in order."""
        rows = self._db.execute("SELECT started_at, ended_at, outcome FROM invocations ORDER BY id")
        return [Invocation(*row) for row in rows]

    def tables(self) -> dict[str, dict[str, str]]:
        """For each table the SQL types of its columns, in the order of ``docs/run_file.md``."""
        names = self._db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").fetchall()
        columns = "SELECT name, type FROM pragma_table_info(?)"
        return {name: dict(self._db.execute(columns, (name,)).fetchall()) for (name,) in names}

    def rows(self, table: str, at_once: int) -> Iterator[list[tuple[Any, ...]]]:
        """All rows of a table of ``tables``, in lists of ``at_once`` rows."""
        rows = self._db.execute(f"SELECT * FROM {table}")
        while batch := rows.fetchmany(at_once):
            yield batch

    def ordered_rows(self, table: str, columns: Sequence[str]) -> list[tuple[Any, ...]]:
        """These columns of a table, in the order of its keys."""
        keys = "SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk"
        order = ", ".join(name for (name,) in self._db.execute(keys, (table,)))
        return self._db.execute(f"SELECT {', '.join(columns)} FROM {table} ORDER BY {order}").fetchall()

    # Rounds

    def opponent_counts(self) -> dict[int, int]:
        """Number of opponents of each round that has begun."""
        query = "SELECT round, count(position) FROM rounds LEFT JOIN opponents USING (round) GROUP BY round"
        return dict(self._db.execute(query))

    def opponents(self, round: int) -> list[OpponentRow]:
        """Who is fought in a round that has begun, in order."""
        query = "SELECT digest, starter, candidate_id FROM opponents WHERE round = ? ORDER BY position"
        return [OpponentRow(*row) for row in self._db.execute(query, (round,))]

    def has_begun(self, round: int) -> bool:
        """Whether the round is on record."""
        return self._db.execute("SELECT 1 FROM rounds WHERE round = ?", (round,)).fetchone() is not None

    def arrivals(self) -> dict[int, list[str]]:
        """The texts that came from other runs at the start of each round that had some, in order."""
        found: dict[int, list[str]] = {}
        for round, source in self._db.execute("SELECT round, source FROM arrivals ORDER BY round, position"):
            found.setdefault(round, []).append(source)
        return found

    def met(self) -> set[str]:
        """Digests of the starters and of every round's opponents."""
        rows = self._db.execute("SELECT digest FROM starters UNION SELECT digest FROM opponents")
        return {digest for (digest,) in rows}

    def champions(self) -> dict[int, int | None]:
        """Candidate id of the champion of each finished round; None for a round without a champion."""
        return dict(self._db.execute("SELECT round, candidate_id FROM champions ORDER BY round"))

    def champion_fitness(self) -> dict[int, float]:
        """Fitness of the champion of each finished round that has one.

        It is that of the last heat of the finals, in placements on which nobody was selected. In a round without finals
        it is that of the champion's evaluation, which chose it and is therefore too high.
        """
        return {round: self._required(fitness) for round, fitness in self._db.execute(_CHAMPION_FITNESS)}

    def finals(self, round: int) -> list[Final]:
        """The finals of a round, heat by heat; empty where there are none."""
        query = "SELECT heat, candidate_id, placement_fitness FROM finals WHERE round = ? ORDER BY heat, candidate_id"
        return [Final(heat, id, tuple(json.loads(shares))) for heat, id, shares in self._db.execute(query, (round,))]

    def elites(self) -> list[CellElite]:
        """The archive of each round as it is now, or as it was at the end of the round."""
        rows = self._db.execute(_ELITES)
        return [CellElite(round, tuple(json.loads(cell)), id, fitness) for round, cell, id, fitness in rows]

    def archive(self, round: int) -> list[int]:
        """Ids of the elites of one round's archive, in the order in which their cells were first filled."""
        return [id for (id,) in self._db.execute(_ARCHIVE, (round,))]

    def contenders(self, round: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """The candidates that may become the round's champion: their code is no starter's and no past champion's.

        What racing gave up is left out.

        Their iterations, counted from 0, and their fitness, each (contenders,), in the order of the iterations.
        """
        rows = self._db.execute(_CONTENDERS, (round,)).fetchall()
        return np.array([row[0] for row in rows], dtype=np.int64), np.array([row[1] for row in rows], dtype=np.float64)

    # Candidates

    def counts(self) -> tuple[int, int]:
        """All candidates but the seeds, and those of them that could not fight."""
        row = self._row("SELECT count(*), count(error) FROM candidates WHERE kind <> 'seed'")
        return int(row[0]), int(row[1])

    def last_id(self) -> int:
        """The highest candidate id, 0 when there is none."""
        return int(self._db.execute("SELECT coalesce(max(id), 0) FROM candidates").fetchone()[0])

    def find(self, round: int, iteration: int) -> Candidate | None:
        """The candidate recorded at (round, iteration) with all that became of it, or None."""
        row = self._db.execute(f"{_CANDIDATES} WHERE round = ? AND iteration = ?", (round, iteration)).fetchone()
        return None if row is None else _candidate(row)

    def candidate(self, id: int) -> Candidate:
        """The candidate with this id, which must exist, with all that became of it."""
        return _candidate(self._row(f"{_CANDIDATES} WHERE id = ?", id))

    def evaluation(self, id: int) -> Evaluation:
        """The evaluation of the candidate with this id, which must have one."""
        return self._required(self.candidate(id).evaluation)

    def candidates(self, ids: Collection[int]) -> Iterator[Candidate]:
        """The candidates with these ids, in the order of the ids, each with all that became of it."""
        query = f"{_CANDIDATES} WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id"
        return map(_candidate, self._db.execute(query, (json.dumps(sorted(ids)),)))

    def ancestors(self, ids: Collection[int]) -> list[int]:
        """Ids of these candidates and of all their ancestors, in order."""
        return [id for (id,) in self._db.execute(_ANCESTORS, (json.dumps(sorted(ids)),))]

    def descent(self, id: int, limit: int) -> list[int]:
        """The first parent of candidate ``id``, that one's first parent, and so on: ``limit`` ids at most."""
        return [ancestor for (ancestor,) in self._db.execute(_DESCENT, (id, limit))]

    def first_warriors(self, iterations: int) -> list[tuple[int, str]]:
        """Iteration and text of the new warriors among the first proposals of round 0, the fittest first.

        Those that racing gave up come last.
        """
        return self._db.execute(_FIRST_WARRIORS, (iterations,)).fetchall()

    def proposals(self) -> Iterator[Proposal]:
        """Every candidate but the seeds, in the order of the ids."""
        for operator, kind, failed, duplicate, status, fitness, cell, parent_fitness in self._db.execute(_PROPOSALS):
            yield Proposal(
                operator,
                Kind(kind),
                bool(failed),
                bool(duplicate),
                InsertionStatus(status) if status else None,
                fitness,
                tuple(json.loads(cell)) if cell else None,
                parent_fitness,
            )

    def failures(self) -> Iterator[Failure]:
        """Every message of candidates that could not fight, in the order of their first candidates."""
        return (Failure(*row[:5]) for row in self._db.execute(_FAILURES))

    def _row(self, query: str, *values: int) -> tuple[Any, ...]:
        """The row that must be there; raises StoreError if it is missing."""
        row: tuple[Any, ...] | None = self._db.execute(query, values).fetchone()
        return self._required(row)

    def _required(self, found: T | None) -> T:
        if found is None:
            raise StoreError(f"{self.path}: the file is damaged: was it copied without {RUN_FILE}-wal beside it?")
        return found


@contextmanager
def reading(directory: str | Path) -> Iterator[RunReader]:
    """The run in ``directory``: inside the block, all reads see one state of the file, which may be growing.

    Raises StoreError where there is no run, and for every SQLite error inside the block.
    """
    with errors_of(Path(directory, RUN_FILE)), closing(RunReader.open(directory)) as run:
        run._db.execute("BEGIN")
        yield run


def _candidate(row: Sequence[Any]) -> Candidate:
    """From a row of ``_CANDIDATES``: the columns of the insertion and of the evaluation may be null."""
    (id, round, iteration, kind, operator, parents), text, (cell, status) = row[:6], row[6:11], row[11:13]
    fitness, survived, placement_fitness, *descriptors = row[13:]
    evaluation, insertion = None, None
    if fitness is not None:
        described = dict(zip(DESCRIPTORS, descriptors, strict=True))
        evaluation = Evaluation(fitness, survived, described, tuple(json.loads(placement_fitness)))
    if cell is not None:
        insertion = Insertion(tuple(json.loads(cell)), InsertionStatus(status))
    origin = (id, round, iteration, Kind(kind), operator, tuple(json.loads(parents)))
    return replace(Candidate(*origin, *text), evaluation=evaluation, insertion=insertion)
