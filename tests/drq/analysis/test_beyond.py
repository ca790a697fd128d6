"""Activity, phylogeny and strong opponents: what they find in neutral runs and where the truth is known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drq.analysis import Study
from drq.analysis.activity import activity_table, compare_activity, shadow_band, shadow_group, tenures
from drq.analysis.phylogeny import Tree, common_ancestor, compare_phylogenies, phylogeny_table, tree
from drq.analysis.runs import RunRecord, load_runs
from drq.analysis.strong import compare_strong, strength, strong_table, strong_values, strongest_third
from drq.config import Selection
from drq.store.reader import reading
from tests.drq.runs import DWARF, IMP, execute, nano_config

STONE = "MOV.I $1, @0\nDAT.F #0, #0\n"
JUMP = "JMP.B $0, $0\n"
STARTERS = (IMP, DWARF, STONE, JUMP)
SELECTED, NEUTRAL, TWIN = "selected", "neutral", "twin"


def study_of(runs: list[RunRecord]) -> Study:
    nothing = np.zeros((0, 0))
    table = pd.DataFrame(columns=["kind", "digest"])
    return Study(
        runs,
        [],
        1,
        0,
        table,
        nothing,
        nothing > 0,
        nothing > 0,
        nothing,
        "",
        [],
        [],
        [],
        table,
        nothing > 0,
        nothing > 0,
    )


@pytest.fixture(scope="module")
def evolved(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Four families, each with fitness, without it, and without it from another seed."""
    place, runs = tmp_path_factory.mktemp("runs"), []
    for family, starter in enumerate(STARTERS):
        for group, selection, seed in (
            (SELECTED, Selection.FITNESS, 0),
            (NEUTRAL, Selection.RANDOM, 0),
            (TWIN, Selection.RANDOM, 9),
        ):
            config = nano_config(rounds=4, iterations=40, selection=selection, seed=10 * family + seed, threads=1)
            execute(config, place / f"{group}_{family}", (starter,))
    for run in load_runs([place]):
        group, _, place_of_starter = run.directory.name.partition("_")
        runs.append(
            replace(run, group=group, config=replace(run.config, seed=int(place_of_starter)))
        )  # so that twins are pairs
    return study_of(sorted(runs, key=lambda run: (SELECTED, NEUTRAL, TWIN).index(run.group)))


def value(table: pd.DataFrame, row: object, column: str) -> float:
    return float(table[column].to_dict()[row])


# Activity


def test_activity_is_for_how_many_proposals_a_code_holds_cells(evolved: Study) -> None:
    run = evolved.runs[0]
    found = tenures(run).set_index("digest")["activity"]
    held: dict[str, int] = {}
    with reading(run.directory) as record:
        for round in range(run.rounds):
            cells: dict[object, str] = {}
            seeds = [one for i in range(-20, 0) if (one := record.find(round, i))]
            for one in (*seeds, *(record.find(round, i) for i in range(43))):
                if one and one.insertion and one.insertion.status != "not added":
                    cells[one.insertion.cell] = one.digest or ""
                if one and one.iteration >= 0:
                    for digest in cells.values():
                        held[digest] = held.get(digest, 0) + 1
    own = {run.starters[0].digest}
    assert found.to_dict() == {digest: count for digest, count in held.items() if digest in found.index}
    assert set(held) - own == set(found.index)


def test_neutral_codes_persist_as_often_as_chance_allows(evolved: Study) -> None:
    table = activity_table(evolved)
    neutral = table[table["group"] == TWIN]
    share = (neutral["persistent"] * neutral["codes"]).sum() / neutral["codes"].sum()
    assert share == pytest.approx(0.05, abs=0.03)
    found = compare_activity(evolved, table).set_index(["group", "value"])
    assert value(found, (TWIN, "persistent"), "low") < 0 < value(found, (TWIN, "persistent"), "high")


