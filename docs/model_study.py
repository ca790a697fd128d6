"""Every number of the study of a language model in docs/results.md: ``python docs/model_study.py FOLDER``.

FOLDER is ``tests/data/model_study``, or one that ``python -m tests.model_study.pack`` has written. docs/model_study.md
is the plan, which names the arms, the outcomes and the contrasts.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from itertools import product
from math import comb
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from drq.analysis.contrasts import compare
from drq.analysis.fits import Estimate, holm, over_families

COLUMNS = ["result", "arm", "value", "low", "high", "p", "p_holm", "n"]
MODEL = ("model", "standing", "placebo", "free", "short", "ended", "large", "base")
ARMS = (*MODEL, "genetic", "no_fragments", "new_only")
SHARES = ("better", "assembled", "survived", "new_cell", "copies_parent", "copies_example", "copies_known")
CONTRASTS = [
    ("genetic", "model"),
    ("no_fragments", "model"),
    ("new_only", "model"),
    ("model", "standing"),
    ("placebo", "model"),
]
"""Of the assay; the difference is of the second from the first."""
SECOND = [
    ("genetic", "large"),
    ("ended", "large"),
    ("new_only", "large"),
    ("model", "ended"),
    ("genetic", "ended"),
    ("new_only", "base"),
]
"""Of the plan's second part."""
BESIDE = [("model", "free"), ("model", "short")]
RUNS = ("genetic", "no_fragments", "new_only", "model", "mixed", "sequential")
RUN_CONTRASTS = [
    ("genetic", "model"),
    ("new_only", "model"),
    ("sequential", "model"),
    ("genetic", "mixed"),
    ("genetic", "no_fragments"),
]
BEST_OF = (1, 2, 4)
WRITTEN_IN = {"model": ("model_s_lent", "model_s_here"), "large": ("large_s_here",)}
"""The speeds at which an arm's calls were measured."""
DRAWS = 10_000
Row = dict[str, Any]


def results(folder: Path) -> pd.DataFrame:
    """A row a number: result, arm, value, ends of its 95 % interval, p, p after Holm, and of how many it is."""
    children = pd.read_csv(folder / "children.csv.xz")
    champions = pd.read_csv(folder / "champions.csv")
    speed = json.loads((folder / "speed.json").read_text())
    rows = [*assay(children), *contrasts(children), *equal_time(children, speed), *runs(champions)]
    return pd.DataFrame(rows, columns=COLUMNS)


def _row(result: str, arm: str, found: Estimate, n: int) -> Row:
    return {"result": result, "arm": arm, "value": found.value, "low": found.low, "high": found.high, "n": n}


def assay(children: pd.DataFrame) -> list[Row]:
    """Each arm by itself: a mean over families of means over parents."""
    rows = []
    for arm in ARMS:
        part = children[children["arm"] == arm]
        for measure in SHARES:
            rows.append(_row(measure, arm, _mean(part, measure), len(part)))
        there = part[part["assembled"]]
        for measure in ("edits", "length"):
            rows.append(_row(measure, arm, _mean(there, measure), len(there)))
        gains = part[part["held_out_gain"].notna()]
        rows.append(_row("held-out gain of better children", arm, _mean(gains, "held_out_gain"), len(gains)))
        if part["child"].nunique() >= 4:
            best = best_of(part, 4)
            rows.append(_row("best of 4, beyond the parent", arm, _mean(best, "gain"), len(best)))
            rows.append(_row("improvement by 4", arm, _mean(best, "kept"), len(best)))
        for place in ("top", "even", "low"):
            of = part[part["place"] == place]
            rows.append(_row(f"better than a {place} parent", arm, _mean(of, "better"), len(of)))
    return rows


def by_parent(part: pd.DataFrame, value: str) -> pd.DataFrame:
    """The mean of each parent's children, with its family."""
    keys = ["family", "round", "place"]
    return part.assign(**{value: part[value].astype(float)}).groupby(keys, sort=False)[value].mean().reset_index()


def _mean(part: pd.DataFrame, value: str) -> Estimate:
    families = by_parent(part, value).groupby("family", sort=False)[value].mean()
    numbers = families.to_numpy()
    return over_families(lambda kept: float(numbers[kept].mean()), families.index.to_numpy(dtype=str))


