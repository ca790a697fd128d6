"""What a run had before any Red Queen: its first warrior, the best of its first few, its first champion.

``zero-shot``    the first new warrior of the first round, as the operator wrote it.
``best of n``    the fittest of that round's ``initial`` new warriors against the starter.
``specialist``   the first round's champion: evolved against one target only.

They correspond to the static baselines of Kumar 2026 §4 (figure 2), whose targets are 294 human warriors; here a target
is the starter of a run.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass

from drq.analysis.runs import RunRecord
from drq.store.database import RUN_FILE, open_for_reading
from redcode import Warrior, assemble

ZERO_SHOT, SPECIALIST = "zero-shot", "specialist"
_FIRST = """
SELECT iteration, source, fitness FROM candidates JOIN evaluations ON candidate_id = id
WHERE round = 0 AND kind = 'new' AND iteration >= 0 AND iteration < ? ORDER BY fitness DESC, iteration
"""


@dataclass(frozen=True)
class Baseline:
    """One of a run's early warriors."""

    kind: str
    warrior: Warrior


def first_warriors(run: RunRecord) -> list[Baseline]:
    """Those of the three that the run has: a first warrior that did not assemble is none."""
    with closing(open_for_reading(run.directory / RUN_FILE)) as db:
        rows = db.execute(_FIRST, (max(1, run.config.initial),)).fetchall()
    found = [Baseline(ZERO_SHOT, assemble(source, run.config.rules)) for at, source, _ in rows if at == 0]
    if rows and run.config.initial > 1:
        found.append(Baseline(best_of(run), assemble(rows[0][1], run.config.rules)))
    if run.champions[0].round == 0 and run.config.iterations > 0:
        found.append(Baseline(SPECIALIST, run.champions[0].warrior))
    return found


def best_of(run: RunRecord) -> str:
    """Name of the second baseline."""
    return f"best of {run.config.initial}"
