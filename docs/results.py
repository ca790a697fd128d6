"""Every number of docs/results.md that a data set gives: ``python docs/results.py TABLES``.

TABLES is a folder that ``drq export RUNS -o TABLES`` has written. The runs behind the page are not shipped. These
commands make them, and what the page says of them, again:

    drq evolve -m experiment=study hydra/launcher=processes threads=1
    drq evolve -m experiment=study history=3 hydra/launcher=processes threads=1
    drq evolve -m experiment=study history=1 hydra/launcher=processes threads=1
    drq evolve -m experiment=study history=1 archive=single_cell 'run_dir=study/single/${seed}_${starter}' \
        hydra/launcher=processes threads=1
    drq export study -o tables
    python docs/results.py tables
    drq export study -o tables_human opponents=FOLDER placements=20
    python docs/results.py tables_human                                   # the column "human"

Not among them, because they need other battles or other runs: champions' fitness in fresh placements, runs without
fragments and of new warriors alone, and the finals (``python -m tests.measure_finals``).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from itertools import combinations
from math import comb
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from drq.analysis.contrasts import compare
from drq.analysis.cycles import cyclic_triples
from drq.analysis.fits import fit, mean_across, variance_across
from drq.analysis.probe import cross_validated, distinct
from drq.analysis.trends import against

COLUMNS = ["result", "group", "value", "low", "high"]
SPECIALIST, ZERO_SHOT, STARTER = "specialist", "zero-shot", "starter"


def results(folder: Path) -> pd.DataFrame:
    """A row a number: result, group (of two, ``A - B``; empty for all runs), value, and ends of its 95 % interval."""
    names = ("runs", "champions", "measures", "matrices", "baselines", "genotypes", "starters")
    tables = {name: pd.read_parquet(folder / f"{name}.parquet") for name in names}
    tables["runs"] = finished(tables["runs"], tables["champions"])
    rows = [*baselines(tables), *best(tables), *trends(tables), *fitness(tables), *cycles(tables), *probe(tables)]
    return pd.DataFrame([(*row, *[np.nan] * (5 - len(row))) for row in rows], columns=COLUMNS)


def finished(runs: pd.DataFrame, champions: pd.DataFrame) -> pd.DataFrame:
    """The runs with ``planned``, their number of rounds, and whether they have a champion of each, ``finished``."""
    planned = runs["config"].map(lambda text: int(json.loads(text)["rounds"]))
    crowned = runs["run"].map(champions.groupby("run").size())
    return runs.assign(planned=planned, finished=crowned == planned)


def baselines(tables: dict[str, pd.DataFrame]) -> list[tuple[Any, ...]]:
    """What the runs began with, each code once."""
    table = tables["baselines"].assign(either=lambda rows: rows["defeats"] | rows["ties"])
    shares = table.groupby("position").agg(
        kind=("kind", "first"), digest=("digest", "first"), defeats=("defeats", "mean"), generality=("either", "mean")
    )
    shares = shares.drop_duplicates(["kind", "digest"])
    means = shares.groupby("kind")[["defeats", "generality"]].mean()
    columns = ((STARTER, "generality"), (ZERO_SHOT, "defeats"), (SPECIALIST, "generality"))
    found = [(f"{kind}: {column}", "", means.loc[kind, column]) for kind, column in columns if kind in means.index]
    named = shares[shares["kind"] == STARTER].merge(tables["starters"].drop_duplicates("digest"), on="digest")
    return [*found, *((f"starter {row.name_}: generality", "", row.generality) for row in _rows(named))]


def _rows(table: pd.DataFrame) -> Any:
    return table.rename(columns={"name": "name_"}).itertuples()


def best(tables: dict[str, pd.DataFrame]) -> list[tuple[Any, ...]]:
    """The champion that is best by these same opponents, and how many copy a starter of their run."""
    champions = tables["champions"]
    return [
        ("best champion: generality", "", champions["generality"].max()),
        ("champions", "", len(champions)),
        ("champions that copy a starter", "", (champions["copy_of"] == -1).sum()),
    ]


def trends(tables: dict[str, pd.DataFrame]) -> list[tuple[Any, ...]]:
    """Values by round, slopes with and without the first round, and groups against each other in the last one."""
    rows: list[tuple[Any, ...]] = []
    for group, runs in _groups(tables):
        families = runs["family"].to_numpy(dtype=str)
        for quantity, (values, series) in _quantities(tables, runs).items():
            if series is variance_across and len(runs) < 2:
                continue
            first = int(quantity == "phenotype_change")
            round = np.arange(first, first + values.shape[1])
            rows += [(f"{quantity}, round {i}", group, value) for i, value in zip(round, series(values), strict=True)]
            for name, start in (("slope", 0), ("slope without the first round", 1)):
                line = fit(against(quantity, round[start:]), values[:, start:], series, families)
                if line is not None:
                    rows.append((f"{quantity}, {name}", group, line.slope, line.low, line.high))
    champions, runs = _of_finished(tables), tables["runs"]
    for other, group in combinations(dict.fromkeys(runs["group"]), 2):
        last = runs.loc[runs["group"].isin([other, group]), "planned"].min() - 1
        rows += _differences(champions[champions["round"] == last], "generality", other, group, f", round {last}")
    return rows


def _quantities(tables: dict[str, pd.DataFrame], runs: pd.DataFrame) -> dict[str, tuple[Any, Callable[[Any], Any]]]:
    """For each quantity of figure 3 its (runs, rounds, …) values and what makes one number a round of them."""
    champions = _in_order(tables["champions"], runs, ["round"])
    measures = _in_order(tables["measures"], runs, ["round", "opponent"])
    genotypes = _in_order(tables["genotypes"], runs, ["round"])
    shape = (len(runs), int(runs["planned"].iloc[0]), -1)
    phenotypes = measures["fitness"].to_numpy().reshape(shape)
    return {
        "generality": (champions["generality"].to_numpy().reshape(shape[:2]), mean_across),
        "phenotype_variance": (phenotypes, variance_across),
        "phenotype_change": ((np.diff(phenotypes, axis=1) ** 2).mean(axis=2), mean_across),
        "genotype_variance": (np.stack(genotypes["vector"].to_list()).reshape(shape), variance_across),
    }


def _in_order(table: pd.DataFrame, runs: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Rows of these runs alone, run by run."""
    place = {run: i for i, run in enumerate(runs["run"])}
    part = table[table["run"].isin(place)]
    return part.assign(place=part["run"].map(place)).sort_values(["place", *keys])


