"""The candidates that a page shows: champions, the elites of every archive, and the ancestors of champions."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from typing import Any

from redcode import RedcodeError, Rules, Warrior, assemble
from redcode.pictures.page import code_numbers
from redcode.text import printable

ANCESTORS = 100
"""Ancestors shown of a champion, the nearest ones."""
SOURCE_LENGTH, SOURCES_LENGTH = 4000, 4_000_000
"""Characters shown of one source text, and of all on the page."""
BATCH = 500
_QUERY = """
SELECT id, round, iteration, kind, operator, parents, source, name, digest, fitness, survived, cycles, spawned, covered,
    executed, opcodes, length
FROM candidates LEFT JOIN evaluations ON evaluations.candidate_id = id WHERE id IN ({})
"""
_MEASURES = ("fitness", "survived", "cycles", "spawned", "covered", "executed", "opcodes", "length")


def lineages(db: sqlite3.Connection, champions: Iterable[int]) -> dict[int, list[int]]:
    """For each champion its first parent, that one's first parent, and so on, at most ``ANCESTORS``."""
    return {champion: list(_ancestors(db, champion)) for champion in champions}


def _ancestors(db: sqlite3.Connection, id: int) -> Iterator[int]:
    for _ in range(ANCESTORS):
        parents = json.loads(db.execute("SELECT parents FROM candidates WHERE id = ?", (id,)).fetchone()[0])
        if not parents:
            return
        id = parents[0]
        yield id


def people(
    db: sqlite3.Connection, shown: Collection[int], ancestors: Collection[int], rules: Rules
) -> dict[int, dict[str, Any]]:
    """The candidates by id; those that are only somebody's ancestors come without their text."""
    found = {}
    length = min(SOURCE_LENGTH, SOURCES_LENGTH // max(1, len(shown)))
    wanted = sorted({*shown, *ancestors})
    for start in range(0, len(wanted), BATCH):
        ids = wanted[start : start + BATCH]
        for row in db.execute(_QUERY.format(",".join("?" * len(ids))), ids):
            found[row[0]] = _person(row, length if row[0] in shown else None, rules)
    return found


def _person(row: tuple[Any, ...], source_length: int | None, rules: Rules) -> dict[str, Any]:
    id, round, iteration, kind, operator, parents, source, name, digest, *measures = row
    warrior = warrior_of(source, rules)
    person: dict[str, Any] = {
        "id": id,
        "round": round,
        "iteration": iteration,
        "kind": kind,
        "operator": printable(operator),
        "parents": json.loads(parents),
        "name": printable(name or ""),
        "digest": digest,
        **dict(zip(_MEASURES, measures, strict=True)),
        "code": code_numbers(warrior) if warrior else [],
        "start": warrior.start if warrior else 0,
    }
    if source_length is not None:
        person["source"] = printable(source or "", source_length)
    return person


@lru_cache(maxsize=20_000)
def warrior_of(source: str | None, rules: Rules) -> Warrior | None:
    """The assembled text, None where it does not assemble; kept, for a page that is rewritten asks again."""
    try:
        return None if source is None else assemble(source, rules)
    except RedcodeError:
        return None
