"""Candidates a second of this checkout beside an older one: ``python -m tests.measure_versions [COMMIT [REPEATS]]``.

The older commit is checked out into a folder that is deleted at the end. Both evaluate the candidates of ``drq bench``
and must come to the same numbers. They take turns in processes of their own, and the fastest of each counts. One thread
is timed in processor time, which a busy machine harms less; several by the clock, which is fair only on an idle one.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np

from redcode import ICWS94, assemble

if TYPE_CHECKING:
    from drq.cli.commands.bench import Recorded

ROOT = Path(__file__).parent.parent
BASE = "5cf08ad"
"""A commit whose evaluations go on after the death of the candidate."""


def main(commit: str = BASE, repeats: int = 3) -> None:
    """Print candidates a second and minutes of the paper's run, for both versions, and their ratios."""
    from drq.cli.commands.bench import OPPONENTS, paper_minutes, recorded_rounds, with_opponents
    from redcode.machine.battle import processors

    rounds = recorded_rounds()
    with checkout(commit) as old:
        for threads in sorted({1, processors()}):
            whole = measure((old, ROOT), rounds, threads, repeats)
            show(f"threads {threads}: candidates a second", commit, *(1 / seconds for seconds in whole))
            sizes = {number: [with_opponents(number, rounds)] for number in OPPONENTS}
            each = {number: measure((old, ROOT), part, threads, repeats) for number, part in sizes.items()}
            for number, seconds in each.items():
                show(f"  against {number} opponents", commit, *(1 / one for one in seconds))
            minutes = (paper_minutes({number: seconds[i] for number, seconds in each.items()}) for i in (0, 1))
            show("  run of the paper's size (estimate), minutes", commit, *minutes)


def show(what: str, commit: str, old: float, new: float) -> None:
    """Print a line."""
    print(f"{what}: {old:.2f} at {commit}, {new:.2f} here, ratio {max(new / old, old / new):.2f}", flush=True)


def measure(versions: Sequence[Path], rounds: Sequence[Recorded], threads: int, repeats: int) -> list[float]:
    """Seconds of a candidate of ``rounds`` in each version, the fewest of ``repeats``."""
    best = [float("inf")] * len(versions)
    for _ in range(repeats):
        values = []
        for i, version in enumerate(versions):
            seconds, found = evaluate_in(version, rounds, threads)
            best[i] = min(best[i], seconds / len(found))
            values.append(found)
        if any(found != values[0] for found in values):
            raise SystemExit("expected equal evaluations in both versions, got different ones")
    return best


@contextmanager
def checkout(commit: str) -> Iterator[Path]:
    """The files of ``commit``."""
    with TemporaryDirectory() as folder:
        archive = subprocess.run(["git", "-C", ROOT, "archive", commit], stdout=subprocess.PIPE, check=True)
        subprocess.run(["tar", "-x", "-C", folder], input=archive.stdout, check=True)
        yield Path(folder)


def evaluate_in(version: Path, rounds: Sequence[Recorded], threads: int) -> tuple[float, list[Any]]:
    """Seconds for all candidates, and what each evaluation comes to."""
    seatings = [(round.seating.entrants.tolist(), round.seating.starts.tolist()) for round in rounds]
    task = json.dumps(
        [threads, [(round.opponents, round.candidates, *s) for round, s in zip(rounds, seatings, strict=True)]]
    )
    environment = os.environ | {"PYTHONPATH": str(version)}
    command = [sys.executable, "-P", __file__, "--child"]
    done = subprocess.run(command, input=task, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    seconds, values = json.loads(done.stdout)
    return seconds, values


def child() -> None:
    """Evaluate in this process, with the packages that it finds."""
    threads, rounds = json.load(sys.stdin)
    try:
        from drq.battles.engine import LocalEngine
        from drq.battles.evaluate import Arena, evaluate
        from drq.battles.seating import Seating
    except ImportError:  # before the packages had wings
        from drq.engine import LocalEngine
        from drq.evaluate import Arena
        from drq.evaluate import evaluate as evaluate_one
        from drq.starts import Seating

        def evaluate(candidates, arena, engine):  # type: ignore[no-untyped-def]
            return [evaluate_one(candidate, arena, engine) for candidate in candidates]

    engine = LocalEngine(threads)
    clock = time.process_time if threads == 1 else time.perf_counter
    seconds, found = 0.0, []
    for opponents, candidates, entrants, starts in rounds:
        warriors = tuple(assemble(text, ICWS94) for text in opponents)
        arena = Arena(warriors, Seating(np.array(entrants), np.array(starts)), ICWS94)
        if not found:
            evaluate(warriors[:1], arena, engine)  # compiles
        began = clock()
        found += [evaluate([assemble(text, ICWS94)], arena, engine)[0] for text in candidates]
        seconds += clock() - began
    print(json.dumps([seconds, [[e.placement_fitness, e.survived, e.descriptors] for e in found]]))


if __name__ == "__main__":
    if "--child" in sys.argv:
        child()
    else:
        main(*sys.argv[1:2], *map(int, sys.argv[2:3]))
