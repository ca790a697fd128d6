"""The tables, each on small data whose answer is known, or against the run's own rows."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from itertools import combinations, permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from drq import analysis
from drq.analysis import Study
from drq.analysis.curves import Curves
from drq.analysis.outcomes import share_over_families
from drq.analysis.probe import Probe
from drq.measurements.intervals import wilson_interval
from drq.store.database import open_for_reading


@given(st.integers(3, 7).flatmap(lambda n: arrays(np.int8, (n, n), elements=st.integers(0, 2))))
def test_cyclic_triples_are_those_that_one_finds_by_looking(results: np.ndarray) -> None:
    upper = np.triu(results, 1)
    beats = (upper == 1) | (upper == 2).T
    looked = sum(
        any(beats[a, b] and beats[b, c] and beats[c, a] for a, b, c in permutations(triple))
        for triple in combinations(range(len(beats)), 3)
    )
    assert analysis.cyclic_triples(beats) == looked


def test_groups_are_compared_on_what_they_share() -> None:
    rng = np.random.default_rng(0)
    base = rng.normal(size=12)
    table = pd.DataFrame(
        {
            "group": ["a"] * 12 + ["b"] * 10,
            "family": [f"f{i}" for i in range(12)] + [f"f{i}" for i in range(10)],
            "seed": 0,
            "value": [*base, *(base[:10] + 2 + rng.normal(0, 0.1, 10))],
        }
    )
    (row,) = analysis.compare(table, "value").to_dict("records")
    assert (row["group"], row["other"], row["families"]) == ("b", "a", 10)
    pairs = table["value"].to_numpy()
    assert row["p"] == pytest.approx(stats.ttest_rel(pairs[12:], pairs[:10]).pvalue)
    assert row["difference"] == pytest.approx(2, abs=0.1)
    theirs = stats.ttest_rel(pairs[12:], pairs[:10]).confidence_interval(0.95)
    assert (row["low"], row["high"]) == pytest.approx((theirs.low, theirs.high))
    assert len(analysis.compare(table, "value", [("a", "b")])) == 1 and analysis.compare(table, "value", []).empty


def test_two_families_are_too_few_to_compare_and_three_are_enough() -> None:
    table = pd.DataFrame(
        {"group": ["a"] * 3 + ["b"] * 3, "family": ["x", "y", "z"] * 2, "seed": 0, "value": [1.0, 2, 3, 4, 5, 9]}
    )
    assert analysis.compare(table, "value")["families"].tolist() == [3]
    compared = analysis.compare(table[table["family"] != "z"], "value")
    assert compared.empty and list(compared.columns)[:4] == ["group", "other", "value", "families"]


def test_circles_beyond_chance_are_no_more_than_all(study: Study) -> None:
    table = analysis.cycle_table(study)
    assert (table["cyclic_sure"] <= table["cyclic"]).all() and (table["cyclic_sure"] < table["cyclic"]).any()
    assert all((beats | ~sure).all() for beats, sure in zip(study.beats, study.sure, strict=True))


def test_trends_are_the_means_of_the_champions_rows(study: Study) -> None:
    found = {(trend.group, trend.quantity): trend for trend in analysis.trends(study)}
    assert len(found) == 8
    for group in study.groups:
        rows = study.champions[study.champions["group"] == group]
        expected = rows.groupby("round")["generality"].mean()
        assert found[group, "generality"].mean == pytest.approx(expected.to_numpy())
        positions = rows[rows["round"] == 3].index
        variance = study.phenotypes[positions].var(axis=0, ddof=1).mean()
        assert found[group, "phenotype_variance"].mean[3] == pytest.approx(variance)
        assert found[group, "phenotype_change"].round.tolist() == list(range(1, 8))
    table = analysis.trend_table(list(found.values()))
    assert set(table["rounds"]) == {8, 7} and table["slope"].notna().all() and (table["note"] == "").all()
    assert [*zip(table["group"], table["quantity"], strict=True)] == list(found)
    assert (table["against"] == np.where(table["quantity"] == "genotype_variance", "t", "ln t")).all()
    ends = [(trend.mean[0], trend.mean[-1]) for trend in found.values()]
    assert [*zip(table["first"], table["last"], strict=True)] == ends
    values = analysis.trend_values(list(found.values()))
    drawn = [
        (trend.group, trend.quantity, *at)
        for trend in found.values()
        for at in zip(trend.round, trend.mean, strict=True)
    ]
    assert [*values.itertuples(index=False, name=None)] == drawn and len(drawn) == 2 * (3 * 8 + 7)


@pytest.mark.parametrize("runs", [1, 2])
def test_a_variance_across_runs_takes_two(study: Study, runs: int) -> None:
    found = analysis.trends(Study(**{**vars(study), "runs": study.runs[:runs]}))
    variances = [trend for trend in found if trend.quantity.endswith("variance")]
    assert len(variances) == 2 and all(len(trend.mean) == (8 if runs == 2 else 0) for trend in variances)
    first = analysis.trend_table(variances)["first"]
    assert first.notna().all() if runs == 2 else first.isna().all()


def test_groups_that_began_alike_have_the_same_first_rounds(study: Study) -> None:
    """K = 1 and K = all fight the same opponents in rounds 0 and 1, so pairs of one family agree there."""
    rows = study.champions[study.champions["round"] <= 1]
    assert (rows.groupby(["family", "round"])["digest"].nunique() == 1).all()


def test_principal_components_keep_what_varies_most() -> None:
    rng = np.random.default_rng(0)
    plane = rng.normal(size=(50, 2)) * (3, 1)
    basis = np.linalg.qr(rng.normal(size=(6, 2)))[0].T
    found = analysis.project(plane @ basis + 5)
    assert found is not None and sum(found.explained) == pytest.approx(1)
    distances = [np.linalg.norm(points[:1] - points, axis=1) for points in (plane, found.points)]
    assert distances[0] == pytest.approx(distances[1])
    assert analysis.project(np.ones((5, 3))) is None and analysis.project(plane[:2]) is None


def test_the_archive_is_the_fittest_of_each_cell(study: Study) -> None:
    run = study.runs[0]
    heat = analysis.archives(run)[7]
    with closing(open_for_reading(run.directory / "run.sqlite")) as db:
        rows = db.execute(
            "SELECT cell, max(fitness) FROM candidates JOIN evaluations e ON e.candidate_id = id"
            " JOIN insertions i ON i.candidate_id = id WHERE round = 7 GROUP BY cell"
        ).fetchall()
    assert np.isfinite(heat.fitness).sum() == len(rows)
    assert np.nanmax(heat.fitness) == pytest.approx(max(fitness for _, fitness in rows))


def test_an_archive_has_the_shape_of_its_axes(study: Study) -> None:
    run, archive = study.runs[0], study.runs[0].config.archive
    second = archive.axes[1]
    wider = replace(archive, bins={**archive.bins, second: (*archive.bins[second], 1e9)})
    heat = analysis.archives(replace(run, config=replace(run.config, archive=wider)))[0]
    assert heat.axes == archive.axes and heat.fitness.shape == heat.filled.shape == (6, 7)
    assert heat.bins == (archive.bins[archive.axes[0]], wider.bins[second])
    flat = replace(run, config=replace(run.config, archive=replace(archive, axes=())))
    assert analysis.archives(flat) == {}
    assert analysis.mean_archive(Study(**{**vars(study), "runs": [flat]}), flat.group) is None


def test_the_mean_archive_counts_how_often_a_cell_is_filled(study: Study) -> None:
    heat = analysis.mean_archive(study, "K = all")
    assert heat is not None and heat.archives == 6 * 8
    archives = [a for run in study.runs if run.group == "K = all" for a in analysis.archives(run).values()]
    values = np.array([archive.fitness[5, 5] for archive in archives])
    assert heat.filled[5, 5] == pytest.approx(np.isfinite(values).mean())
    assert heat.fitness[5, 5] == pytest.approx(np.nanmean(values))


def test_curves_rise_to_the_champion(study: Study) -> None:
    for run in study.runs[:3]:
        best = analysis.curves(run).best
        assert best.shape == (8, 40)
        assert (np.diff(best, axis=1)[np.isfinite(best[:, :-1])] >= 0).all()
        assert best[:, -1] == pytest.approx([champion.fitness for champion in run.champions])
    found = [analysis.curves(run) for run in study.runs]
    for curve in found[:3]:
        steps = curve.steps()
        for round, part in steps.groupby("round"):
            drawn = pd.Series(part["best"].to_numpy(), part["iteration"]).reindex(range(1, 41)).ffill()
            assert drawn.to_numpy() == pytest.approx(curve.best[int(str(round))], nan_ok=True)
            assert part["best"].is_monotonic_increasing and part["best"].is_unique
    mean = analysis.mean_curves(found, "K = 1")
    assert mean[3, -1] == pytest.approx(np.mean([c.best[3, -1] for c in found if c.group == "K = 1"]))


def test_a_mean_curve_begins_where_the_first_of_its_runs_has_a_value() -> None:
    short, one, two = ([[5.0]], [[np.nan, np.nan, 1.0]], [[np.nan, 2.0, 3.0]])
    found = [Curves("run", "group", np.array(best)) for best in (short, one, two)]
    assert analysis.mean_curves(found, "group")[0] == pytest.approx([np.nan, 2.0, 2.0], nan_ok=True)


def test_baselines_count_the_set_and_the_single(study: Study) -> None:
    table = analysis.baseline_table(study).set_index("kind")
    assert list(table.index) == [
        "starter",
        "zero-shot",
        "best of 8",
        "specialist",
        "champion of round 7, K = 1",
        "champion of round 7, K = all",
    ]
    assert (table["defeats"] <= table["generality"]).all()
    assert (table["generality"] <= table["collective_generality"]).all()
    assert (table["collective_defeats_low"] <= table["collective_defeats"]).all()
    starters = study.baselines[study.baselines["kind"] == "starter"].drop_duplicates("digest")
    assert table.loc["starter", "warriors"] == len(starters) == 6
    specialists = study.champions[study.champions["round"] == 0].drop_duplicates("digest")
    assert table.loc["specialist", "generality"] == pytest.approx(specialists["generality"].mean())


def test_a_probe_finds_what_is_there_and_nothing_where_nothing_is(study: Study) -> None:
    rng = np.random.default_rng(0)
    direction = rng.normal(size=study.genotypes.shape[1])
    told = study.genotypes @ direction
    rows = study.champions
    for truth, good in ((told, True), (rng.normal(size=len(told)), False)):
        altered = Study(**{**vars(study), "champions": rows.assign(generality=truth)})
        probe = analysis.probe(altered)
        assert probe is not None and probe.low <= probe.r2 <= probe.high and probe.tells == good
        assert probe.r2 > 0.5 if good else probe.r2 < 0.1
        assert probe.mean_r2 < 0


def test_a_probe_of_relatives_is_no_worse_than_the_mean(study: Study) -> None:
    """Generality goes by family and so does code: a ridge chosen over warriors, not families, has an R² of -0.5."""
    rng, families = np.random.default_rng(0), np.arange(96) // 4
    vectors = rng.normal(size=(24, 200))[families] + 0.3 * rng.normal(size=(96, 200))
    generality = rng.normal(size=24)[families] + 0.1 * rng.normal(size=96)
    rows = study.champions.assign(generality=generality, family=families, digest=np.arange(96))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    probe = analysis.probe(Study(**{**vars(study), "genotypes": vectors, "champions": rows}))
    assert probe is not None and not probe.tells and probe.r2 > probe.mean_r2 - 0.1


def test_a_probe_never_tests_on_a_family_that_it_was_fitted_to(study: Study) -> None:
    """Generality that is a name of the family alone cannot be told for families left out, however alike their code."""
    families = study.champions["family"].astype("category").cat.codes.to_numpy(dtype=float)
    marked = np.eye(int(families.max()) + 1)[families.astype(int)]
    rows = study.champions.assign(generality=families)
    altered = Study(**{**vars(study), "genotypes": marked, "champions": rows})
    probe = analysis.probe(altered)
    assert isinstance(probe, Probe) and probe.r2 < 0
    for count in (2, 3):
        few = study.champions.assign(family=np.arange(len(study.champions)) % count)
        assert (analysis.probe(Study(**{**vars(study), "champions": few})) is None) == (count == 2)


def test_weights_have_names(study: Study) -> None:
    weights = analysis.weights(study)
    assert weights is not None and len(weights) == 20 and weights[0][1] > 0 > weights[-1][1]
    assert analysis.weights(Study(**{**vars(study), "embedding": "another"})) is None
    for count in (1, 2):
        few = study.champions.assign(family=np.arange(len(study.champions)) % count)
        assert (analysis.weights(Study(**{**vars(study), "champions": few})) is None) == (count == 1)


def test_outcomes_are_counted_from_the_rows(study: Study) -> None:
    table = analysis.outcome_table(study).set_index(["group", "kind"])
    assert table.loc[("K = 1", "new"), "proposals"] + table.loc[("K = 1", "mutate"), "proposals"] == 6 * 8 * 40
    count = accepted = 0
    for run in study.runs:
        if run.group == "K = 1":
            with closing(open_for_reading(run.directory / "run.sqlite")) as db:
                query = (
                    "SELECT count(*), sum(status IN ('new', 'improved')) FROM candidates"
                    " LEFT JOIN insertions ON candidate_id = id WHERE kind = 'mutate'"
                )
                here = db.execute(query).fetchone()
            count, accepted = count + here[0], accepted + here[1]
    row = table.loc[("K = 1", "mutate")]
    assert (row["proposals"], row["accepted"]) == (count, pytest.approx(accepted / count))
    assert row["low"] < row["accepted"] < row["high"]
    found = analysis.accepted_by_cell(study, "K = 1")
    assert found is not None and found[1].sum() == count
    assert np.nansum(found[0] * found[1]) == pytest.approx(accepted)


def test_the_summary_sets_ours_beside_the_paper(study: Study) -> None:
    table = analysis.summary(study, analysis.trends(study), analysis.probe(study))
    slopes = table[table["result"].str.startswith("generality over rounds")]
    assert sorted(slopes["paper"]) == ["0.034, R² 0.91, p 2.3e-05", "0.035, R² 0.93, p 1.1e-11"]
    assert not table["ours"].str.contains(r"e[+-]0[0-3]").any() and slopes["ours"].str.contains(r", p 0\.\d+").any()
    assert slopes["differs"].str.contains("6 runs x 8 rounds").all()
    assert (table[["result", "ours", "differs"]] != "").all().all()
    assert "genetic" in analysis.settings(study) and "18 warriors, 20 battles" in analysis.settings(study)


def regrouped(study: Study, **configs: dict[str, object]) -> Study:
    """The six runs of K = all once for every group of ``configs``, with those settings."""
    source = [run for run in study.runs if run.group == "K = all"]
    settings = [(group, config) for group, config in configs.items() for _ in source]
    runs = [
        replace(run, group=group, config=replace(run.config, **config), planned=config.get("rounds", run.planned))  # type: ignore[arg-type]
        for (group, config), run in zip(settings, source * len(configs), strict=True)
    ]
    first = study.champions["run"] >= len(source)  # K = 1 comes before K = all
    rows = study.champions[first]
    champions = pd.concat(
        [rows.assign(group=group, run=rows["run"] + (i - 1) * len(source)) for i, group in enumerate(configs)],
        ignore_index=True,
    )
    per_run = {name: getattr(study, name)[len(source) :] * len(configs) for name in ("matrices", "beats", "sure")}
    per_row = {
        name: np.tile(getattr(study, name)[first], (len(configs), 1)) for name in ("phenotypes", "defeats", "ties")
    }
    per_row["genotypes"] = np.tile(study.genotypes[first], (len(configs), 1))
    return Study(**{**vars(study), "runs": runs, "champions": champions, **per_run, **per_row})


def test_headline_rows_pair_groups_that_differ_in_one_key(study: Study) -> None:
    """However many groups there are, and whatever else is given: no row is lost to another group."""
    cell = {"history": None, "archive": replace(study.runs[0].config.archive, axes=())}
    groups = {"K = 1": {"history": 1}, "K = 3": {"history": 3}, "K = all": {"history": None}, "cell": cell}
    four = regrouped(study, **groups)
    assert four.pairs("history") == [("K = 1", "K = 3"), ("K = 1", "K = all"), ("K = 3", "K = all")]
    assert four.pairs("archive.axes") == [("K = all", "cell")]
    table = analysis.summary(four, analysis.trends(four), None).set_index("result")
    assert table.loc["cyclic triples, from K = 1 to K = all", "paper"] == "-77 % (K = 10)"
    assert sum(name.startswith("cyclic triples, from") for name in table.index) == 3
    assert sum(name.startswith("cyclic triples beyond chance, from") for name in table.index) == 3
    assert sum(name.startswith("MAP-Elites and a single cell, K = all: ") for name in table.index) == 1
    slopes = table[[name.endswith(": slope") for name in table.index]]
    single = [name for name in slopes.index if ", cell: " in name]
    assert len(single) == 4 and slopes.loc[single, "differs"].str.endswith("; a single cell, not MAP-Elites").all()
    assert not slopes.drop(single)["differs"].str.contains("single cell").any()
    kept = replace(study.runs[0].config.archive, axes=(), size=9, kept=True)
    other = regrouped(study, population={"archive": kept, "branch": 4})
    differs = analysis.summary(other, analysis.trends(other), None)["differs"].iloc[:4]
    assert differs.str.endswith("; a population, not MAP-Elites; branches of 4 rounds, not one line").all()
    static = regrouped(study, **groups, static={"rounds": 1})
    assert static.pairs("history") == four.pairs("history")


def test_one_is_not_told_in_the_plural(study: Study) -> None:
    one = Study(**{**vars(study), "runs": study.runs[:1], "opponents": study.opponents[:1]})
    assert "; 1 run of 8 rounds" in analysis.settings(one) and "measured against 1 warrior, " in analysis.settings(one)


def test_an_interval_of_a_share_holds_the_truth_where_proposals_of_one_family_are_alike() -> None:
    """Families whose own shares vary around 0.3, 200 proposals each: Wilson's interval of all would miss it mostly."""
    held, wilsons = [], []
    for seed in range(600):
        rng = np.random.default_rng(seed)
        trials = rng.integers(100, 300, 8)
        successes = rng.binomial(trials, rng.beta(3, 7, 8))
        low, high = share_over_families(successes, trials)
        naive = wilson_interval(int(successes.sum()), int(trials.sum()))
        held.append(low <= 0.3 <= high)
        wilsons.append(naive.low <= 0.3 <= naive.high)
    assert 0.92 < np.mean(held) < 0.98 and np.mean(wilsons) < 0.6
    assert np.isnan(share_over_families(np.array([3, 4]), np.array([9, 9]))).all()


@pytest.mark.parametrize("families", [3, 6, 12])
@pytest.mark.parametrize("each", [40, 320])
@pytest.mark.parametrize("share", [0.002, 0.03, 0.3])
@pytest.mark.parametrize("alike", [0.002, 0.05, 0.15])
def test_an_interval_of_a_rare_share_holds_the_truth_too(families: int, each: int, share: float, alike: float) -> None:
    rng, held = np.random.default_rng(0), []
    spread = 1 / alike - 1
    for _ in range(200):
        successes = rng.binomial(each, rng.beta(share * spread, (1 - share) * spread, families))
        low, high = share_over_families(successes, np.full(families, each))
        held.append(low <= share <= high)
    assert np.mean(held) > 0.88


def test_without_a_success_a_share_may_be_little_but_not_half() -> None:
    low, high = share_over_families(np.zeros(6, dtype=int), np.full(6, 320))
    assert low == 0 and 0.02 < high < 0.06
    assert share_over_families(np.full(6, 320), np.full(6, 320)) == pytest.approx((1 - high, 1))