def test_codes_that_are_never_replaced_persist(evolved: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    """The known truth: one group holds on to its codes ten times as long."""
    kept = [tenures(run) for run in evolved.runs]
    tables = {run.label: held for run, held in zip(evolved.runs, kept, strict=True)}
    for run in evolved.runs:
        if run.group == SELECTED:
            tables[run.label]["activity"] *= 10
    monkeypatch.setattr("drq.analysis.activity.tenures", lambda run: tables[run.label])
    table = activity_table(evolved)
    found = compare_activity(evolved, table).set_index(["group", "value"])
    assert all(value(found, (SELECTED, measure), "low") > 0 for measure in ("persistent", "activity"))
    shadow = shadow_group(evolved)
    assert shadow == NEUTRAL
    band = shadow_band(table, shadow, "persistent").set_index("round")
    means = table[table["group"] == SELECTED].groupby("round")["persistent"].mean()
    assert (means > band["high"]).sum() >= 3


def test_without_a_shadow_nothing_is_said_to_persist(evolved: Study) -> None:
    alone = replace(evolved, runs=[run for run in evolved.runs if run.group == SELECTED])
    table = activity_table(alone)
    assert table["persistent"].isna().all() and (table["codes"] > 0).any()
    assert compare_activity(alone, table).empty and shadow_band(table, None, "codes").empty


# Phylogeny


def test_a_seed_is_the_warrior_that_it_stands_for() -> None:
    found = Tree(parents={3: 2, 6: 5}, stands_for={2: -1, 5: 3})
    assert found.path(6) == [6, 3, -1] and found.path(5) == [3, -1] and found.path(2) == [-1] and found.path(9) == [9]


def test_the_common_ancestor_is_the_youngest_of_more_than_half() -> None:
    assert common_ancestor([[3, 2, 1], [4, 2, 1], [5, 1]]) == 2
    assert common_ancestor([[3, 2, 1], [5, 1]]) == 1
    assert common_ancestor([[1], [2]]) is None and common_ancestor([]) is None


@given(st.lists(st.integers(0, 100), min_size=1, max_size=12), st.data())
def test_the_common_ancestor_is_that_of_a_search_over_all(draws: list[int], data: st.DataObject) -> None:
    found = Tree({i: draw % i for i, draw in enumerate(draws, 1) if draw % i}, {})
    elites = data.draw(st.lists(st.integers(1, len(draws)), min_size=1, max_size=8))
    paths = [found.path(id) for id in elites]
    shared = [id for id in range(1, len(draws) + 1) if 2 * sum(id in path for path in paths) > len(paths)]
    deepest = max(shared, key=lambda id: len(found.path(id)), default=None)
    assert common_ancestor(paths) == deepest


def test_of_a_neutral_population_every_founder_is_as_likely_to_take_over() -> None:
    """Moran's model: the share of runs that founder 1 of 5 takes over is 1 in 5."""
    rng, taken, size = np.random.default_rng(4), [], 5
    for _ in range(400):
        parents: dict[int, int] = {}
        members = list(range(1, size + 1))
        for born in range(size + 1, size + 101):
            parents[born] = members[rng.integers(size)]
            members[rng.integers(size)] = born
        taken.append(Tree(parents, {}).path(common_ancestor([Tree(parents, {}).path(one) for one in members]) or 0)[-1])
    assert np.mean(np.array(taken) == 1) == pytest.approx(1 / size, abs=3 * np.sqrt(0.2 * 0.8 / 400))


def test_a_run_s_lines_go_back_through_its_rounds(evolved: Study) -> None:
    run = evolved.runs[0]
    found = tree(run)
    table = phylogeny_table(evolved)
    own = table[table["run"] == run.label].set_index("round")
    with reading(run.directory) as record:
        for champion in run.champions:
            path, id, steps = found.path(champion.id), champion.id, 0
            while parents := record.candidate(id).parents:
                steps += record.candidate(id).kind != "seed"
                id = parents[0]
            assert len(path) - 1 == steps == value(own, champion.round, "champion_depth")
            starter = record.candidate(id).digest == run.starters[0].digest
            assert (path[-1] < 0) == starter == bool(value(own, champion.round, "champion_from_starters"))
    assert own["sweep"].isna().tolist() == [True, False, False, False]
    assert table["from_starters"].between(0, 1).all() and (table["founders"] <= table["elites"]).all()


def test_neutral_groups_have_like_phylogenies(evolved: Study) -> None:
    found = compare_phylogenies(evolved, phylogeny_table(evolved))
    twins = found[(found["group"] == TWIN) & (found["other"] == NEUTRAL)]
    assert (twins["p_holm"] > 0.01).all() and len(twins) == 4


# Strong opponents


def test_the_strongest_third_has_the_most_points() -> None:
    assert strongest_third(np.array([1.0, 3, 0, 3, 2, 3, 1])).tolist() == [False, True, False, True, False, True, False]
    assert strongest_third(np.zeros(4)).tolist() == [True, True, False, False]


def made_up(study: Study, strong_rise: float, rng: np.random.Generator) -> Study:
    """Champions of chance, that defeat the strong third more often by ``strong_rise`` a round."""
    chosen, champions = strongest_third(strength(study)), study.champions
    odds = 0.4 + strong_rise * np.outer(champions["round"], chosen)
    return replace(study, defeats=rng.random(study.defeats.shape) < odds, ties=np.zeros_like(study.ties))


def test_a_rise_on_strong_opponents_alone_is_found_there_alone(study: Study) -> None:
    risen = made_up(study, 0.07, np.random.default_rng(0))
    found = strong_table(risen, strong_values(risen)).set_index(["side", "group"])
    rising = found.xs("strong")
    assert (rising["low"] > 0).all() and (found.xs("others")["low"] < 0).all()
    assert (rising["mean_late"] > rising["first"]).all()


def test_where_nothing_rises_few_intervals_leave_out_zero(study: Study) -> None:
    rng, missed, all_of = np.random.default_rng(1), 0, 0
    for _ in range(40):
        null = made_up(study, 0.0, rng)
        found = strong_table(null, strong_values(null))
        missed += int(((found["low"] > 0) | (found["high"] < 0)).sum())
        all_of += len(found)
    assert missed / all_of < 0.11


def test_both_sides_together_are_all_opponents(study: Study) -> None:
    values, chosen = strong_values(study), strongest_third(strength(study))
    share = chosen.mean()
    whole = share * values["strong"] + (1 - share) * values["others"]
    assert np.allclose(whole, study.champions["generality"])
    assert set(compare_strong(study, values)["value"]) == {"strong", "others"}


def test_strength_is_measured_on_starters_alone(study: Study, tmp_path: Path) -> None:
    blind = replace(study, defeats=np.zeros_like(study.defeats), ties=np.zeros_like(study.ties))
    assert (strength(blind) == strength(study)).all() and np.ptp(strength(study)) > 0
