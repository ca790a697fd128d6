"""What is measured of the runs, against what the machine says, and that it is measured once."""

from __future__ import annotations

import os
import shutil
import sqlite3
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from drq.analysis import Study
from drq.analysis.open_study import open_study
from drq.battles.duels import Duel, fight_duels
from drq.battles.engine import LocalEngine
from drq.battles.scoring import Outcome
from drq.battles.seating import draw_seating
from drq.measurements import SEED, Cache
from drq.measurements.cache import CACHE_FILE
from drq.randomness import Purpose, generator
from drq.store.comparison import comparable_rows
from redcode import Rules, Warrior, disassemble, fight_batch
from redcode.isa import Instruction, Modifier
from redcode.machine.unused import used_code, without_unused
from tests.drq.analysis.conftest import PLACEMENTS
from tests.drq.runs import DWARF, IMP, execute, nano_config


class NoEngine(LocalEngine):
    """Fights nothing."""

    def fight(self, *arguments: object) -> object:  # type: ignore[override]
        raise AssertionError("expected everything to be in the cache")


def duels(pool: list[Warrior], rules: Rules) -> list[Duel]:
    """The first of the pool against each of the others."""
    pairs = np.array([(0, i) for i in range(1, len(pool))])
    return [duel for chunk in fight_duels(pool, pairs, rules, PLACEMENTS, SEED, LocalEngine(1)) for duel in chunk]


def test_shapes_and_shares(study: Study) -> None:
    champions, opponents = len(study.champions), len(study.opponents)
    assert champions == 96 and study.phenotypes.shape == study.defeats.shape == (champions, opponents)
    assert study.genotypes.shape[0] == champions
    assert np.allclose(np.linalg.norm(study.genotypes, axis=1), 1, atol=1e-6)
    assert not (study.defeats & study.ties).any()
    assert np.allclose(study.champions["generality"], (study.defeats | study.ties).mean(axis=1))
    assert all(matrix.shape == (8, 8) for matrix in study.matrices)


def test_a_phenotype_is_what_duels_say(study: Study) -> None:
    run = study.runs[3]
    opponents = [warrior for _, warrior in study.opponents[:3]]
    fought = duels([run.champions[2].warrior, *opponents], study.rules)
    row = study.rows_of(3)[2]
    assert study.phenotypes[row, :3] == pytest.approx([duel.fitness for duel in fought])
    assert study.defeats[row, :3].tolist() == [duel.outcome is Outcome.DEFEATS for duel in fought]


def test_a_matrix_is_what_duels_say(study: Study) -> None:
    champions = study.runs[0].champions
    (fought,) = duels([champions[1].warrior, champions[4].warrior], study.rules)
    assert study.matrices[0][1, 4] == pytest.approx(fought.fitness)
    assert study.matrices[0][4, 1] == pytest.approx(fought.opponent_fitness)
    assert study.beats[0][1, 4] == (fought.outcome is Outcome.DEFEATS)
    assert not (study.beats[0] & study.beats[0].T).any()


def test_a_defeat_is_sure_where_a_t_test_over_placements_says_so(study: Study) -> None:
    run, warriors = study.runs[3], [champion.warrior for champion in study.runs[3].champions]
    seating = draw_seating(generator(SEED, Purpose.DUELS), PLACEMENTS, 2, study.rules)
    certain = set()
    for i, j in combinations(range(len(warriors)), 2):
        pair = [warriors[i], warriors[j]]
        result = fight_batch(pair, seating.entrants, seating.starts, study.rules, stop="all", threads=1)
        fought = np.take_along_axis(result.alive_share, seating.places, axis=1)
        difference = fought[:, 0] - fought[:, 1]
        if difference.any() and (not np.ptp(difference) or stats.ttest_1samp(difference, 0).pvalue < 0.05):
            certain.add((i, j) if difference.mean() > 0 else (j, i))
    assert {tuple(pair) for pair in np.argwhere(study.sure[3])} == certain and certain
    assert len(certain) < study.beats[3].sum() and run.group == study.runs[0].group


def test_one_placement_makes_nothing_sure(small: Path) -> None:
    study = open_study([small / "run"], opponents=(str(small / "dwarf.red"),), placements=1, threads=1)
    assert study.beats[0].any() and not study.sure[0].any()


