"""Whole runs at equal candidates: ``python -m tests.model_study.runs FOLDER ARMS [URL] [JOBS]``.

ARMS are names with commas between them. Each family's run is a process of its own, in FOLDER/runs/ARM/STARTER; JOBS
bounds how many work at once, all by default, because runs that ask a model mostly wait. The same command goes on.
"""

from __future__ import annotations

import sys
import traceback
from itertools import product
from multiprocessing import get_context
from pathlib import Path

from tests.model_study.arms import OFFLINE, run_settings
from tests.model_study.families import STARTERS, execute, overrides


def one(folder: Path, family: int, name: str, url: str) -> None:
    """One run to its end; one that fails says why, and the others go on."""
    place = folder / "runs" / name / STARTERS[family]
    try:
        execute(overrides(family, *run_settings(name, url), f"run_dir={place}"))
        print(name, STARTERS[family], flush=True)
    except Exception:  # of any class: the processes of the others go on
        traceback.print_exc()


def main(folder: Path, names: list[str], url: str = OFFLINE, jobs: str = "1000") -> None:
    """All runs; processes are forked, so that the imports are paid for once."""
    todo = [(folder, family, name, url) for family, name in product(range(len(STARTERS)), names)]
    with get_context("fork").Pool(min(int(jobs), len(todo)), maxtasksperchild=1) as pool:
        pool.starmap(one, todo, chunksize=1)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2].split(","), *sys.argv[3:])
