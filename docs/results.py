"""The tables of docs/results.md that are about the study of docs/study.md: ``python docs/results.py [TABLES]``.

TABLES is a folder that ``drq export RUNS -o TABLES`` has written; by default it is what is shipped of the study's data
set, tests/data/study_tables. A test holds that the page has these very tables. The runs and the whole data set, whose
digests README.md there names, are made again by

    python -m tests.measure_study study HUMAN MINUTES PROCESSES
    drq export study -o tables placements=8 opponents=[held_out,strong_held_out,…]

HUMAN is the folder with the human warriors, and the opponents are those that ``tests.measure_study.judges`` names.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from math import comb
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from drq.analysis.contrasts import compare
from drq.analysis.cycles import cyclic_triples
from drq.analysis.fits import Estimate, Labels, Values, fit, holm, mean_across, over_families, variance_across
from drq.analysis.probe import cross_validated, distinct
from drq.analysis.strong import strongest_third
from drq.analysis.trends import against
from redcode import builtin, builtin_names
from redcode.language.library import GROUPS

SHIPPED = Path(__file__).parents[1] / "tests/data/study_tables"
ARMS = {
    "kall": "K = all",
    "k3": "K = 3",
    "k1": "K = 1",
    "k0": "static",
    "long": "static, one long round",
    "new": "new warriors only",
    "no_fragments": "no fragments",
    "shadow": "neutral shadow",
    "single": "single cell",
}
"""Folders of the arms, with which the runs' labels begin, and what they are called."""
BASE, STATIC, STARTERS = "kall", "k0", "starters"
SECOND = 100
"""Second seeds begin here."""
ROUNDS = 10
"""That are compared, also of runs that have twice as many."""
HISTORIES = (BASE, "k3", "k1", STATIC)
SHOWN = (BASE, "k1", STATIC, "new", "shadow")
"""Arms that are drawn by round."""
CONVERGENCE = ("phenotype_variance", "phenotype_change", "genotype_variance")
JUDGES = {"held_out": "held-out", "human": "human"}
Tables = dict[str, pd.DataFrame]


# Reading


def read(folder: Path) -> Tables:
    """The tables of complete families: of their finished runs, with arm and planned rounds, and of their champions."""
    names = [path.stem for path in folder.glob("*.parquet")]
    tables = {name: pd.read_parquet(folder / f"{name}.parquet") for name in names}
    runs = tables["runs"].assign(arm=tables["runs"]["run"].str.partition("/")[0])
    runs["planned"] = [json.loads(config)["rounds"] for config in runs["config"]]
    runs = runs[runs["run"].map(tables["champions"].groupby("run").size()) == runs["planned"]]
    arms = set(ARMS) & set(runs["arm"])
    have = runs[runs["seed"] < SECOND].groupby("family")["arm"].agg(set)
    runs = runs[runs["family"].isin(have.index[have.map(arms.issubset)])]
    tables["runs"] = runs
    for name in ("champions", "matrices", "baselines", "activity", "phylogenies", "genotypes"):
        own = tables[name].drop(columns=["group", "family", "seed"], errors="ignore")
        tables[name] = own.merge(runs[["run", "arm", "family", "seed", "planned"]], on="run")
    tables["champions"] = tables["champions"].merge(
        generality(tables, tables["measures"], ["run", "round"]), on=["run", "round"]
    )
    return tables


def generality(tables: Tables, measures: pd.DataFrame, warrior: list[str]) -> pd.DataFrame:
    """A row per warrior, with its share of defeated or tied ones by judge, of both, of the strong and of the others."""
    groups = [(group, rules) for group, rules in GROUPS.items() if "held_out" in group]
    ours = {builtin(name, rules).digest for group, rules in groups for name in builtin_names(group)}
    against = tables["measured_against"].sort_values("position")
    held_out, strong = against["digest"].isin(ours).to_numpy(), strongest_third(strength(tables))
    sides = {"held_out": held_out, "human": ~held_out, "strong": strong, "others": ~strong}
    either = measures.assign(either=measures["defeats"] | measures["ties"])
    table = either.pivot(index=warrior, columns="opponent", values="either")
    found = pd.DataFrame({side: table.loc[:, chosen].mean(axis=1) for side, chosen in sides.items()})
    return found.assign(both=found[list(JUDGES)].mean(axis=1)).reset_index()


def strength(tables: Tables) -> NDArray[np.float64]:
    """(opponents,) mean points of each from the starters (``drq.analysis.strong.strength``)."""
    firsts = tables["baselines"].query("kind == 'starter'").drop_duplicates(["digest", "opponent"])
    points = 3 * ~(firsts["defeats"] | firsts["ties"]) + firsts["ties"]
    return points.groupby(firsts["opponent"]).mean().sort_index().to_numpy()