def test_another_seed_is_another_measurement(small: Path) -> None:
    one, other = opened(small), opened(small, seed=1)
    assert (one.seed, other.seed) == (0, 1) and not np.array_equal(one.phenotypes, other.phenotypes)


def test_a_cache_of_another_version_is_measured_again(small: Path) -> None:
    first = opened(small)
    with sqlite3.connect(small / "run" / CACHE_FILE) as db:
        kept = db.execute("SELECT * FROM embeddings").fetchall()
        db.executescript(
            "CREATE TABLE old AS SELECT conditions, warrior, opponent, 9.0 AS fitness, 9.0 AS other FROM duels;"
            "DROP TABLE duels; ALTER TABLE old RENAME TO duels; PRAGMA user_version = 0;"
        )
    assert np.array_equal(opened(small).phenotypes, first.phenotypes)
    with sqlite3.connect(small / "run" / CACHE_FILE) as db:
        assert db.execute("SELECT count(*) FROM duels WHERE fitness > 2").fetchone() == (0,)
        assert db.execute("SELECT * FROM embeddings").fetchall() == kept


def test_opponents_left_out_are_named_with_the_reason(small: Path) -> None:
    """Each reason once, whatever the line; not more names and reasons than one reads."""
    texts = {"a": "FOO 1", "b": "JMP 0\nFOO 1", "c": "FOO 1", "d": "FOO 1", "e": "JMP $", "f": "MOV 1"}
    texts |= {f"bar{i}": f"BAR{i} 1" for i in range(2)}
    for name, text in texts.items():
        (small / f"{name}.red").write_text(text)
    opponents = tuple(str(small / f"{name}.red") for name in ("dwarf", *texts))
    notes = open_study([small / "run"], opponents=opponents, placements=2, threads=1).notes
    assert notes[0].startswith("8 of 9 opponents are left out, because they do not assemble here: ")
    first, second, third = notes[0].partition("here: ")[2].split("; ")
    assert first == "expected an instruction, got 'FOO' (a, b, c and 1 more)"
    assert second.endswith(" (e)") and third.endswith(" (f) and 2 other reasons")
    assert notes[1] == "only 1 opponent: each counts for 100 % of generality"


def test_a_copy_has_the_phenotype_or_the_used_code_of_what_was_before(study: Study) -> None:
    rows, expected, by_phenotype = study.champions, [], []
    others = [warrior for _, warrior in study.opponents]
    for run, record in enumerate(study.runs):
        kind, of = study.baselines["kind"], study.baselines["run"]
        starter = duels([record.starters[0], *others], study.rules)
        assert ((kind == "starter") & (of == run)).sum() == 1
        phenotypes: dict[object, int] = {np.array([duel.fitness for duel in starter]).tobytes(): -1}
        codes: dict[object, int] = {used_code(record.starters[0]): -1}
        for row, champion in zip(study.rows_of(run), record.champions, strict=True):
            alike = phenotypes.get(study.phenotypes[row].tobytes()), codes.get(used_code(champion.warrior))
            expected.append(min((first for first in alike if first is not None), default=None))
            by_phenotype.append(alike[0])
            phenotypes.setdefault(study.phenotypes[row].tobytes(), champion.round)
            codes.setdefault(used_code(champion.warrior), champion.round)
    assert [None if pd.isna(value) else int(value) for value in rows["copy_of"]] == expected
    assert any(expected) and any(by_phenotype)


def test_a_copy_of_an_opponent_is_known_by_its_code_but_for_what_it_does_not_use(small: Path) -> None:
    found = opened(small)
    champion = found.runs[0].champions[-1].warrior
    changed = Warrior(tuple(_otherwise(cell) for cell in champion.code), champion.start)
    assert changed != champion
    (small / "imp.red").write_text(disassemble(changed, found.rules))
    after = opened(small)
    copies = after.champions["copy_of"].fillna(0).to_numpy() == -2
    assert copies[-1]
    assert copies.tolist() == [used_code(one.warrior) == used_code(changed) for one in after.runs[0].champions]


