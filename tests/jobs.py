"""Long measurements in pieces: each job writes one small file, so that a measurement can be cut off and goes on."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any


def results(
    work: Callable[..., dict[str, Any]],
    jobs: Sequence[tuple[Any, ...]],
    folder: Path,
    workers: int = 2,
    minutes: float = 1e6,
) -> dict[tuple[Any, ...], dict[str, Any]]:
    """What ``work(*job)`` gives for each of ``jobs``, or for those that began within ``minutes``.

    Every result is a file in ``folder``; a job that has one is not done again. The jobs begin in their order.
    """
    folder.mkdir(parents=True, exist_ok=True)
    end = time.time() + 60 * minutes
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        for done in [pool.submit(_do, work, job, _file(folder, job), end) for job in jobs]:
            done.result()
    return {job: json.loads(path.read_text()) for job in jobs if (path := _file(folder, job)).exists()}


def _file(folder: Path, job: tuple[Any, ...]) -> Path:
    return folder / ("_".join("".join(c if c.isalnum() else "-" for c in str(part)) for part in job) + ".json")


def _do(work: Callable[..., dict[str, Any]], job: tuple[Any, ...], path: Path, end: float) -> None:
    if path.exists() or time.time() > end:
        return
    part = path.with_suffix(f".{os.getpid()}")
    part.write_text(json.dumps(work(*job)))
    part.replace(path)