def _groups(tables: dict[str, pd.DataFrame]) -> list[tuple[str, pd.DataFrame]]:
    """Finished runs by group, in the order of the data set."""
    runs = tables["runs"][tables["runs"]["finished"]]
    return [(str(group), part) for group, part in runs.groupby("group", sort=False)]


def _of_finished(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    runs = tables["runs"]
    return tables["champions"][tables["champions"]["run"].isin(runs.loc[runs["finished"], "run"])]


def _differences(table: pd.DataFrame, value: str, other: str, group: str, where: str) -> list[tuple[Any, ...]]:
    found = compare(table, value, [(other, group)])
    return [(f"{value}{where}", f"{group} - {other}", row.difference, row.low, row.high) for row in found.itertuples()]


def fitness(tables: dict[str, pd.DataFrame]) -> list[tuple[Any, ...]]:
    """Champions' fitness in their own rounds, and groups against each other in the first round."""
    champions = tables["champions"]
    means = champions.groupby(["group", "round"], sort=False)["fitness"].mean()
    rows: list[tuple[Any, ...]] = [(f"fitness, round {round}", group, mean) for (group, round), mean in means.items()]
    first = _of_finished(tables).query("round == 0")
    for other, group in combinations(dict.fromkeys(tables["runs"]["group"]), 2):
        rows += _differences(first, "fitness", other, group, ", round 0")
    return rows


def cycles(tables: dict[str, pd.DataFrame]) -> list[tuple[Any, ...]]:
    """Cyclic triples of champions per run, and groups against each other."""
    matrices, runs = dict(list(tables["matrices"].groupby("run"))), tables["runs"]
    crowned = runs["run"].map(tables["champions"].groupby("run").size())
    counted = [_cyclic(matrices[run]) if run in matrices else 0 for run in runs["run"]]
    table = runs.assign(cyclic=counted, triples=[comb(n, 3) for n in crowned])
    means = table[table["triples"] > 0].groupby("group", sort=False)[["cyclic", "triples"]].mean()
    rows: list[tuple[Any, ...]] = [
        (f"{column} triples per run" if column == "cyclic" else "triples per run", group, row[column])
        for group, row in means.iterrows()
        for column in ("cyclic", "triples")
    ]
    for other, group in combinations(means.index, 2):
        pair = table[table["group"].isin([other, group]) & table["finished"]]
        if pair["planned"].nunique() == 1:  # triples of 5 rounds and of 10 are not comparable
            rows += _differences(pair, "cyclic", other, group, " triples per run")
    return rows


def _cyclic(matrix: pd.DataFrame) -> int:
    beats = matrix.pivot(index="round", columns="opponent_round", values="defeats").fillna(False)
    return cyclic_triples(beats.to_numpy(dtype=bool))


def probe(tables: dict[str, pd.DataFrame]) -> list[tuple[Any, ...]]:
    """Test R² of a ridge regression from code to generality."""
    rows = distinct(tables["champions"])
    champions = tables["champions"].iloc[rows]
    vectors = np.stack(tables["genotypes"]["vector"].iloc[rows].to_list())
    found = cross_validated(vectors, champions["generality"], champions["family"], rows)
    return [] if found is None else [("probe, test R²", "", found.r2, found.low, found.high)]


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("expected one folder of tables: python docs/results.py TABLES")
    print(results(Path(sys.argv[1])).to_csv(index=False, float_format="%.5g"), end="")