def starters(tables: Tables) -> pd.DataFrame:
    """The starter of each family as an arm of its own, once for each seed."""
    firsts = tables["baselines"].query("kind == 'starter'").drop_duplicates(["family", "seed", "opponent"])
    found = generality(tables, firsts, ["family", "seed"])
    return found.assign(arm=STARTERS)


def late(table: pd.DataFrame, rounds: int = ROUNDS) -> pd.DataFrame:
    """Rows of the last half of so many rounds; of a run of one round its only one."""
    return table[table["round"].between(rounds // 2, rounds - 1) | (table["planned"] == 1)]


# Numbers


def difference(table: pd.DataFrame, value: str, other: str, arm: str) -> dict[str, Any] | None:
    """The row of ``compare`` for an arm and another; None where they share too few families."""
    found = compare(table.rename(columns={"arm": "group"}), value, [(other, arm)]).to_dict("records")
    return {str(name): number for name, number in found[0].items()} if found else None


def of_families(table: pd.DataFrame, value: str) -> Estimate:
    """Mean over families, seeds of one averaged."""
    means = table.groupby("family")[value].mean().dropna()
    if means.empty:
        return Estimate(np.nan, np.nan, np.nan, np.nan, 0)
    numbers = means.to_numpy(dtype=np.float64)
    return over_families(lambda part: float(numbers[part].mean()), means.index.to_numpy())


def series(tables: Tables, arm: str, quantity: str) -> tuple[Values, Labels, Callable[[Values], Values]]:
    """(runs, rounds, …) values of the first seeds of an arm, their families, what makes one number a round of them."""
    runs = tables["runs"].query("arm == @arm and seed < @SECOND and planned == @ROUNDS").sort_values("family")
    families, names = runs["family"].to_numpy(dtype=str), list(runs["run"])
    champions = _ordered(tables["champions"], names, ["round"])
    if quantity in ("generality", "strong", "others"):
        column = "both" if quantity == "generality" else quantity
        return champions[column].to_numpy().reshape(len(names), ROUNDS), families, mean_across
    if quantity == "genotype_variance":
        vectors = np.stack(_ordered(tables["genotypes"], names, ["round"])["vector"].to_list())
        return vectors.reshape(len(names), ROUNDS, -1), families, variance_across
    shares = _ordered(tables["measures"], names, ["round", "opponent"])["fitness"].to_numpy()
    phenotypes = shares.reshape(len(names), ROUNDS, -1)
    if quantity == "phenotype_variance":
        return phenotypes, families, variance_across
    return (np.diff(phenotypes, axis=1) ** 2).mean(axis=2), families, mean_across


def _ordered(table: pd.DataFrame, runs: list[str], keys: list[str]) -> pd.DataFrame:
    """Rows of the first rounds of these runs, in their order."""
    part = table[table["run"].isin(runs) & (table["round"] < ROUNDS)]
    return part.assign(place=part["run"].map({run: i for i, run in enumerate(runs)})).sort_values(["place", *keys])


# Tables


def arms(tables: Tables) -> str:
    """Late generality of every arm, and against K = all."""
    table = late(tables["champions"])
    found = {arm: difference(table, "both", BASE, arm) for arm in _arms(tables) if arm != BASE}
    tested = [arm for arm in found if arm != STATIC]
    adjusted = dict(zip(tested, holm(np.array([_p(found[arm]) for arm in tested])), strict=True))
    adjusted |= {STATIC: np.nan}
    rows = [["**starters**", *_shares(starters(tables)), "", "", ""]]
    for arm in _arms(tables):
        tail = ["", "", ""]
        if arm in found:
            tail = [_points(found[arm]), _number(_p(found[arm])), _number(adjusted[arm])]
        rows.append([ARMS[arm], *_shares(table[table["arm"] == arm]), *tail])
    heads = ["arm", "late generality", *JUDGES.values(), "families", "− K = all", "p", "Holm"]
    return markdown(heads, rows)


def headline(tables: Tables) -> str:
    """Dynamic − static in everything that it is measured by."""
    champions = tables["champions"]
    whole, last = late(champions), champions[champions["round"] == ROUNDS - 1]
    longer = late(champions[champions["planned"] == 2 * ROUNDS], 2 * ROUNDS)
    first = whole[whole["seed"] < SECOND]
    cases = [
        ("**late generality, both judges**", whole, "both"),
        ("the same, first seeds alone", first, "both"),
        ("held-out warriors alone", whole, "held_out"),
        ("human warriors alone", whole, "human"),
        ("strongest third of all judges", whole, "strong"),
        ("the other judges", whole, "others"),
        (f"champions of round {ROUNDS - 1}", last, "both"),
        (f"rounds {ROUNDS} to {2 * ROUNDS - 1} of runs of {2 * ROUNDS}", longer, "both"),
    ]
    rows = []
    for name, table, value in cases:
        if (found := difference(table, value, STATIC, BASE)) is not None:
            means = [_percent(found["mean"]), _percent(found["mean_other"])]
            rows.append([name, *means, _points(found), _number(found["p"]), str(found["families"])])
    return markdown(["", "K = all", "static", "difference", "p", "families"], rows)


def against_starters(tables: Tables) -> str:
    """Every arm against the starters of its families, early and late."""
    firsts, champions = starters(tables), tables["champions"]
    rows = []
    for arm in _arms(tables):
        own = champions[(champions["arm"] == arm) & (champions["seed"] < SECOND)]
        parts = (own[own["round"] == 0], late(own))
        found = [difference(pd.concat([firsts, part]), "both", STARTERS, arm) for part in parts]
        rows.append([ARMS[arm], *map(_points, found)])
    return markdown(["arm", "champions of round 0 − starters", "late − starters"], rows)


def trends(tables: Tables) -> str:
    """Slopes over ten rounds, with and without the first one."""
    asked = [("generality", arm) for arm in _arms(tables) if arm != "long"]
    asked += [(quantity, arm) for quantity in CONVERGENCE for arm in HISTORIES if arm in _arms(tables)]
    lines = []
    for quantity, arm in asked:
        values, families, make = series(tables, arm, quantity)
        first = int(quantity == "phenotype_change")
        x = against(quantity, np.arange(first, first + values.shape[1]))
        both = [fit(x[i:], values[:, i:], make, families) for i in (0, 1)]
        lines.append((quantity, arm, make(values), both))
    adjusted = holm(np.array([np.nan if both[0] is None else both[0].p_runs for *_, both in lines]))
    rows = []
    for (quantity, arm, means, both), p in zip(lines, adjusted, strict=True):
        shown = [_interval(one.slope, one.low, one.high) if one else "" for one in both]
        ends = [_short(means[0]), _short(means[-1])]
        rows.append([quantity.replace("_", " "), ARMS[arm], *ends, shown[0], _number(p), shown[1]])
    return markdown(["", "arm", "first", "last", "slope", "Holm", "slope without the first round"], rows)


def beyond(tables: Tables) -> str:
    """Activity, phylogeny, and the rise on strong opponents, arm by arm."""
    parts = {
        "codes that persist": (tables["activity"], "persistent"),
        "rounds with a sweep": (tables["phylogenies"], "sweep"),
        "archive from starters": (tables["phylogenies"], "from_starters"),
        "champions from starters": (tables["phylogenies"], "champion_from_starters"),
    }
    rows = []
    for arm in _arms(tables):
        if arm == "long":
            continue
        cells = []
        for table, value in parts.values():
            own = table[(table["arm"] == arm) & (table["seed"] < SECOND) & (table["round"] < ROUNDS)]
            cells.append(_share(of_families(own, value)))
        last = tables["phylogenies"].query("arm == @arm and seed < @SECOND and round == @ROUNDS - 1")
        depth = of_families(last, "champion_depth")
        cells.append(_interval(depth.value, depth.low, depth.high, digits=1))
        for side in ("strong", "others"):
            values, families, make = series(tables, arm, side)
            line = fit(against("generality", np.arange(values.shape[1])), values, make, families)
            cells.append(
                "" if line is None else _interval(*(100 * x for x in (line.slope, line.low, line.high)), digits=1)
            )
        rows.append([ARMS[arm], *cells])
    heads = ["arm", *parts, "depth of the last champion", "slope on strong opponents, points", "on the others"]
    return markdown(heads, rows)


def rest(tables: Tables) -> str:
    """Single numbers."""
    champions, rows = tables["champions"], []
    firsts = starters(tables).drop_duplicates("family").set_index("family")["both"]
    best = champions.sort_values("both", kind="stable").to_dict("records")[-1]
    names = {run["family"]: json.loads(run["config"])["starter"][0] for run in tables["runs"].to_dict("records")}
    rows.append(["best starter, chosen by these judges", f"{_percent(firsts.max())} (`{names[firsts.idxmax()]}`)"])
    place = f"{ARMS.get(str(best['arm']), best['arm'])}, round {best['round']}"
    rows.append(["best champion, chosen by these judges", f"{_percent(best['both'])} ({place})"])
    copies = champions["copy_of"]
    rows.append(["champions", str(len(champions))])
    rows.append(["of them copies of a starter", str(int((copies == -1).sum()))])
    rows.append(["copies of an earlier champion of their run", str(int((copies >= 0).sum()))])
    shares = generality(tables, tables["baselines"].drop_duplicates(["position", "opponent"]), ["position"])
    kinds = tables["baselines"].drop_duplicates("position")[["position", "kind", "digest"]]
    means = shares.merge(kinds, on="position").drop_duplicates(["kind", "digest"]).groupby("kind")["both"].mean()
    for kind in means.index.drop("starter"):
        rows.append([f"{kind}, mean generality", _percent(means[kind])])
    for arm in _arms(tables):
        own = champions.query("arm == @arm and seed < @SECOND")
        ends = [
            of_families(own[own["round"] == round], "fitness") for round in (0, min(ROUNDS, own["planned"].max()) - 1)
        ]
        shown = " → ".join(_short(one.value) for one in dict.fromkeys(ends))
        rows.append([f"fitness of champions, {ARMS[arm]}, first → last round", shown])
    table = cycles(tables)
    for arm in dict.fromkeys(table["arm"]):
        rows.append(
            [
                f"cyclic triples of {comb(ROUNDS, 3)}, {ARMS[arm]}",
                _of(of_families(table.query("arm == @arm"), "cyclic")),
            ]
        )
    if (found := difference(table, "cyclic", "k1", BASE)) is not None:
        rows.append(
            ["cyclic triples, K = all − K = 1", _interval(found["difference"], found["low"], found["high"], digits=1)]
        )
    chosen = distinct(champions)
    vectors = champions.merge(tables["genotypes"][["run", "round", "vector"]], on=["run", "round"])["vector"]
    probe = cross_validated(
        np.stack(vectors.iloc[chosen].to_list()),
        champions["both"].iloc[chosen],
        champions["family"].iloc[chosen],
        chosen,
    )
    if probe:
        rows.append(
            ["from code to generality, R² for families left out", _interval(probe.r2, probe.low, probe.high, digits=2)]
        )
    return markdown(["", ""], rows)


def cycles(tables: Tables) -> pd.DataFrame:
    """A row per first-seed run of ten rounds with its cyclic triples."""
    own = tables["matrices"].query("seed < @SECOND and planned == @ROUNDS")
    rows = []
    for (arm, family, seed), part in own.groupby(["arm", "family", "seed"], sort=False):
        beats = part.pivot(index="round", columns="opponent_round", values="defeats")
        matrix = np.array(beats.reindex(range(ROUNDS), axis=1).reindex(range(ROUNDS)) == True)  # noqa: E712
        rows.append((arm, family, seed, cyclic_triples(matrix)))
    return pd.DataFrame(rows, columns=["arm", "family", "seed", "cyclic"])


# Words


def markdown(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table."""
    names = list(heads)
    lines = [names, *rows]
    shown = ["|" + "".join(f" {cell} |" if cell else " |" for cell in line) for line in lines]
    return "\n".join([shown[0], "|" + "---|" * len(names), *shown[1:]])


def _arms(tables: Tables) -> list[str]:
    there = set(tables["runs"]["arm"])
    return [arm for arm in ARMS if arm in there]


def _shares(table: pd.DataFrame) -> list[str]:
    both = of_families(table, "both")
    judges = [of_families(table, judge) for judge in JUDGES]
    return [_share(both), *(_percent(one.value) for one in judges), str(both.families)]


def _p(found: dict[str, Any] | None) -> float:
    return np.nan if found is None else float(found["p"])


def _points(found: dict[str, Any] | None) -> str:
    return "" if found is None else _interval(*(100 * found[name] for name in ("difference", "low", "high")), digits=1)


def _share(found: Estimate) -> str:
    """A share has its interval between 0 and 1."""
    return _percents(replace(found, low=max(found.low, 0), high=min(found.high, 1)))


def _percents(found: Estimate) -> str:
    return _interval(100 * found.value, 100 * found.low, 100 * found.high, digits=1, unit=" %")


def _of(found: Estimate) -> str:
    return _interval(found.value, found.low, found.high, digits=1)


def _interval(value: float, low: float, high: float, *, digits: int | None = None, unit: str = "") -> str:
    """``value (low to high)``, with so many digits, or with three that matter."""
    if not np.isfinite(value):
        return ""
    tell = _short if digits is None else f"{{:.{digits}f}}".format
    ends = f" ({tell(low)} to {tell(high)})" if np.isfinite(low) else ""
    return f"{tell(value)}{unit}{ends}".replace("-", "−")


def _short(value: float) -> str:
    return f"{value:.3g}".replace("-", "−")


def _percent(value: float) -> str:
    return f"{100 * value:.1f} %" if np.isfinite(value) else ""


def _number(p: float) -> str:
    return "" if not np.isfinite(p) else f"{p:.2g}"


TABLES: tuple[Callable[[Tables], str], ...] = (arms, headline, against_starters, trends, beyond, rest)


if __name__ == "__main__":
    found = read(Path(sys.argv[1]) if len(sys.argv) > 1 else SHIPPED)
    print("\n\n".join(make(found) for make in TABLES))
