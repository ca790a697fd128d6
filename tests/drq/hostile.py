"""A run whose every text is an attack on the page that shows it."""

from __future__ import annotations

import asyncio
from pathlib import Path

from drq.battles.engine import LocalEngine
from drq.config import RunConfig
from drq.llm.calls import Call
from drq.operators.base import Request
from drq.operators.scripted import ScriptedOperator
from drq.plain import to_plain
from drq.run.provenance import provenance
from drq.run.red_queen import RedQueen
from drq.run.round import Services
from drq.store import RunStore
from drq.store.reader import Starter
from tests.drq.runs import IMP, opponent, random_source

HOSTILE = "<script>window.pwned=1</script></script><img src=x onerror=window.pwned=1>\u202e\x07"


def hostile_script(request: Request) -> str | None:
    """Warriors with such names and comments, and as many that do not assemble or do not exist."""
    kind = request.iteration % 3
    if kind == 0:
        return None
    if kind == 1:
        return f"{HOSTILE}{request.iteration}"
    source = random_source(request.rng).replace(";name Unknown", f";name {HOSTILE}", 1)
    return f";strategy {'x' * 100_000}\n{source}; {HOSTILE}\n"


def scripted_run(directory: Path, config: RunConfig) -> None:
    """A run by that script, with two calls to a model on record."""
    starter = opponent(IMP)
    rows = [Starter(HOSTILE, starter.warrior.digest, starter.source)]
    store = RunStore.open_or_create(directory, to_plain(config), provenance({}), rows)
    operator = ScriptedOperator(hostile_script)
    try:
        id = store.begin_invocation({})
        asyncio.run(RedQueen([starter], Services(config, operator, LocalEngine(1), store)).run())
        for turn, (error, tokens) in enumerate([(None, 300), ("429: slow down", None)]):
            reply = None if error else HOSTILE
            cost = None if error else 0.25
            store.calls.add(
                Call(
                    0, 0, turn, "small", None, "hash", "[]", "{}", reply, None, error, tokens, tokens, cost, 1, 0.0, 2.0
                ),
                "You write redcode.",
            )
        store.end_invocation(id, "finished")
    finally:
        store.close()
