"""What was learnt of proposals, against the rows of the runs and against proposals whose fate is known."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import closing
from difflib import SequenceMatcher
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drq.analysis import Study, learnt_table, load_runs, proposal_rows
from drq.analysis.learnt import MEASURES, edits
from drq.analysis.open_study import open_study
from drq.config import RunConfig
from drq.llm import prompts
from drq.operators.base import Request
from drq.operators.scripted import ScriptedOperator
from drq.plots.figures import make
from drq.run.observer import Observer
from drq.run.run import Run
from drq.store.database import open_for_reading
from redcode import NANO, assemble, builtin_source, disassemble
from redcode.isa import EMPTY_CELL, Instruction, Opcode
from redcode.machine.unused import used_code
from tests.drq.runs import DWARF, nano_config, opponent

RECORDED = Path(__file__).parents[2] / "data" / "recorded_run"
CHANGES = """
SELECT count(*), avg(coalesce(own.fitness > parent.fitness, 0)), sum(own.placement_fitness = parent.placement_fitness)
FROM candidates LEFT JOIN evaluations AS own ON own.candidate_id = id
JOIN evaluations AS parent ON parent.candidate_id = json_extract(parents, '$[0]') WHERE kind = 'mutate'"""
ALL = """
SELECT count(*), avg(digest IS NOT NULL), avg(coalesce(survived > 0, 0)), sum(status IN ('new', 'improved')) * 1.0 / count(*)
FROM candidates LEFT JOIN evaluations ON evaluations.candidate_id = id
LEFT JOIN insertions ON insertions.candidate_id = id WHERE kind <> 'seed'"""  # noqa: E501


def one_row(directory: Path, query: str) -> tuple[float, ...]:
    with closing(open_for_reading(directory / "run.sqlite")) as db:
        return tuple(db.execute(query).fetchone())


def execute(config: RunConfig, directory: Path, script: Callable[[Request], str]) -> None:
    Run(config, directory, [opponent()], build=lambda *_: ScriptedOperator(script)).execute(lambda _: Observer())


def test_shares_are_those_of_the_rows(study: Study) -> None:
    run = study.runs[2]
    rows = proposal_rows(run)
    count, assembled, survived, entered = one_row(run.directory, ALL)
    assert len(rows) == count
    found = rows[["assembled", "survived", "entered"]].astype(float).mean()
    assert found.tolist() == pytest.approx([assembled, survived, entered])
    changes, better, alike = one_row(run.directory, CHANGES)
    assert rows["better"].notna().sum() == changes and rows["better"].mean() == pytest.approx(better)
    assert rows["unchanged"].sum() == alike > 0


def test_the_table_is_a_mean_over_all_runs_with_an_interval_over_families(study: Study) -> None:
    table = learnt_table(study).set_index(["group", "measure"])
    runs = [run for run in study.runs if run.group == "K = 1"]
    means = [proposal_rows(run)["edits"].astype(float).mean() for run in runs]
    row = table.loc[("K = 1", "edits")]
    assert row["families"] == 6 and row["low"] < row["value"] < row["high"]
    assert row["value"] == pytest.approx(np.mean(means), abs=0.1) and min(means) < row["value"] < max(means)
    assert (table["operator"] == "genetic").all() and (table["model"] == "").all()
    assert set(table.index.get_level_values("measure")) == set(MEASURES)
    shares = table[table.index.get_level_values("measure") == "better"]
    assert ((shares["low"] > 0) & (shares["low"] < shares["value"]) & (shares["high"] < 1)).all()


ANSWERS = {
    0: "JMP.B $-1, $7\nSPL $2, $0\n",
    1: "JMP.A $-1, $3\nSPL $2, <0\n",  # SPL steps a pointer now
    2: "JMP.A $-1, $3\nSPL $2, #9\n",  # only unused parts differ from the first
    3: "no redcode",
    4: prompts.examples(NANO)[0],
    5: builtin_source("gate_bomber"),
    6: "DAT $0, $0\n",
}


def test_copies_are_known_as_what_they_copy(tmp_path: Path) -> None:
    execute(
        nano_config(rounds=1, initial=len(ANSWERS), iterations=0), tmp_path, lambda request: ANSWERS[request.iteration]
    )
    (run,) = load_runs([tmp_path])
    known = {used_code(assemble(builtin_source("gate_bomber"), NANO))}
    rows = proposal_rows(run, known)
    flags = rows[["assembled", "copies_earlier", "copies_example", "copies_known"]].astype(bool)
    expected = pd.DataFrame(False, index=range(len(ANSWERS)), columns=flags.columns)
    expected["assembled"] = [number != 3 for number in ANSWERS]
    expected.loc[2, "copies_earlier"] = expected.loc[4, "copies_example"] = expected.loc[5, "copies_known"] = True
    pd.testing.assert_frame_equal(flags, expected)
    assert rows[["better", "edits", "moved", "copies_parent"]].isna().all(axis=None)


def test_changes_are_measured_from_their_parents(tmp_path: Path) -> None:
    def script(request: Request) -> str:
        if not request.parents:
            return DWARF
        lines = disassemble(request.parents[0].warrior, request.rules).splitlines()
        return "\n".join(lines).replace("ADD.AB #4", f"ADD.AB #{request.iteration % 2 + 4}")

    execute(nano_config(crossover_share=0.0, new_share=0.0), tmp_path, script)
    (run,) = load_runs([tmp_path])
    rows = proposal_rows(run)
    changes = rows[rows["edits"].notna()]
    assert set(changes["edits"]) == {0, 1}
    assert (changes["copies_parent"] == (changes["edits"] == 0)).all()
    assert (changes["moved"][changes["edits"] == 0] == 0).all()
    assert changes["unchanged"][changes["edits"] == 0].all()


def test_a_model_is_named_and_its_table_is_drawn(tmp_path: Path) -> None:
    shutil.copytree(RECORDED, tmp_path / "run")
    study = open_study([tmp_path], placements=1, threads=1)
    table = make("proposals", study).tables["proposals"]
    assert set(table["model"]) == {"gemma-3-270m-q4_k_m.gguf"} and set(table["operator"]) == {"llm"}
    assert table.set_index("measure").loc["assembled", "value"] == 1.0
    assert table[["low", "high"]].isna().all(axis=None)


CODES = st.lists(st.integers(0, 3).map(lambda number: EMPTY_CELL._replace(a=number)), max_size=9)
"""Few different instructions, so that many are equal."""


@given(CODES, CODES, CODES)
def test_edits_are_a_distance_and_difflib_finds_no_fewer(
    one: list[Instruction], other: list[Instruction], third: list[Instruction]
) -> None:
    assert (edits(one, other) == 0) == (one == other) and edits(one, other) == edits(other, one)
    assert edits(one, third) <= edits(one, other) + edits(other, third)
    blocks = SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
    assert edits(one, other) <= sum(max(i2 - i1, j2 - j1) for tag, i1, i2, j1, j2 in blocks if tag != "equal")


@given(CODES, st.sampled_from(list(Opcode)[1:]), st.lists(st.integers(0, 8), max_size=4, unique=True))
def test_so_many_new_instructions_are_so_many_edits(code: list[Instruction], opcode: Opcode, places: list[int]) -> None:
    added, replaced = list(code), list(code)
    for at in sorted(places):
        added.insert(at, EMPTY_CELL._replace(opcode=opcode))
        replaced[at : at + 1] = [EMPTY_CELL._replace(opcode=opcode)] * (at < len(code))
    assert edits(code, added) == len(places)
    assert edits(code, replaced) == sum(at < len(code) for at in places)
