"""What a run had before any Red Queen: its starters, its first warrior, the best of its first few, its first champion.

``starter``      what the run began from: champions are no better than nothing until they are better than this.
``zero-shot``    the first new warrior of the first round, as the operator wrote it.
``best of n``    the fittest of that round's ``initial`` new warriors against the starter.
``specialist``   the first round's champion: evolved against one target only.

They correspond to the static baselines of Kumar 2026 §4 (figure 2), whose targets are 294 human warriors; here a target
is the starter of a run.
"""

from __future__ import annotations

from dataclasses import dataclass

from drq.analysis.runs import RunRecord
from drq.store.reader import reading
from redcode import Warrior, assemble

STARTER, ZERO_SHOT, SPECIALIST = "starter", "zero-shot", "specialist"


@dataclass(frozen=True)
class Baseline:
    """One of a run's early warriors."""

    kind: str
    warrior: Warrior


def first_warriors(run: RunRecord) -> list[Baseline]:
    """Those that the run has; a first warrior that did not assemble is left out."""
    with reading(run.directory) as record:
        firsts = record.first_warriors(max(1, run.config.initial))
    found = [Baseline(STARTER, starter) for starter in run.starters]
    found += [Baseline(ZERO_SHOT, assemble(source, run.config.rules)) for iteration, source in firsts if iteration == 0]
    if firsts and run.config.initial > 1:
        found.append(Baseline(best_of(run), assemble(firsts[0][1], run.config.rules)))
    if run.champions[0].round == 0 and run.config.iterations > 0:
        found.append(Baseline(SPECIALIST, run.champions[0].warrior))
    return found


def best_of(run: RunRecord) -> str:
    """Name of the second baseline."""
    return f"best of {run.config.initial}"
