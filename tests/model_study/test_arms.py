"""The arms ask what the plan says (docs/model_study.md)."""

from __future__ import annotations

import asyncio
import hashlib
import json
import sqlite3
import tarfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from drq.candidate import Candidate, Evaluation, Kind
from drq.cli.configure import configure
from drq.llm.grammar import redcode_grammar
from drq.operators.llm import LlmOperator
from drq.store.call_store import CallStore
from redcode import assemble
from tests.model_study.arms import ARMS, GENETIC, LINES, MODEL, PER_FAMILY, operator, request, run_settings
from tests.model_study.families import PLACES, RULES, STARTERS, chosen, load, overrides

DATA = Path(__file__).parents[1] / "data" / "model_study"
PARENTS = load(DATA)


def told(name: str, number: int) -> list[dict[str, str]]:
    asked = operator(name, CallStore.in_memory())
    assert isinstance(asked, LlmOperator)
    return asyncio.run(asked.messages(request(name, PARENTS, number, 0)))


def grammars(file: Path) -> set[str]:
    """The digests of the grammars that were sent."""
    with closing(sqlite3.connect(file)) as db:
        return {json.loads(options)["grammar"] for (options,) in db.execute("SELECT options FROM calls")}


def test_there_is_a_parent_for_each_family_round_and_place() -> None:
    keys = [(one.family, one.round, one.place) for one in PARENTS]
    assert keys == [(family, round, place) for family in STARTERS for round in (0, 1) for place in PLACES]
    for one in PARENTS:
        assert assemble(one.source, RULES).code
        assert len(one.fought) == len(one.shares) == 1 + one.round


@pytest.mark.parametrize("number", [0, 7, 95])
def test_the_placebo_shows_the_same_place_of_another_family(number: int) -> None:
    own = PARENTS[number]
    other = PARENTS[(number + PER_FAMILY) % len(PARENTS)]
    assert (other.round, other.place) == (own.round, own.place) and other.family != own.family
    assert told("placebo", number) == told("model", (number + PER_FAMILY) % len(PARENTS))
    assert request("placebo", PARENTS, number, 0).opponents == own.fought


def test_only_standing_tells_how_the_parent_fares() -> None:
    score = f"It scores {PARENTS[8].fitness:.2f} where 1 is an even share"
    assert [name for name in MODEL if score in told(name, 8)[1]["content"]] == ["standing"]


def test_the_short_prompt_is_less_than_half_as_long_and_the_question_is_the_same() -> None:
    long, short = told("model", 0), told("short", 0)
    assert len(short[0]["content"]) < len(long[0]["content"]) / 2 and short[1:] == long[1:]


def test_a_base_model_sees_worked_changes_and_every_one_of_them_assembles() -> None:
    base, ended = told("base", 0), told("ended", 0)
    assert base[0]["content"].startswith(ended[0]["content"]) and base[1:] == ended[1:] == told("model", 0)[1:]
    blocks = base[0]["content"].removeprefix(ended[0]["content"]).split("```redcode\n")[1:]
    codes = [assemble(block.partition("```")[0], RULES).code for block in blocks]
    assert len(codes) == 6 and all(parent != child for parent, child in zip(codes[::2], codes[1::2], strict=True))


def test_the_first_part_keeps_its_grammar(tmp_path: Path) -> None:
    """As the digest in the recorded calls says, but not the later arms."""
    with tarfile.open(DATA / "replies.tar.xz") as archive:
        archive.extract("model.sqlite", tmp_path, filter="data")
    (recorded,) = grammars(tmp_path / "model.sqlite")
    digest = hashlib.sha256(LINES.encode()).hexdigest()
    assert recorded == f"sha256:{digest}"
    assert [name for name in MODEL if ARMS[name].grammar] == ["model", "standing", "placebo", "short"]
    assert redcode_grammar(replace(RULES, max_length=20)) != LINES


def test_every_arm_draws_random_numbers_of_its_own() -> None:
    drawn = {request(name, PARENTS, 3, 1).rng.integers(2**60) for name in ARMS}
    assert len(drawn) == len(ARMS)


@pytest.mark.parametrize("name", GENETIC)
def test_a_new_warrior_has_no_parent(name: str) -> None:
    asked = request(name, PARENTS, 0, 0)
    assert (asked.kind is Kind.NEW) == (name == "new_only") == (not asked.parents)


def test_runs_have_equal_candidates() -> None:
    runs = [configure(overrides(3, *run_settings(name))).config for name in ("genetic", "model", "mixed", "sequential")]
    assert len({(one.initial, one.iterations, one.rounds, one.placements, one.seed, one.starter) for one in runs}) == 1


def test_parents_are_the_elites_nearest_to_each_place() -> None:
    def elite(id: int, fitness: float) -> Candidate:
        one = Candidate(id, 0, id, Kind.NEW, "", (), "", digest=str(id))
        return replace(one, evaluation=Evaluation(fitness, 0.0, {}, ()))

    found = chosen([elite(1, 0.1), elite(2, 0.6), elite(3, 1.2), elite(4, 1.1), elite(5, 1.9)])
    assert {place: one.id for place, one in found.items()} == {"top": 5, "even": 4, "low": 2}


def test_the_shown_code_is_the_parents() -> None:
    (user,) = told("model", 0)[1:]
    lines = user["content"].split("```")[1].splitlines()[1:]
    assert assemble("\n".join(lines), RULES).code == assemble(PARENTS[0].source, RULES).code