def best_of(part: pd.DataFrame, k: int) -> pd.DataFrame:
    """For each parent, the expected fitness of the best of ``k`` of its children, drawn without replacement.

    A child that could not fight has fitness 0. ``gain`` is beyond the parent's fitness; in ``kept`` the parent stays
    where no child is fitter, as in an archive, so it is never below 0.
    """
    rows = []
    for (family, round, place), own in part.groupby(["family", "round", "place"], sort=False):
        ranked = np.sort(own["fitness"].fillna(0.0).to_numpy())
        n = len(ranked)
        odds = np.array([comb(i, k - 1) for i in range(n)]) / comb(n, k)
        best = float(odds @ ranked)
        parent = float(own["parent_fitness"].iloc[0])
        kept = float(odds @ np.maximum(ranked - parent, 0.0))
        rows.append((family, round, place, best, best - parent, kept))
    return pd.DataFrame(rows, columns=["family", "round", "place", "best", "gain", "kept"])


def contrasts(children: pd.DataFrame) -> list[Row]:
    """The five of the assay and the six of the second part, a bootstrap beside each, and those outside both."""
    table = children.assign(group=children["arm"], better=children["better"].astype(float))
    table = table.assign(seed=table["round"].astype(str) + table["place"])
    rows = [*_contrasts(table, "better", CONTRASTS, "better"), *_contrasts(table, "better", SECOND, "better")]
    for other, arm in (*CONTRASTS, *SECOND):
        low, high = bootstrap(children, other, arm)
        value = next(row["value"] for row in rows if row["arm"] == f"{arm} - {other}")
        rows.append(
            {"result": "better, bootstrap", "arm": f"{arm} - {other}", "value": value, "low": low, "high": high}
        )
    rows += _improvements(children)
    for measure in ("better", "assembled", "survived"):
        table[measure] = table[measure].astype(float)
        beside = _contrasts(table, measure, BESIDE, f"{measure}, beside the five")
        rows += [row | {"p_holm": np.nan} for row in beside]
    return rows


def _improvements(children: pd.DataFrame) -> list[Row]:
    """Of the second part, beside the contrasts: how much more the best of four children improves its parent."""
    pairs = [pair for pair in SECOND if all(children[children["arm"] == arm]["child"].max() >= 3 for arm in pair)]
    best = [best_of(children[children["arm"] == arm], 4).assign(group=arm) for arm in set(sum(pairs, ()))]
    table = pd.concat(best).assign(seed=lambda rows: rows["round"].astype(str) + rows["place"])
    return [row | {"p": np.nan, "p_holm": np.nan} for row in _contrasts(table, "kept", pairs, "improvement by 4")]


def _contrasts(table: pd.DataFrame, value: str, pairs: Sequence[tuple[str, str]], name: str) -> list[Row]:
    found = compare(table, value, pairs)
    adjusted = holm(found["p"].to_numpy(dtype=np.float64))
    return [
        {
            "result": name,
            "arm": f"{row.group} - {row.other}",
            "value": row.difference,
            "low": row.low,
            "high": row.high,
            "p": row.p,
            "p_holm": p,
            "n": row.families,
        }
        for row, p in zip(found.itertuples(), adjusted, strict=True)
    ]


def bootstrap(children: pd.DataFrame, other: str, arm: str) -> tuple[float, float]:
    """The 95 % interval of a difference in ``better``, by drawing families, then parents in each."""
    keys = ["family", "round", "place"]
    shares = [by_parent(children[children["arm"] == one], "better").set_index(keys)["better"] for one in (arm, other)]
    both = (shares[0] - shares[1]).dropna()
    families = [part.to_numpy() for _, part in both.groupby("family", sort=False)]
    rng = np.random.default_rng(0)
    chosen = rng.integers(len(families), size=(DRAWS, len(families)))
    drawn = np.empty(chosen.shape)
    for i, parents in enumerate(families):
        places = np.nonzero(chosen == i)
        drawn[places] = parents[rng.integers(len(parents), size=(len(places[0]), len(parents)))].mean(axis=1)
    low, high = np.quantile(drawn.mean(axis=1), [0.025, 0.975])
    return float(low), float(high)


