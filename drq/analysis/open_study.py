"""From paths to a measured study: what ``drq analyze`` and the notebooks begin with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from drq.analysis import Measurer, Study, load_runs, measure
from drq.battles.engine import build as build_engine
from drq.measurements import PLACEMENTS, SEED, Conditions, embeddings
from drq.opponents.entries import Entries, Skipped, load_entries
from drq.opponents.held_out import held_out_group
from drq.progress import Progress, quiet
from redcode.text import plural

FEW_OPPONENTS = 10
"""Of fewer a note warns."""
FEW_NAMED = 3
"""Reasons told, and names of each."""


def open_study(
    paths: Iterable[Path],
    *,
    opponents: Sequence[str] = (),
    placements: int = PLACEMENTS,
    seed: int = SEED,
    embedding: Mapping[str, Any] | None = None,
    engine: Mapping[str, Any] | None = None,
    threads: int | None = None,
    progress: Progress = quiet,
) -> Study:
    """Read the runs under ``paths`` and measure their champions against ``opponents``.

    Each pair meets in ``placements`` drawn from ``seed``. ``opponents`` are as in a tournament
    (``drq.opponents.entries.load_entries``), by default the held-out warriors; those that do not assemble are left out,
    and a note of the study names them. ``embedding`` and ``engine`` are the settings of their config groups: code
    n-grams and this machine by default. Raises ConfigError, StoreError, and what the embedding raises.
    """
    vectors = embeddings.build(embedding or {"name": "ngrams"})
    fights = build_engine(engine or {"name": "local"}, threads)
    runs = load_runs(paths)
    rules = runs[0].config.rules
    found = load_entries(opponents or [held_out_group(rules)], rules, "opponents")
    named = [(one.name, one.warrior) for one in found.warriors]
    study = measure(runs, Measurer(named, Conditions(rules, placements, seed), vectors, fights), progress)
    study.notes.extend(_opponents_notes(found))
    return study


def _opponents_notes(found: Entries) -> list[str]:
    """Who was left out and why, and that too few are left."""
    notes, count = [], len(found.warriors)
    if found.skipped:
        of = count + len(found.skipped)
        why = _reasons(found.skipped)
        notes.append(f"{len(found.skipped)} of {of} opponents are left out, because they do not assemble here: {why}")
    if count < FEW_OPPONENTS:
        notes.append(f"only {plural(count, 'opponent')}: each counts for {100 / count:.0f} % of generality")
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
