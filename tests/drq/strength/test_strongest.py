from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from drq.battles.engine import LocalEngine
from drq.battles.hill import all_placements, fight_pairs, points
from drq.cli.configure import configure
from drq.store.reader import RunReader
from drq.strength import Every, LadderConfig, climb, polished, strongest
from redcode import NANO, TINY, assemble, builtin, builtin_names, load
from tests.drq.commands import drq
from tests.drq.run.test_population import population_config
from tests.drq.runs import DWARF, IMP, CountingEngine, execute


def test_the_order_is_that_of_all_placements_at_its_head(tmp_path: Path) -> None:
    """By a count of our own: every placement of every champion against every judge."""
    run = tmp_path / "run"
    execute(population_config(rounds=6, iterations=30), run, (IMP, DWARF))
    with closing(RunReader.open(run)) as reader:
        rounds = strongest(reader, LocalEngine(1))
        again = strongest(reader, LocalEngine(2))
        crowned = [round for round, id in reader.champions().items() if id is not None]
    assert rounds == again and sorted(rounds) == crowned
    judges = tmp_path / "judges"
    shutil.copytree(run / "champions", judges)
    (judges / "imp.red").write_text(IMP)
    (judges / "dwarf.red").write_text(DWARF)
    ladder = climb(
        LadderConfig(warriors=(str(run),), opponents=(str(judges),), placements=Every.ALL, rules=NANO, threads=1)
    )
    scores = {int(line.warrior.rsplit("round ")[1]): line.score for line in ladder.lines}
    best = max(scores.values())
    assert scores[rounds[0]] > best - 12
    assert scores[rounds[0]] > min(scores.values()) or best == min(scores.values())


def test_the_last_champions_of_all_branches_compete_beside_the_recent_ones(tmp_path: Path) -> None:
    execute(population_config(rounds=30, branch=2, iterations=8), tmp_path, (IMP, DWARF))
    with closing(RunReader.open(tmp_path)) as reader:
        crowned = [round for round, id in reader.champions().items() if id is not None]
        competing = sorted(strongest(reader, LocalEngine(1)))
    assert competing == [round for round in crowned[:-24] if round % 2] + crowned[-24:]
    assert len(crowned) > 26


def test_where_few_branches_have_ended_other_champions_judge_too(tmp_path: Path) -> None:
    execute(population_config(rounds=9, branch=6, iterations=8), tmp_path, (IMP, DWARF))
    engine = CountingEngine()
    with closing(RunReader.open(tmp_path)) as reader:
        competing = len(strongest(reader, engine))
    heats = [(competing >> heat, 8 << heat) for heat in range(competing.bit_length())]
    assert engine.battles == sum(left * placements * (2 + competing) for left, placements in heats)


def test_polishing_a_champion_changes_numbers_only_and_makes_it_no_weaker(tmp_path: Path) -> None:
    execute(population_config(rounds=3, iterations=30), tmp_path, (IMP, DWARF))
    with closing(RunReader.open(tmp_path)) as reader:
        round = strongest(reader, LocalEngine(1))[0]
        champion = assemble(reader.candidate(reader.champions()[round] or 0).source or "", NANO)
        best = polished(reader, round, LocalEngine(1), seconds=1.0)
    without_numbers = [[line._replace(a=0, b=0) for line in one.code] for one in (best, champion)]
    assert without_numbers[0] == without_numbers[1]
    others = [assemble(text, NANO) for text in (IMP, DWARF)]
    pairs = np.array([(0, 1), (0, 2)])
    seats = all_placements(2, NANO)
    before, after = (
        points(np.concatenate(list(fight_pairs([one, *others], pairs, seats, NANO, LocalEngine(1))))).mean()
        for one in (champion, best)
    )
    assert after > before - 0.3


def test_strong_ends_with_its_strongest_champion_beside_its_starters(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = [
        "evolve",
        "experiment=strong",
        "rules=nano",
        "minutes=0.02",
        "placements=4",
        "iterations=20",
        "threads=1",
    ]
    done = drq(capsys, monkeypatch, *words)
    first = done.out
    assert done.status == 0, done.err
    assert "5 others, 142 battles per pair" in first and "nano_sweep" in first and "imp" in first
    line = next(line for line in first.splitlines() if line.startswith("strongest"))
    path = Path(line.split()[1].rstrip(","))
    assert load(path, NANO).code and path == Path("runs/strong/seed_0/strongest.red")
    with closing(RunReader.open("runs/strong/seed_0")) as run:
        before = len(run.champions())
        held_out = {builtin(name).digest for name in builtin_names("nano_held_out")}
        assert before >= 1 and not held_out & run.met()
    assert drq(capsys, monkeypatch, *words).status == 0
    with closing(RunReader.open("runs/strong/seed_0")) as run:
        assert len(run.champions()) > before  # the same command goes on


def test_fitting_means_the_warriors_made_for_the_core() -> None:
    starters = configure(["experiment=strong", "rules=tiny"]).config.starter
    assert set(builtin_names("tiny")) < set(starters) and "dwarf" in starters and "paper" not in starters
    assert not any("held_out" in name for name in starters)
    for name in starters:
        builtin(name, TINY)
    big = configure(["experiment=strong"]).config.starter
    assert set(big) == {*builtin_names("starters"), *builtin_names("strong")}
