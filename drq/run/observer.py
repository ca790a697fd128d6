"""What the loop tells its watchers. Nothing that a watcher does changes a run's rows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Inserted:
    """One candidate has been recorded, and inserted if the archive takes it."""

    round: int
    iteration: int
    best: float | None
    """Fitness of the best candidate so far that may become champion; None while there is no such candidate."""
    coverage: float
    """Share of the archive's cells that are filled, 0 to 1."""
    battles: int
    """Battles fought for it: 0 for a duplicate, a failure, and a candidate that is on record."""
    on_record: bool = False
    """Whether an earlier process recorded it."""


class Observer:
    """Ignores every event; a display overrides the methods that it needs."""

    def round_started(self, round: int, candidates: int, opponents: int) -> None:
        """A round of that many candidates begins, seeds included."""

    def inserted(self, event: Inserted) -> None:
        """A candidate is recorded and has been offered to the archive."""

    def waiting(self) -> None:
        """A later candidate is ready, or a second has passed, while the loop waits for the next one."""

    def round_ended(self, round: int, fitness: float | None) -> None:
        """A round ended with a champion of that fitness (``RunReader.champion_fitness``), or None without one."""

    def stopping(self) -> None:
        """The user asked to stop; the proposals under way are finished first."""

    def close(self) -> None:
        """Release the terminal, at the end of the run or earlier; may be called twice."""