def equal_time(children: pd.DataFrame, speed: dict[str, float]) -> list[Row]:
    """How many genetic candidates are worth one of the model's, and at which cost of a fight the model breaks even.

    By the fitness of the best child, as planned, and by ``kept``, which was thought of later.
    """
    rows: list[Row] = []
    genetic = children[children["arm"] == "genetic"]
    most = genetic["child"].nunique()
    for value in ("best", "kept"):
        steps = pd.concat([_by_family(genetic, n, value) for n in range(1, most + 1)], axis=1)
        for arm, k in product(WRITTEN_IN, BEST_OF):
            wanted = _by_family(children[children["arm"] == arm], k, value)
            worth = _worth(steps.loc[wanted.index].to_numpy(), wanted.to_numpy())
            found = over_families(worth, wanted.index.to_numpy(dtype=str))
            rows.append(_row(f"{value}: genetic candidates as good as {k}", arm, found, len(wanted)))
            n = found.value / k
            for name in WRITTEN_IN[arm]:
                cost = (speed[name] - n * speed["genetic_s"]) / (n - 1) if n > 1 else np.inf
                rows.append({"result": f"{value}: a fight at which {k} break even, s", "arm": name, "value": cost})
    return [*rows, *({"result": name, "arm": "", "value": value} for name, value in speed.items())]


def _by_family(part: pd.DataFrame, k: int, value: str) -> pd.Series:
    return best_of(part, k).groupby("family")[value].mean()


def _worth(steps: NDArray[np.float64], targets: NDArray[np.float64]) -> Callable[[NDArray[np.bool_]], float]:
    """The number of genetic candidates that are as good, on average; (families, n) and (families,) best values.

    Between whole numbers it is read off a straight line; below one candidate, off the line from no fitness at all.
    """

    def worth(kept: NDArray[np.bool_]) -> float:
        curve = np.concatenate(([0.0], steps[kept].mean(axis=0)))
        return float(np.interp(targets[kept].mean(), curve, np.arange(len(curve))))

    return worth


def runs(champions: pd.DataFrame) -> list[Row]:
    """Whole runs: each arm, and the five contrasts of generality; the two outcomes beside it without Holm."""
    table = champions.assign(group=champions["arm"])
    rows = []
    for arm in RUNS:
        part = table[table["arm"] == arm]
        for measure in ("generality", "share", "fitness"):
            numbers, families = part[measure].to_numpy(), part["family"].to_numpy(dtype=str)
            found = over_families(lambda kept, numbers=numbers: float(numbers[kept].mean()), families)  # type: ignore[misc]
            rows.append(_row(f"run: {measure}", arm, found, len(part)))
    rows += _contrasts(table, "generality", RUN_CONTRASTS, "run: generality")
    for measure in ("share", "fitness"):
        beside = _contrasts(table, measure, RUN_CONTRASTS, f"run: {measure}")
        rows += [row | {"p_holm": np.nan} for row in beside]
    return rows


Cells = dict[tuple[str, str], dict[str, Any]]
"""The rows of all results, by their result and arm."""
COPIES = ("copies_parent", "copies_example", "copies_known")


def tables(found: pd.DataFrame) -> list[str]:
    """The tables of docs/results.md, line by line."""
    at = {(row["result"], row["arm"]): row for row in found.to_dict("records")}
    makers = (_operators, _operator_contrasts, _second_contrasts, _by_parent, _equal_time, _whole_runs, _run_contrasts)
    return [line for make in makers for line in make(at)]


def _operators(at: Cells) -> list[str]:
    head = ["arm", "children", "better, %", "best of 4, beyond the parent", "assemble, %", "survive a battle, %"]
    head += ["in another cell, %", "copy the parent, %", "copy an example, %", "copy a known warrior, %", "edits"]
    rows = []
    for arm in ARMS:
        shares = (f"{100 * at[name, arm]['value']:.1f}" for name in ("assembled", "survived", "new_cell", *COPIES))
        main = (_cell(at, "better", arm, True), _cell(at, "best of 4, beyond the parent", arm))
        rows.append([f"`{arm}`", f"{at['better', arm]['n']:.0f}", *main, *shares, f"{at['edits', arm]['value']:.1f}"])
    return _table(head, rows)