def _otherwise(cell: Instruction) -> Instruction:
    """The instruction with other numbers where it uses none."""
    used = without_unused(cell)
    changes = [cell._replace(a=9), cell._replace(b=9), cell._replace(modifier=Modifier.X)]
    return next((change for change in changes if change != cell and without_unused(change) == used), cell)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A run of nano rules, and two opponents."""
    execute(nano_config(rounds=3), tmp_path / "run", (IMP,))
    for name, text in (("imp", IMP), ("dwarf", DWARF)):
        (tmp_path / f"{name}.red").write_text(text)
    return tmp_path


def opened(small: Path, **settings: object) -> Study:
    opponents = (str(small / "imp.red"), str(small / "dwarf.red"))
    return open_study([small / "run"], opponents=opponents, placements=5, threads=1, **settings)  # type: ignore[arg-type]


def test_what_was_measured_once_is_not_fought_again(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[int, int]] = []
    first = opened(small, progress=lambda what, done, of: told.append((done, of)))
    assert told[0][1] == told[-1][0] > 0
    monkeypatch.setattr("drq.analysis.open_study.build_engine", lambda settings, threads: NoEngine())
    again = opened(small)
    pd.testing.assert_frame_equal(first.champions, again.champions)
    assert np.array_equal(first.phenotypes, again.phenotypes) and np.allclose(first.genotypes, again.genotypes)


def test_the_run_itself_is_left_as_it_was(small: Path) -> None:
    before, bytes_before = comparable_rows(small / "run"), (small / "run/run.sqlite").read_bytes()
    opened(small)
    assert comparable_rows(small / "run") == before and (small / "run/run.sqlite").read_bytes() == bytes_before
    execute(nano_config(rounds=3), small / "run", (IMP,))  # it is still a run that can be gone on with
    assert comparable_rows(small / "run") == before


@pytest.mark.parametrize("damage", ["deleted", "not a database", "half"])
def test_the_cache_may_be_lost(small: Path, damage: str) -> None:
    first, cache = opened(small), small / "run" / CACHE_FILE
    if damage == "deleted":
        cache.unlink()
    elif damage == "half":
        cache.write_bytes(cache.read_bytes()[:5000])
    else:
        cache.write_text("this is no database at all " * 50)
    assert np.array_equal(opened(small).phenotypes, first.phenotypes)


def test_other_placements_are_other_measurements(small: Path) -> None:
    opened(small)
    open_study([small / "run"], opponents=(str(small / "dwarf.red"),), placements=6, threads=1)
    with sqlite3.connect(small / "run" / CACHE_FILE) as db:
        assert db.execute("SELECT count(DISTINCT conditions) FROM duels").fetchone() == (2,)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_run_is_measured_without_a_cache(small: Path) -> None:
    (small / "run").chmod(0o500)
    try:
        assert len(opened(small).champions) == 3
    finally:
        (small / "run").chmod(0o700)


def test_a_cache_that_cannot_be_opened_lives_in_memory(tmp_path: Path) -> None:
    (tmp_path / CACHE_FILE).mkdir()
    cache = Cache(tmp_path)
    duel = Duel(1.5, 0.5, 0.25, 0.1, 0.2, 3, 1)
    cache.add_duels("c", {("a", "b"): duel})
    assert cache.duels("c") == {("a", "b"): duel} and cache.duels("d") == {}
    cache.close()


def test_an_opponent_that_was_a_starter_is_noted(small: Path) -> None:
    assert opened(small).notes[0] == "not unseen: 1 of the opponents were starters of a run here: imp"


def test_an_unfinished_run_is_noted_and_left_out_of_trends(recorded: Path, tmp_path: Path) -> None:
    from drq.analysis import trends

    for name in ("dwarf", "paper"):
        shutil.copytree(recorded / "kall" / name, tmp_path / name)
    with sqlite3.connect(tmp_path / "paper/run.sqlite") as db:
        db.execute("DELETE FROM champions WHERE round >= 3")
    study = open_study([tmp_path], placements=PLACEMENTS, threads=1)
    assert study.notes[0].startswith("paper has 3 champions of 8 planned rounds")
    found = {trend.quantity: trend for trend in trends(study)}
    assert found["generality"].by_run is not None and len(found["generality"].by_run) == 1
    assert found["phenotype_variance"].why == "one run has no variance across runs"
