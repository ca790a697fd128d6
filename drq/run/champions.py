"""Champions as ``.red`` files that every Core War simulator reads."""

from __future__ import annotations

from pathlib import Path

from drq.files import write_atomically
from drq.store.database import champion_path
from drq.store.reader import RunReader


def write_champions(run: RunReader, folder: Path) -> list[Path]:
    """Write every champion on record that has no file in ``folder`` yet; returns the new files."""
    folder.mkdir(parents=True, exist_ok=True)
    fitness = run.champion_fitness()
    missing = {
        round: id
        for round, id in run.champions().items()
        if id is not None and not champion_path(folder, round).exists()
    }
    return [write_champion(run, folder, round, id, fitness[round]) for round, id in missing.items()]


def write_champion(run: RunReader, folder: Path, round: int, id: int, fitness: float) -> Path:
    """Write the champion of one round; ``folder`` is there."""
    path = champion_path(folder, round)
    write_atomically(path, champion_text(run, id, fitness).encode("latin-1", "replace"))
    return path


def champion_text(run: RunReader, id: int, fitness: float) -> str:
    """A champion's source under a head of comments that say where it comes from and how fit it is."""
    candidate = run.candidate(id)
    parents = [run.candidate(parent) for parent in candidate.parents]
    head = (
        f"champion of round {candidate.round}, candidate {candidate.id} of its run",
        f"fitness {fitness:.6f}",
        f"digest {candidate.digest}",
        *(f"parent {parent.digest}, candidate {parent.id}" for parent in parents),
        f"operator {candidate.operator}, {candidate.kind}",
    )
    return "".join(f"; {line}\n" for line in head) + (candidate.source or "").rstrip("\n") + "\n"
