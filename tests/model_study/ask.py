"""Ask a model for the children of the assay: ``python -m tests.model_study.ask FOLDER URL ARMS [AT_ONCE]``.

FOLDER has the parents (``families``); ARMS are names with commas between them, of arms that ask the model at URL, which
gets AT_ONCE requests at once. Every reply is recorded in FOLDER/replies/ARM.sqlite the moment it is there; what is on
record is not asked again.
"""

from __future__ import annotations

import asyncio
import sys
from itertools import product
from pathlib import Path

from drq.store.call_store import CallStore
from drq.store.database import open_for_writing
from tests.model_study.arms import ARMS, operator, request
from tests.model_study.families import Parent, load


def replies(folder: Path, name: str) -> CallStore:
    """The record of an arm, made if there is none."""
    file = folder / "replies" / f"{name}.sqlite"
    file.parent.mkdir(parents=True, exist_ok=True)
    db = open_for_writing(file)
    db.execute("COMMIT")
    return CallStore(db, file)


async def ask(folder: Path, name: str, parents: list[Parent], url: str, at_once: int) -> None:
    """All children of one arm, those of a parent together, so that its prompt is read once."""
    asked, turns = operator(name, replies(folder, name), url), asyncio.Semaphore(at_once)

    async def one(number: int, child: int) -> None:
        async with turns:
            await asked.propose(request(name, parents, number, child))

    try:
        await asyncio.gather(*(one(*job) for job in product(range(len(parents)), range(ARMS[name].children))))
    finally:
        await asked.close()
    print(name, asked.usage, flush=True)


async def main(folder: Path, url: str, names: list[str], at_once: str = "96") -> None:
    """One arm after the other."""
    parents = load(folder)
    for name in names:
        await ask(folder, name, parents, url, int(at_once))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2], sys.argv[3].split(","), *sys.argv[4:]))
