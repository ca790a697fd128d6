"""The warriors that a run had before any Red Queen."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from drq.analysis import RunRecord, Study
from drq.analysis.firsts import Baseline, first_warriors


def test_a_run_has_the_first_warriors_that_its_settings_and_its_record_allow(study: Study, tmp_path: Path) -> None:
    run = study.runs[0]

    def kinds(run: RunRecord, **settings: int) -> list[str]:
        firsts = first_warriors(replace(run, config=replace(run.config, **settings)))
        assert firsts[0] == Baseline("starter", run.starters[0])
        return [first.kind for first in firsts[1:]]

    assert kinds(run) == ["zero-shot", "best of 8", "specialist"]
    assert kinds(run, initial=1) == kinds(run, initial=0) == ["zero-shot", "specialist"]
    assert kinds(run, iterations=0) == ["zero-shot", "best of 8"]
    assert kinds(replace(run, champions=run.champions[1:])) == ["zero-shot", "best of 8"]
    shutil.copy(run.directory / "run.sqlite", tmp_path)
    with closing(sqlite3.connect(tmp_path / "run.sqlite")) as db:
        first, *others = db.execute(
            "SELECT digest FROM candidates JOIN evaluations ON candidate_id = id"
            " WHERE round = 0 AND iteration BETWEEN 0 AND 7 ORDER BY iteration <> 0, fitness DESC, iteration"
        ).fetchall()
        db.execute("DELETE FROM evaluations WHERE candidate_id IN (SELECT id FROM candidates WHERE iteration = 0)")
        db.commit()
    assert first_warriors(run)[1].warrior.digest == first[0]
    late = replace(run, directory=tmp_path)
    assert kinds(late) == ["best of 8", "specialist"] and kinds(late, initial=1) == ["specialist"]
    assert first_warriors(late)[1].warrior.digest == others[0][0]
    assert first_warriors(late)[2].warrior == run.champions[0].warrior
