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
from collections.abc import Iterator
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
"""The last commit whose evaluations go on after the candidate's death."""


def main(commit: str = BASE, repeats: int = 3) -> None:
    """Print candidates a second, minutes of the paper's run, and their ratios."""
    from drq.cli.commands.bench import FEWER_OPPONENTS, Recorded
    from redcode.machine.battle import processors

    shipped = Recorded.shipped()
    sizes = {len(shipped.opponents): shipped} | {count: shipped.with_fewer(count) for count in FEWER_OPPONENTS}
    with checkout(commit) as old:
        for threads in sorted({1, processors()}):
            best: dict[Path, dict[int, float]] = {old: {}, ROOT: {}}
            values: dict[Path, Any] = {}
            for opponents, recorded in sizes.items():
                for _ in range(repeats):
                    for version in best:
                        seconds, values[version] = evaluate_in(version, recorded, threads)
                        each = seconds / len(recorded.candidates)
                        best[version][opponents] = min(each, best[version].get(opponents, each))
                if values[old] != values[ROOT]:
                    raise SystemExit(f"expected equal evaluations against {opponents} opponents, got others")
            show(commit, threads, best[old], best[ROOT])


def show(commit: str, threads: int, old: dict[int, float], new: dict[int, float]) -> None:
    """Print a line for each number of opponents, and one for the whole run."""
    from drq.cli.commands.bench import paper_minutes

    for opponents in sorted(old):
        rates = f"{1 / old[opponents]:.1f} at {commit}, {1 / new[opponents]:.1f} here"
        print(f"threads {threads}, opponents {opponents}: candidates a second {rates}", end="")
        print(f", {old[opponents] / new[opponents]:.2f} x", flush=True)
    before, after = paper_minutes(old), paper_minutes(new)
    print(f"threads {threads}: run of the paper's size, minutes (estimate) {before:.1f} at {commit}, {after:.1f} here")


@contextmanager
def checkout(commit: str) -> Iterator[Path]:
    """The files of ``commit``."""
    with TemporaryDirectory() as folder:
        archive = subprocess.run(["git", "-C", ROOT, "archive", commit], stdout=subprocess.PIPE, check=True)
        subprocess.run(["tar", "-x", "-C", folder], input=archive.stdout, check=True)
        yield Path(folder)


def evaluate_in(version: Path, recorded: Recorded, threads: int) -> tuple[float, Any]:
    """Seconds for all candidates, and what their evaluations come to."""
    seating = (recorded.seating.entrants.tolist(), recorded.seating.starts.tolist())
    task = json.dumps([recorded.opponents, recorded.candidates, *seating, threads])
    environment = os.environ | {"PYTHONPATH": str(version)}
    command = [sys.executable, "-P", __file__, "--child"]
    done = subprocess.run(command, input=task, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    seconds, values = json.loads(done.stdout)
    return seconds, values


def child() -> None:
    """Evaluate in this process, with the packages that it finds."""
    opponents, candidates, entrants, starts, threads = json.load(sys.stdin)
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

    warriors = tuple(assemble(text, ICWS94) for text in opponents)
    arena, engine = Arena(warriors, Seating(np.array(entrants), np.array(starts)), ICWS94), LocalEngine(threads)
    evaluate(warriors[:1], arena, engine)  # compiles
    clock = time.process_time if threads == 1 else time.perf_counter
    began = clock()
    found = [evaluate([assemble(text, ICWS94)], arena, engine)[0] for text in candidates]
    seconds = clock() - began
    print(json.dumps([seconds, [[e.placement_fitness, e.survived, e.descriptors] for e in found]]))


if __name__ == "__main__":
    if "--child" in sys.argv:
        child()
    else:
        main(*sys.argv[1:2], *map(int, sys.argv[2:3]))
