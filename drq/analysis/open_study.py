"""From paths to a measured study: what ``drq analyze`` and the notebooks begin with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from drq.analysis import Measurer, Study, load_runs, measure
from drq.battles.engine import build as build_engine
from drq.battles.pairs import Progress
from drq.measurements import Conditions, embeddings
from drq.opponents.entries import Entries, Skipped, load_entries
from drq.opponents.held_out import HELD_OUT_SEED

FEW_JUDGES = 10
"""Of fewer a note warns."""
FEW_NAMED = 3
"""Reasons told, and names of each."""


def open_study(
    paths: Iterable[Path],
    *,
    opponents: Sequence[str] = ("held_out",),
    placements: int = 100,
    seed: int = HELD_OUT_SEED,
    embedding: Mapping[str, Any] | None = None,
    engine: Mapping[str, Any] | None = None,
    threads: int | None = None,
    progress: Progress = lambda done, of: None,
) -> Study:
    """Read the runs under ``paths`` and measure their champions against ``opponents``.

    Each pair meets in ``placements`` drawn from ``seed``.
    ``opponents`` are as in a tournament (``drq.tournament.load_entries``); those that do not assemble are left out, and
    a note of the study names them. ``embedding`` and ``engine`` are the settings of their config groups: code n-grams
    and this machine by default. Raises ConfigError, StoreError, and what the embedding raises.
    """
    vectors = embeddings.build(embedding or {"name": "ngrams"})
    fights = build_engine(engine or {"name": "local"}, threads)
    runs = load_runs(paths)
    rules = runs[0].config.rules
    judges = load_entries(opponents, rules, "opponents")
    named = [(entrant.name, entrant.warrior) for entrant in judges.entrants]
    study = measure(runs, Measurer(named, Conditions(rules, placements, seed), vectors, fights), progress)
    study.notes.extend(_judges_notes(judges))
    return study


def _judges_notes(judges: Entries) -> list[str]:
    """Who was left out and why, and that too few are left."""
    notes, count = [], len(judges.entrants)
    if judges.skipped:
        of = count + len(judges.skipped)
        why = _reasons(judges.skipped)
        notes.append(f"{len(judges.skipped)} of {of} opponents left out, for they do not assemble here: {why}")
    if count < FEW_JUDGES:
        notes.append(f"judged by {count} only: every opponent is {100 / count:.0f} % of generality")
    return notes


def _reasons(skipped: Sequence[Skipped]) -> str:
    """Each reason once, without its place in the file, with the names of the first it holds for."""
    names: dict[str, list[str]] = {}
    for file in skipped:
        names.setdefault(file.reason, []).append(file.name)
    told = [f"{reason} ({_first(those, 'more')})" for reason, those in names.items()]
    return _first(told, "other reasons", "; ")


def _first(texts: Sequence[str], what: str, comma: str = ", ") -> str:
    left = len(texts) - FEW_NAMED
    return comma.join(texts[:FEW_NAMED]) + (f" and {left} {what}" if left > 0 else "")
