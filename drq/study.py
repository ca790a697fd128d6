"""From paths to a measured study: what ``drq analyze`` and the notebooks begin with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from drq import embeddings
from drq.analysis import Measurer, Study, load_runs, measure
from drq.config import RunConfig
from drq.engine import build as build_engine
from drq.measurements import Conditions
from drq.pairs import Progress
from drq.tournament.entries import load_entries


def open_study(
    paths: Iterable[Path],
    *,
    opponents: Sequence[str] = ("held_out",),
    placements: int = 100,
    embedding: Mapping[str, Any] | None = None,
    engine: Mapping[str, Any] | None = None,
    threads: int | None = None,
    progress: Progress = lambda done, of: None,
) -> Study:
    """Read the runs under ``paths`` and measure their champions against ``opponents``, each pair in ``placements``.

    ``opponents`` are as in a tournament (``drq.tournament.load_entries``); those that do not assemble are left out, and
    a note of the study counts them. ``embedding`` and ``engine`` are the settings of their config groups: code n-grams
    and this machine by default. Raises ConfigError, StoreError, and what the embedding raises.
    """
    vectors = embeddings.build(embedding or {"name": "ngrams"})
    fights = build_engine(RunConfig(engine=dict(engine or {"name": "local"}), threads=threads))
    runs = load_runs(paths)
    rules = runs[0].config.rules
    judges = load_entries(opponents, rules, "opponents")
    named = [(entrant.name, entrant.warrior) for entrant in judges.entrants]
    study = measure(runs, Measurer(named, Conditions(rules, placements), vectors, fights), progress)
    if judges.skipped:
        study.notes.append(f"{len(judges.skipped)} opponents do not assemble under these rules and were left out")
    return study
