"""The battles that pMARS 0.9.4 fought for the corpus, and its answers to the semantics cases."""

from __future__ import annotations

import csv
import json
import os
from functools import cache
from pathlib import Path

import pytest

from redcode import ICWS88, ICWS94, NANO, TINY, RedcodeError, Warrior, fight, load
from redcode.machine.placement import seed_from_position, series

CORPUS = Path(os.environ.get("REDCODE_CORPUS", "no corpus"))
RULES = {"88": ICWS88, "94": ICWS94, "94nop": ICWS94, "tiny": TINY, "nano": NANO, "human": ICWS94}

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="expected REDCODE_CORPUS to name the corpus of warriors")


@cache
def warrior(hill: str, name: str) -> Warrior:
    return load(CORPUS / hill / name, RULES[hill])


def rows() -> list[dict[str, str]]:
    with (CORPUS / "battles.csv").open() as table:
        return list(csv.DictReader(table))


@pytest.mark.parametrize("hill", RULES)
def test_every_duel_ends_as_in_pmars(hill: str) -> None:
    differing = []
    duels = [row for row in rows() if row["set"] == hill]
    for row in duels:
        rules = RULES[hill]
        seed = seed_from_position(int(row["position"]), rules)
        starts = series(2, rules, seed, int(row["rounds"]))
        result = fight([warrior(hill, row["warrior_1"]), warrior(hill, row["warrior_2"])], rules, starts=starts)
        ours = [int(number[index]) for index in (0, 1) for number in (result.wins, result.ties)]
        theirs = [int(row[name]) for name in ("wins_1", "ties_1", "wins_2", "ties_2")]
        if ours != theirs:
            differing.append((row, ours))
    assert len(duels) > 100
    assert differing == []


def test_every_melee_scores_as_in_pmars() -> None:
    melees = [json.loads(line) for line in (CORPUS / "melees.jsonl").read_text().splitlines()]
    for melee in melees:
        hill, names = melee["set"], melee["warriors"]
        rules, count = RULES[hill], len(names)
        starts = series(count, rules, seed_from_position(melee["position"], rules), 5)
        survived = fight([warrior(hill, name) for name in names], rules, starts=starts).survived
        survivors = survived.sum(axis=1)
        for index, theirs in enumerate(melee["koth"]):
            with_survivors = [int((survived[:, index] & (survivors == left)).sum()) for left in range(1, count + 1)]
            score = sum(
                (count * count - 1) // left * rounds
                for left, rounds in zip(range(1, count + 1), with_survivors, strict=True)
            )
            assert [score, *with_survivors, int((~survived[:, index]).sum())] == theirs, melee
    assert len(melees) > 50


def test_every_semantics_case_answers_as_pmars() -> None:
    folder = CORPUS / "semantics"
    with (folder / "cases.csv").open() as table:
        cases = {row["case"]: row["pmars_0.9.4"] for row in csv.DictReader(table)}
    sitter = load(folder / "sitter.red", ICWS94)
    answers = {}
    for name in cases:
        try:
            subject = load(folder / f"{name}.red", ICWS94)
        except RedcodeError:
            answers[name] = "ERR"
            continue
        survived = fight([subject, sitter], ICWS94, starts=[[0, 4000]]).survived[0, 0]
        answers[name] = "ok" if survived else "DIES"
    assert answers == cases
