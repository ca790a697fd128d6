"""Ask a model for the children of the assay: ``python -m tests.model_study.ask FOLDER URL [CHILDREN]``.

FOLDER has the parents (``families``). Every reply is recorded in FOLDER/replies/ARM.sqlite the moment it is there; what
is on record is not asked again.
"""

from __future__ import annotations

import asyncio
import sys
from itertools import product
from pathlib import Path

from drq.store.call_store import CallStore
from drq.store.database import open_for_writing
from tests.model_study.arms import CHILDREN_MODEL, MODEL, operator, request
from tests.model_study.families import Parent, load

AT_ONCE = 48
"""Requests of one arm under way."""


def replies(folder: Path, name: str) -> CallStore:
    """The record of an arm, made if there is none."""
    file = folder / "replies" / f"{name}.sqlite"
    file.parent.mkdir(parents=True, exist_ok=True)
    db = open_for_writing(file)
    db.execute("COMMIT")
    return CallStore(db, file)


async def ask(folder: Path, name: str, parents: list[Parent], url: str, children: int) -> None:
    """All children of one arm, the first of every parent first."""
    asked, turns = operator(name, replies(folder, name), url), asyncio.Semaphore(AT_ONCE)

    async def one(child: int, number: int) -> None:
        async with turns:
            await asked.propose(request(name, parents, number, child))

    try:
        await asyncio.gather(*(one(*job) for job in product(range(children), range(len(parents)))))
    finally:
        await asked.close()
    print(name, asked.usage, flush=True)


async def main(folder: Path, url: str, children: int) -> None:
    """All arms beside each other; one that fails says why, and the others go on."""
    parents = load(folder)
    asked = (ask(folder, name, parents, url, children) for name in MODEL)
    for name, result in zip(MODEL, await asyncio.gather(*asked, return_exceptions=True), strict=True):
        if result is not None:
            print(name, repr(result), flush=True)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else CHILDREN_MODEL))
