"""What decides who stays and who is crowned: fitness as on record, or nothing that a warrior does."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from drq.analysis.recorded import unpack
from drq.battles.engine import LocalEngine
from drq.config import RunConfig, Selection
from drq.operators.scripted import ScriptedOperator
from drq.run.observer import Observer
from drq.run.run import Run, recorded_starters
from drq.run.selection import rank
from drq.store.comparison import comparable_rows
from drq.store.reader import reading
from redcode.machine.battle import BattleResult
from tests.drq.runs import evolve, execute, nano_config, random_source

ARCHIVE = Path(__file__).parents[2] / "data/study/runs.tar.xz"


@pytest.fixture(scope="module")
def recorded() -> Iterator[Path]:
    folder = unpack(ARCHIVE)
    yield folder / "kall/dwarf"
    shutil.rmtree(folder)


def test_a_run_of_an_earlier_version_goes_on_and_its_first_rounds_come_out_again(
    recorded: Path, tmp_path: Path
) -> None:
    with reading(recorded) as run:
        config, starters = run.run_config(), recorded_starters(run, run.run_config().rules)
    assert config.selection is Selection.FITNESS
    Run(config, recorded, starters).execute(lambda operator: Observer())  # it is finished, and nothing is refused
    Run(replace(config, rounds=2, threads=1), tmp_path, starters).execute(lambda operator: Observer())
    old, new = comparable_rows(recorded), comparable_rows(tmp_path)
    for rows in (old, new):  # cycles and opponents' shares are no longer measured
        rows["evaluations"] = [row[:3] + row[4:-1] for row in rows["evaluations"]]
    for table in ("rounds", "candidates", "evaluations", "insertions", "champions"):
        assert new[table] and new[table] == old[table][: len(new[table])]


class Upside(LocalEngine):
    """Fights as it is and tells other shares: the worst of all warriors count as the best."""

    def fight(self, *battles: Any) -> BattleResult:
        result = super().fight(*battles)
        return replace(result, alive_share=2.0 - result.alive_share)


def test_what_a_shadow_keeps_does_not_depend_on_fitness(tmp_path: Path) -> None:
    rows = {}
    for selection in Selection:
        for name, engine in (("as it is", LocalEngine(1)), ("upside down", Upside(1))):
            directory = tmp_path / selection / name
            script = ScriptedOperator(lambda request: random_source(request.rng))
            asyncio.run(evolve(nano_config(selection=selection, iterations=40), directory, script, engine))
            rows[selection, name] = comparable_rows(directory)
    shadow, turned = rows[Selection.RANDOM, "as it is"], rows[Selection.RANDOM, "upside down"]
    assert shadow["evaluations"] != turned["evaluations"]
    for table in ("candidates", "insertions", "champions"):
        assert shadow[table] == turned[table]
        assert rows[Selection.FITNESS, "as it is"][table] != rows[Selection.FITNESS, "upside down"][table]


def test_a_shadow_is_a_run_like_any_other(tmp_path: Path) -> None:
    """It resumes, and all its different codes have a share in its champions."""
    config = nano_config(selection="random", rounds=3)
    execute(config, tmp_path / "whole")
    for rounds in (1, 2):
        short = replace(config, rounds=rounds)
        execute(short, tmp_path / f"{rounds}")
        part, whole = comparable_rows(tmp_path / f"{rounds}"), comparable_rows(tmp_path / "whole")
        assert part["champions"] == whole["champions"][:rounds]


def test_a_random_rank_is_even_and_belongs_to_the_code_and_the_round() -> None:
    config = RunConfig(selection=Selection.RANDOM)
    digests = [np.random.default_rng(i).bytes(32).hex() for i in range(2000)]
    ranks = np.array([rank(config, 3, digest, fitness=0.1 * i) for i, digest in enumerate(digests)])
    assert stats.kstest(ranks, "uniform").pvalue > 0.001
    assert abs(stats.spearmanr(ranks, np.arange(2000)).statistic) < 0.08
    assert [rank(config, 3, digest, fitness=9.0) for digest in digests[:50]] == ranks[:50].tolist()
    for other in (rank(config, 4, digests[0], 0.0), rank(replace(config, seed=1), 3, digests[0], 0.0)):
        assert other != ranks[0]
    assert rank(RunConfig(), 3, digests[0], 0.7) == 0.7
