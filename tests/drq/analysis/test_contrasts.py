"""Groups against each other: on finished runs, common rounds and shared families; truths that are known are found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from drq import analysis
from drq.analysis import Study
from drq.analysis.fits import line
from drq.analysis.runs import RunRecord

ROUNDS, STARTERS, SEEDS = 8, 8, 2
X = np.log(np.arange(1, ROUNDS + 1))
Values = Callable[[np.random.Generator, str], np.ndarray]


def simulated(study: Study, seed: int, slopes: dict[str, float], rounds: dict[str, int] | None = None) -> Study:
    """Runs of 8 starters with 2 seeds each in every group of ``slopes``.

    Runs of one starter and seed share their noise. Generality rises with ln t; phenotypes have no trend.
    """
    rng, template = np.random.default_rng(seed), study.runs[-1]
    starter, noise = rng.normal(size=(STARTERS, 1, 1)), rng.normal(size=(STARTERS, SEEDS, ROUNDS))
    runs: list[RunRecord] = []
    rows, vectors = [], []
    for group, slope in slopes.items():
        count = (rounds or {}).get(group, ROUNDS)
        own = rng.normal(size=(STARTERS, SEEDS, ROUNDS)) + slope * X + starter * X + noise
        for i, j in np.ndindex(STARTERS, SEEDS):
            config = replace(template.config, seed=j, rounds=count)
            own_champions = template.champions[:count]
            run = replace(template, group=group, family=f"s{i}", config=config, champions=own_champions, planned=count)
            for t in range(count):
                rows.append((len(runs), group, f"s{i}", j, t, own[i, j, t]))
                vectors.append(rng.normal(size=3))
            runs.append(run)
    names = ["run", "group", "family", "seed", "round", "generality"]
    champions = pd.DataFrame(rows, columns=names).assign(label="")
    table = study.baselines.iloc[:0]
    table = {"runs": runs, "champions": champions, "phenotypes": np.array(vectors), "genotypes": np.array(vectors)} | {
        "baselines": table
    }
    return Study(**{**vars(study), **table})


def contrast(study: Study, value: str, quantity: str = "generality") -> pd.Series:
    table = analysis.compare_trends(study).set_index(["quantity", "value"])
    return table.loc[(quantity, value)]  # type: ignore[return-value]


@pytest.fixture(scope="module")
def nulls(study: Study) -> pd.DataFrame:
    tables = [analysis.compare_trends(simulated(study, seed, {"a": 0.5, "b": 0.5})) for seed in range(60)]
    return pd.concat(tables)


@pytest.mark.parametrize("value", ["slope", "slope_without_first", "mean_late"])
@pytest.mark.parametrize("quantity", ["generality", "phenotype_variance"])
def test_groups_that_do_not_differ_are_told_apart_one_time_in_twenty(
    nulls: pd.DataFrame, value: str, quantity: str
) -> None:
    rows = nulls[(nulls["value"] == value) & (nulls["quantity"] == quantity)]
    assert len(rows) == 60 and (rows["p"] < 0.05).mean() < 0.11
    assert ((rows["low"] > 0) | (rows["high"] < 0)).eq(rows["p"] < 0.05).all()


def test_the_least_of_several_p_values_is_adjusted(nulls: pd.DataFrame) -> None:
    rows = nulls[nulls["value"] == "slope"]
    least = rows.groupby(np.repeat(np.arange(60), 4))[["p", "p_holm"]].min()
    assert (least["p"] < 0.05).mean() > (least["p_holm"] < 0.05).mean() and (least["p_holm"] < 0.05).mean() < 0.12


def test_a_difference_of_slopes_is_found_with_its_size(study: Study) -> None:
    found = [contrast(simulated(study, seed, {"a": 0.2, "b": 1.0}), "slope") for seed in range(40)]
    assert np.mean([row["difference"] for row in found]) == pytest.approx(0.8, abs=0.06)
    assert np.mean([row["low"] <= 0.8 <= row["high"] for row in found]) > 0.88
    assert {row["families"] for row in found} == {STARTERS}


def test_groups_are_compared_in_rounds_that_both_have(study: Study) -> None:
    """Generality rises alike in both, and one has had less time: it is no worse at that time."""
    short = simulated(study, 0, {"a": 3.0, "b": 3.0}, {"a": 5})
    row = analysis.compare_generality(short).set_index("value").loc["generality"]
    at = short.champions[short.champions["round"] == 4].groupby("group")["generality"].mean()
    assert row["rounds"] == 5 and (row["mean"], row["mean_other"]) == pytest.approx((at["b"], at["a"]))
    assert row["low"] < 0 < row["high"]
    late = short.champions[short.champions["round"].between(2, 4)].groupby("group")["generality"].mean()
    row = analysis.compare_generality(short).set_index("value").loc["generality_late"]
    assert (row["mean"], row["mean_other"]) == pytest.approx((late["b"], late["a"]))


def test_an_unfinished_run_is_no_run_of_a_comparison(study: Study) -> None:
    whole = simulated(study, 0, {"a": 0.0, "b": 0.0})
    broken = replace(whole.runs[0], champions=whole.runs[0].champions[:6])
    rows = whole.champions[(whole.champions["run"] > 0) | (whole.champions["round"] < 6)].reset_index(drop=True)
    part = Study(**{**vars(whole), "runs": [broken, *whole.runs[1:]], "champions": rows})
    kept = whole.champions[(whole.champions["round"] == 7) & (whole.champions["run"] > 0)]
    expected = analysis.compare(kept, "generality")
    found = analysis.compare_generality(part).set_index("value").loc["generality"]
    assert found["difference"] == pytest.approx(expected["difference"].iloc[0])


def test_seeds_are_averaged_within_their_starter(study: Study) -> None:
    sample = simulated(study, 3, {"a": 0.0, "b": 0.0})
    last = sample.champions[sample.champions["round"] == 7]
    by_starter = last.pivot_table(index="family", columns="group", values="generality")
    differences = by_starter["b"] - by_starter["a"]
    (row,) = analysis.compare(last, "generality").to_dict("records")
    assert (row["families"], row["difference"]) == (STARTERS, pytest.approx(differences.mean()))
    half = 2.364624 * differences.std() / np.sqrt(STARTERS)
    assert row["high"] - row["difference"] == pytest.approx(half, rel=1e-5)


def test_champions_are_compared_with_what_their_runs_began_from(study: Study) -> None:
    table = analysis.compare_generality(study)
    rows = table[table["other"] == "starters"].set_index(["group", "value"])
    starters = study.baselines[(study.baselines["kind"] == "starter") & (study.baselines["group"] == "K = all")]
    last = study.champions[(study.champions["group"] == "K = all") & (study.champions["round"] == 7)]
    row = rows.loc[("K = all", "generality")]
    assert (row["mean"], row["mean_other"]) == pytest.approx((last["generality"].mean(), starters["generality"].mean()))
    assert len(rows) == 4 and (table["p_holm"] >= table["p"]).all()
    trend = next(trend for trend in analysis.trends(study) if trend.group == "K = all")
    assert trend.starters == pytest.approx(starters["generality"].mean())


def test_a_trend_is_also_told_without_its_first_round_and_by_its_last_half(study: Study) -> None:
    for trend in analysis.trends(study):
        assert trend.fit_without_first is not None and trend.late is not None
        assert trend.fit_without_first.slope == pytest.approx(line(trend.x[1:], trend.mean[1:])[0])
        assert trend.late.value == pytest.approx(trend.mean[-4:].mean()) and trend.late.low < trend.late.high
    step = simulated(study, 0, {"a": 0.0, "b": 0.0})
    rows = step.champions.assign(generality=np.where(step.champions["round"] == 0, -50.0, step.champions["generality"]))
    found = {
        t.group: t for t in analysis.trends(Study(**{**vars(step), "champions": rows})) if t.quantity == "generality"
    }
    assert all(
        t.fit and t.fit.low > 5 and t.fit_without_first and t.fit_without_first.low < 0.5 for t in found.values()
    )
