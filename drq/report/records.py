"""What a run's file says of the run as a whole, as plain data for the page. Sums are made here, not in the browser."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from statistics import fmean
from typing import Any

import numpy as np

from drq.candidate import InsertionStatus
from drq.plain import leaves
from drq.store.reader import Failure, Proposal, RunReader
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


def invocations(run: RunReader) -> list[dict[str, Any]]:
    """Every process that worked on the run: when, and how it left."""
    return [
        {"started": one.started_at, "ended": one.ended_at, "outcome": one.outcome and printable(one.outcome, 500)}
        for one in run.invocations()
    ]


def totals(run: RunReader) -> dict[str, Any]:
    """Counts over the whole run."""
    proposed, failed = run.counts()
    return {"proposed": proposed, "failed": failed, "calls": asdict(run.calls.usage())}


def rounds(run: RunReader) -> list[dict[str, Any]]:
    """For each round its size, champion and curve of fitness, and the elite of each cell of its archive."""
    champions, fitness = run.champions(), run.champion_fitness()
    cells: dict[int, dict[str, int]] = {}
    for elite in run.elites():
        cells.setdefault(elite.round, {})[",".join(map(str, elite.cell))] = elite.id
    return [
        {
            "round": round,
            "opponents": opponents,
            "ended": round in champions,
            "champion": champions.get(round),
            "fitness": fitness.get(round),
            "cells": cells.get(round, {}),
            "curve": curve(run, round),
        }
        for round, opponents in run.opponent_counts().items()
    ]


def curve(run: RunReader, round: int) -> dict[str, list[float]]:
    """Fitness within a round of the candidates that may become its champion.

    ``best`` are the improvements of the best so far, at the iterations ``bestAt``; ``low``, ``middle`` and ``high``
    are quartiles of stretches of iterations that end at ``at``. Iterations are counted from 1.
    """
    iterations, fitness = run.contenders(round)
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


def operators(run: RunReader) -> list[dict[str, Any]]:
    """What each operator's proposals of each kind came to."""
    groups: dict[tuple[str, str], list[Proposal]] = {}
    for proposal in run.proposals():
        groups.setdefault((proposal.operator, proposal.kind), []).append(proposal)
    return [
        {"operator": printable(operator), "kind": kind, **_sums(groups[operator, kind])}
        for operator, kind in sorted(groups)
    ]


def _sums(proposals: Sequence[Proposal]) -> dict[str, Any]:
    fitness = [proposal.fitness for proposal in proposals if proposal.fitness is not None]
    return {
        "proposed": len(proposals),
        "failed": sum(proposal.failed for proposal in proposals),
        "duplicates": sum(proposal.duplicate for proposal in proposals),
        "new": sum(proposal.status is InsertionStatus.NEW for proposal in proposals),
        "improved": sum(proposal.status is InsertionStatus.IMPROVED for proposal in proposals),
        "mean": fmean(fitness) if fitness else None,
        "best": max(fitness, default=None),
    }


def models(run: RunReader) -> list[dict[str, Any]]:
    """Calls by the model asked and the one that answered."""
    return [
        asdict(row) | {"requested": printable(row.requested), "resolved": printable(row.resolved or "")}
        for row in run.calls.by_model()
    ]


def failures(run: RunReader) -> list[dict[str, Any]]:
    """Causes of failure with their count and one example; position, names and numbers make no difference."""
    counts: Counter[str] = Counter()
    examples: dict[str, Failure] = {}
    for failure in run.failures():
        cause = cause_of(failure.error)
        counts[cause] += failure.candidates
        examples.setdefault(cause, failure)
    return [
        {"cause": printable(cause, 200), "count": count, **_example(examples[cause])}
        for cause, count in counts.most_common(CAUSES)
    ]


def cause_of(error: str) -> str:
    """The first line of a message without its position, quotations and numbers."""
    line = _POSITION.sub("", error[:1000]).partition("\n")[0]
    return _NUMBER.sub("N", _QUOTED.sub("'…'", line))


def _example(failure: Failure) -> dict[str, Any]:
    return {
        "round": failure.round,
        "iteration": failure.iteration,
        "message": printable(failure.error, TEXT_LENGTH),
        "text": None if failure.text is None else printable(failure.text, TEXT_LENGTH),
    }