def _operator_contrasts(at: Cells) -> list[str]:
    head = ["contrast", "difference in better, %", "bootstrap", "p", "p, Holm"]
    rows = []
    for other, arm in CONTRASTS:
        check = _cell(at, "better, bootstrap", f"{arm} - {other}", True)
        rows.append(_contrast(at, "better", other, arm, check))
    return _table(head, rows)


def _second_contrasts(at: Cells) -> list[str]:
    head = ["contrast", "difference in better, %", "bootstrap", "in improvement by 4", "p of better", "p, Holm"]
    rows = []
    for other, arm in SECOND:
        check = _cell(at, "better, bootstrap", f"{arm} - {other}", True)
        rows.append(_contrast(at, "better", other, arm, check, _cell(at, "improvement by 4", f"{arm} - {other}")))
    return _table(head, rows)


def _by_parent(at: Cells) -> list[str]:
    head = ["arm", "better than a top parent, %", "an even one", "a low one"]
    head += ["improvement by 4 children", "held-out gain of better ones"]
    rows = []
    for arm in ARMS:
        shares = (_cell(at, f"better than a {place} parent", arm, True) for place in ("top", "even", "low"))
        gains = (_cell(at, name, arm) for name in ("improvement by 4", "held-out gain of better children"))
        rows.append([f"`{arm}`", *shares, *gains])
    return _table(head, rows)


def _equal_time(at: Cells) -> list[str]:
    head = ["judged by", "arm", "candidates of it", "genetic ones as good"]
    head += ["break-even fight, processors", "the same, H200"]
    rows = []
    values = (("best", "best fitness"), ("kept", "improvement of the parent"))
    for (value, name), arm, k in product(values, WRITTEN_IN, BEST_OF):
        as_good = _cell(at, f"{value}: genetic candidates as good as {k}", arm)
        fights = (at.get((f"{value}: a fight at which {k} break even, s", f"{arm}_s_{on}")) for on in ("here", "lent"))
        rows.append([name, f"`{arm}`", str(k), as_good, *(_seconds(one["value"]) if one else "–" for one in fights)])
    return _table(head, rows)


def _whole_runs(at: Cells) -> list[str]:
    rows = []
    for arm in RUNS:
        cells = (_cell(at, "run: generality", arm, True), _cell(at, "run: share", arm), _cell(at, "run: fitness", arm))
        rows.append([f"`{arm}`", f"{at['run: generality', arm]['n']:.0f}", *cells])
    return _table(["arm", "runs", "generality, %", "alive share, held-out", "first champion, fresh"], rows)


def _run_contrasts(at: Cells) -> list[str]:
    rows = [_contrast(at, "run: generality", other, arm) for other, arm in RUN_CONTRASTS]
    return _table(["contrast", "difference in generality, %", "p", "p, Holm"], rows)


def _contrast(at: Cells, result: str, other: str, arm: str, *more: str) -> list[str]:
    row = at[result, f"{arm} - {other}"]
    difference = _cell(at, result, f"{arm} - {other}", True)
    return [f"`{arm}` − `{other}`", difference, *more, f"{row['p']:.2g}", f"{row['p_holm']:.2g}"]


def _cell(at: Cells, result: str, arm: str, percent: bool = False) -> str:
    row = at.get((result, arm))
    if row is None:
        return "–"
    value, low, high = (f"{100 * row[key]:.1f}" if percent else f"{row[key]:.2f}" for key in ("value", "low", "high"))
    return f"{value} ({low} to {high})".replace("-", "−")


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    lines = ["| " + " | ".join(row) + " |" for row in (head, *rows)]
    return ["", lines[0], "|" + "---|" * len(head), *lines[1:]]


def _seconds(value: float) -> str:
    return "never" if np.isinf(value) else f"{value:.2g} s"


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("expected one folder: python docs/model_study.py tests/data/model_study")
    found = results(Path(sys.argv[1]))
    print(found.to_csv(index=False, float_format="%.4g"), *tables(found), sep="\n")
