"""Long runs: bounded memory and disk, and what is on record is neither fought nor assembled again.

DRQ_SLOW=1 pytest -s tests/drq/run/test_long_run.py
"""

from __future__ import annotations

import asyncio
import os
import resource
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from drq.operators.scripted import ScriptedOperator
from drq.run.observer import Inserted, Observer
from redcode import Rules, Warrior, assemble
from tests.drq.runs import CountingEngine, evolve, nano_config, random_source

CANDIDATES = 100_000


@pytest.mark.skipif(not os.environ.get("DRQ_SLOW"), reason="takes some minutes: set DRQ_SLOW=1")
def test_100_000_candidates(tmp_path: Path) -> None:
    config = nano_config(rounds=1, iterations=CANDIDATES, placements=2)
    operator = ScriptedOperator(lambda request: random_source(request.rng), in_flight=4)
    asyncio.run(evolve(config, tmp_path, operator))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    disk = sum(path.stat().st_size for path in tmp_path.iterdir()) / 1e6
    assert memory < 1000 and disk < 500


def test_a_recorded_round_is_walked_without_a_battle_and_only_elites_are_assembled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    operator = ScriptedOperator(lambda request: random_source(request.rng), in_flight=3)
    asyncio.run(evolve(nano_config(rounds=1, iterations=60), tmp_path, operator))
    with closing(sqlite3.connect(tmp_path / "run.sqlite")) as db, db:
        db.execute("DELETE FROM champions")
    texts: list[str] = []

    def counting(text: str, rules: Rules) -> Warrior:
        texts.append(text)
        return assemble(text, rules)

    monkeypatch.setattr("drq.run.round.assemble", counting)
    events: list[Inserted] = []
    watch = Observer()
    watch.inserted = events.append  # type: ignore[method-assign]
    with closing(sqlite3.connect(tmp_path / "run.sqlite")) as db:
        (kept,) = db.execute("SELECT count(*) FROM insertions WHERE status <> 'not added'").fetchone()
    engine = CountingEngine()
    asyncio.run(evolve(nano_config(rounds=1, iterations=61), tmp_path, operator, engine, observer=watch))
    assert kept + 1 <= len(texts) < 32 and len(events) == 65 and engine.batches == 1
    assert [event.battles for event in events[:-1]] == [0] * 64
