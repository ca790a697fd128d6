"""What a run's file says of the run as a whole, as plain data for the page. Sums are made here, not in the browser."""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from drq.plain import leaves
from drq.store.contenders import contenders
from redcode.text import printable

STRETCHES, STRETCH = 40, 10
"""Stretches of iterations a round's curve is summed up in, at most, and candidates in each, at least."""
CAUSES = 25
"""Causes of failure that are listed, the commonest first."""
TEXT_LENGTH = 1500
"""Characters shown of an example of a failure."""
_POSITION = re.compile(r"^[^\n:]*:\d+:\d+: |^line \d+: ")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|`[^`]*`")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def flattened(settings: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Keys with dots between the levels, and values as text."""
    for key, value in leaves(settings):
        yield printable(key), printable(value if isinstance(value, str) else json.dumps(value), 500)


def invocations(db: sqlite3.Connection) -> list[dict[str, Any]]:
    """Every process that worked on the run: when, and how it left."""
    rows = db.execute("SELECT started_at, ended_at, outcome FROM invocations ORDER BY id").fetchall()
    return [{"started": a, "ended": b, "outcome": None if c is None else printable(c, 500)} for a, b, c in rows]


def totals(db: sqlite3.Connection) -> dict[str, Any]:
    """Counts over the whole run."""
    proposed, failed = db.execute("SELECT count(*), count(error) FROM candidates WHERE kind <> 'seed'").fetchone()
    calls, call_errors, tokens_in, tokens_out, cost = db.execute(
        "SELECT count(*), count(error), total(input_tokens), total(output_tokens), total(cost) FROM calls"
    ).fetchone()
    lost_in, lost_out, lost_cost = db.execute(
        "SELECT total(input_tokens), total(output_tokens), total(cost) FROM outstanding"
    ).fetchone()
    return {
        "proposed": proposed,
        "failed": failed,
        "calls": calls,
        "callErrors": call_errors,
        "tokensIn": tokens_in + lost_in,
        "tokensOut": tokens_out + lost_out,
        "cost": cost + lost_cost,
    }


def rounds(db: sqlite3.Connection) -> list[dict[str, Any]]:
    """For each round its size, champion and curve of fitness, and the last elite of each cell of its archive."""
    champions = dict(db.execute("SELECT round, candidate_id FROM champions"))
    opponents = dict(db.execute("SELECT round, count(*) FROM opponents GROUP BY round"))
    cells: dict[int, dict[str, int]] = {}
    for round, cell, id in db.execute(
        "SELECT round, cell, max(id) FROM candidates JOIN insertions ON candidate_id = id"
        " WHERE status <> 'not added' GROUP BY round, cell"
    ):
        cells.setdefault(round, {})[",".join(map(str, json.loads(cell)))] = id
    return [
        {
            "round": round,
            "opponents": opponents.get(round, 0),
            "ended": round in champions,
            "champion": champions.get(round),
            "cells": cells.get(round, {}),
            "curve": curve(db, round),
        }
        for (round,) in db.execute("SELECT round FROM rounds ORDER BY round")
    ]


def curve(db: sqlite3.Connection, round: int) -> dict[str, list[float]]:
    """Fitness within a round of the candidates that may become its champion.

    ``best`` are the improvements of the best so far, at the iterations ``bestAt``; ``low``, ``middle`` and ``high``
    are quartiles of stretches of iterations that end at ``at``. Iterations are counted from 1.
    """
    iterations, fitness = contenders(db, round)
    best = np.maximum.accumulate(fitness)
    improved = np.flatnonzero(np.diff(best, prepend=-1.0) > 0)
    stretches = np.array_split(np.arange(len(fitness)), min(STRETCHES, max(1, len(fitness) // STRETCH)))
    quartiles = np.array([np.quantile(fitness[stretch], (0.25, 0.5, 0.75)) for stretch in stretches if len(stretch)])
    low, middle, high = quartiles.reshape(-1, 3).T.round(4).tolist()
    return {
        "bestAt": (iterations[improved] + 1).tolist(),
        "best": best[improved].round(4).tolist(),
        "at": [int(iterations[stretch[-1]]) + 1 for stretch in stretches if len(stretch)],
        "low": low,
        "middle": middle,
        "high": high,
    }


def operators(db: sqlite3.Connection) -> list[dict[str, Any]]:
    """What each operator's proposals of each kind came to."""
    columns = ("operator", "kind", "proposed", "failed", "duplicates", "new", "improved", "mean", "best")
    rows = db.execute(
        "SELECT operator, kind, count(*), count(error), count(duplicate_of), sum(coalesce(status = 'new', 0)),"
        " sum(coalesce(status = 'improved', 0)), avg(fitness), max(fitness) FROM candidates"
        " LEFT JOIN evaluations ON evaluations.candidate_id = id LEFT JOIN insertions ON insertions.candidate_id = id"
        " WHERE kind <> 'seed' GROUP BY operator, kind ORDER BY operator, kind"
    )
    return [{**dict(zip(columns, row, strict=True)), "operator": printable(row[0])} for row in rows]


def models(db: sqlite3.Connection) -> list[dict[str, Any]]:
    """Calls by the model asked and the one that answered."""
    columns = ("requested", "resolved", "calls", "failed", "tokensIn", "tokensOut", "cost", "seconds")
    rows = db.execute(
        "SELECT requested_model, coalesce(resolved_model, ''), count(*), count(error), total(input_tokens),"
        " total(output_tokens), total(cost), avg(duration_s) FROM calls GROUP BY 1, 2 ORDER BY 3 DESC"
    )
    return [dict(zip(columns, (printable(row[0]), printable(row[1]), *row[2:]), strict=True)) for row in rows]


def failures(db: sqlite3.Connection) -> list[dict[str, Any]]:
    """Causes of failure with their count and one example; position, names and numbers make no difference."""
    counts: Counter[str] = Counter()
    examples: dict[str, int] = {}
    for error, count, id in db.execute(
        "SELECT error, count(*), min(id) FROM candidates WHERE error IS NOT NULL GROUP BY error ORDER BY 3"
    ):
        counts[cause_of(error)] += count
        examples.setdefault(cause_of(error), id)
    return [
        {"cause": printable(cause, 200), "count": count, **_example(db, examples[cause])}
        for cause, count in counts.most_common(CAUSES)
    ]


def cause_of(error: str) -> str:
    """The first line of a message without its position, quotations and numbers."""
    line = _POSITION.sub("", error[:1000]).partition("\n")[0]
    return _NUMBER.sub("N", _QUOTED.sub("'…'", line))


def _example(db: sqlite3.Connection, id: int) -> dict[str, Any]:
    round, iteration, error, source, reply = db.execute(
        "SELECT candidates.round, candidates.iteration, candidates.error, source, reply FROM candidates"
        " LEFT JOIN calls ON calls.round = candidates.round AND calls.iteration = candidates.iteration"
        " WHERE id = ? ORDER BY turn DESC",
        (id,),
    ).fetchone()
    text = reply if reply is not None else source
    return {
        "round": round,
        "iteration": iteration,
        "message": printable(error, TEXT_LENGTH),
        "text": None if text is None else printable(text, TEXT_LENGTH),
    }
