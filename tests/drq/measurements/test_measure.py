"""The champions of a run meet the held-out warriors once, whoever asks."""

from __future__ import annotations

import io
import os
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from drq.analysis.open_study import open_study
from drq.battles import engine
from drq.battles.duels import EVEN
from drq.battles.engine import LocalEngine
from drq.cli.summary import print_summary
from drq.measurements import PLACEMENTS, Cache, Conditions, against
from drq.opponents.held_out import held_out
from drq.report import ChampionDuels, report_page
from drq.store.reader import RunReader
from drq.tournament import TournamentConfig, play
from redcode import NANO
from redcode.machine.battle import fight_batch
from tests.drq.runs import IMP, execute, nano_config, opponent


def summary(run: Path) -> str:
    text = io.StringIO()
    with closing(RunReader.open(run)) as store:
        print_summary(store, NANO, LocalEngine(1), Console(file=text, width=200))
    return text.getvalue()


def report(run: Path) -> None:
    with closing(ChampionDuels(run, NANO, LocalEngine(1))) as duels:
        report_page(run, duels)


def analysis(run: Path) -> None:
    open_study([run], threads=1)


def tournament(run: Path) -> None:
    play(TournamentConfig((str(run),), rules=NANO, threads=1))


READERS: list[Callable[[Path], object]] = [summary, report, analysis, tournament]


@pytest.fixture
def fought(monkeypatch: pytest.MonkeyPatch) -> Counter[frozenset[str]]:
    """Counts the battles of this machine by the digests of who meets."""
    counts: Counter[frozenset[str]] = Counter()

    def count(pool: Any, entrants: Any, *arguments: Any, **options: Any) -> Any:
        for pair, battles in zip(*np.unique(np.sort(entrants, axis=1), axis=0, return_counts=True), strict=True):
            counts[frozenset(pool[i].digest for i in pair)] += int(battles)
        return fight_batch(pool, entrants, *arguments, **options)

    monkeypatch.setattr(engine, "fight_batch", count)
    return counts


@pytest.mark.parametrize("first", range(4))
def test_the_second_reader_fights_nothing(first: int, tmp_path: Path, fought: Counter[frozenset[str]]) -> None:
    run = tmp_path / "run"
    execute(nano_config(), run)
    with closing(RunReader.open(run)) as store:
        champions = {store.candidate(id).digest for id in store.champions().values() if id is not None}
    fought.clear()
    for reader in (*READERS[first:], *READERS[:first], *READERS):
        reader(run)
    expected = {frozenset((one, other.digest)) for one in champions for other in held_out(NANO) if one != other.digest}
    assert {pair: fought[pair] for pair in expected} == dict.fromkeys(expected, PLACEMENTS)
    fought.clear()
    for reader in READERS:
        reader(run)
    assert not fought


def test_all_readers_say_the_same(tmp_path: Path) -> None:
    run = tmp_path / "run"
    execute(nano_config(), run)
    champions = open_study([run], threads=1).champions
    standings = play(TournamentConfig((str(run),), rules=NANO, threads=1)).standings
    assert {f"run, round {row.round}": row.generality for row in champions.itertuples()} == {
        line.warrior: pytest.approx(line.generality)
        for line in standings  # type: ignore[attr-defined]
    }
    for row in champions.itertuples():
        assert f"│ {row.generality:>12.0%} │" in summary(run)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_run_is_read_without_a_cache(tmp_path: Path) -> None:
    execute(nano_config(), tmp_path / "run")
    (tmp_path / "run").chmod(0o500)
    try:
        for reader in (summary, tournament):
            reader(tmp_path / "run")
        assert not (tmp_path / "run/measured.sqlite").exists()
    finally:
        (tmp_path / "run").chmod(0o700)


def test_progress_counts_what_is_left_to_fight() -> None:
    told: list[tuple[str, int, int]] = []
    warriors, others = [opponent(IMP).warrior], held_out(NANO)[:2]
    conditions = Conditions(NANO, 5)
    with closing(Cache(None)) as cache:
        first = against(warriors, others, conditions, cache, LocalEngine(1), lambda *told_of: told.append(told_of))
        assert told == [("Battles", 0, 10), ("Battles", 10, 10)]
        assert against(warriors, others, conditions, cache, LocalEngine(1)) == first
        assert against(warriors, warriors, conditions, cache, LocalEngine(1)) == [[EVEN]]
