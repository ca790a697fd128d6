"""Groups against each other: on the families that both have, in the rounds that both have, of finished runs alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from drq.analysis.cycles import cycle_table
from drq.analysis.firsts import STARTER
from drq.analysis.fits import MIN_FAMILIES, MIN_ROUNDS, holm, over_families, slope
from drq.analysis.study import Study
from drq.analysis.trends import QUANTITIES, SERIES, against, late_mean, members, values_of

STARTERS = "starters"
"""Named beside groups, where champions are compared with what their runs began from."""
Pairs = Iterable[tuple[str, str]]
_NUMBERS = ("families", "mean", "mean_other", "difference", "low", "high", "relative", "p")
_COLUMNS = ("group", "other", "value", *_NUMBERS)


def compare(table: pd.DataFrame, value: str, pairs: Pairs | None = None) -> pd.DataFrame:
    """Two groups of ``table`` (columns group, family, seed and ``value``) at a time, on what both have.

    ``pairs`` (other, group): all two groups by default. Runs are paired by family and seed, and the pairs of a family
    are averaged. Columns: group, other, value, families, mean and mean_other, difference (of group from other) with the
    ends of its 95 % interval (Student's t over families), relative (difference / mean_other), and p of a paired t test.
    Rows without a value do not count. No row where two groups share fewer than three families.
    """
    means, rows = table.groupby(["group", "family", "seed"], sort=False)[value].mean().dropna(), []
    for other, group in combinations(dict.fromkeys(table["group"]), 2) if pairs is None else pairs:
        if not {other, group} <= set(means.index.get_level_values("group")):
            continue
        both = pd.concat([means[group], means[other]], axis=1, join="inner").groupby("family", sort=False).mean()
        if len(both) < MIN_FAMILIES:
            continue
        numbers = both.to_numpy(dtype=np.float64)
        found = over_families(lambda part, n=numbers: float((n[part, 0] - n[part, 1]).mean()), both.index.to_numpy())  # type: ignore[misc]
        mean, mean_other = numbers.mean(axis=0)
        relative = found.value / mean_other if mean_other else np.nan
        ends = (found.value, found.low, found.high)
        rows.append((group, other, value, len(both), mean, mean_other, *ends, relative, found.p))
    return pd.DataFrame(rows, columns=_COLUMNS)


def compare_generality(study: Study) -> pd.DataFrame:
    """``compare`` of the champions of a common last round, and of the mean over the last half of the common rounds.

    Each group is also compared with the starters of its runs. ``p_holm`` is over all rows of one value.
    """
    pairs = [*((STARTERS, group) for group in study.groups), *combinations(study.groups, 2)]
    return compare_common(study, pairs, ("generality", "generality_late"), lambda rounds: _generality(study, rounds))


def compare_cycles(study: Study, pairs: Pairs | None = None) -> pd.DataFrame:
    """``compare`` of the cyclic triples among the champions of the common rounds."""
    pairs = combinations(study.groups, 2) if pairs is None else pairs
    return compare_common(study, pairs, ("cyclic", "cyclic_sure"), lambda rounds: cycle_table(study, rounds))


def compare_fitness(study: Study, pairs: Pairs) -> pd.DataFrame:
    """``compare`` of champions' fitness in round 0 and in the last common round of each of ``pairs``."""
    found = [pd.DataFrame(columns=[*_COLUMNS, "round"])]
    for pair in pairs:
        for round in sorted({0, study.common_rounds(*pair) - 1}):
            rows = compare(study.champions_of(range(round, round + 1)), "fitness", [pair])
            found.append(rows.assign(round=round))
    return _with_holm(found)


def compare_trends(study: Study) -> pd.DataFrame:
    """A row for each two groups, quantity and measure: both values, and the difference (of group from other).

    The measures are the slope, the slope without the first round, and the mean of the last half of the rounds. The
    interval and p are over the families that both groups have, each left out of both at once (``over_families``); a
    test of one slope against another is this one, not a comparison of two p values. ``p_holm`` is over all rows of one
    measure.
    """
    rows = []
    for other, group in combinations(study.groups, 2):
        both = {one: _by_start(study, one) for one in (group, other)}
        starts = sorted(both[group].keys() & both[other].keys())
        families = np.array([family for family, _ in starts])
        if len(set(families)) < MIN_FAMILIES:
            continue
        rounds = study.common_rounds(group, other)
        for quantity in QUANTITIES:
            sides = [values_of(study, quantity, [both[one][start] for start in starts], rounds) for one in both]
            for name, measure in _measures(quantity, sides[0][0]).items():
                series = SERIES[quantity]

                def difference(part: NDArray[np.bool_], measure=measure, sides=sides, series=series) -> float:  # type: ignore[no-untyped-def]
                    ours, theirs = (measure(series(values[part])) for _, values in sides)
                    return float(ours - theirs)

                found = over_families(difference, families)
                value, value_other = (measure(series(values)) for _, values in sides)
                numbers = (rounds, found.families, value, value_other, found.value, found.low, found.high, found.p)
                rows.append((group, other, quantity, name, *numbers))
    names = ("rounds", "families", "mean", "mean_other", "difference", "low", "high", "p")
    return _with_holm([pd.DataFrame(rows, columns=["group", "other", "quantity", "value", *names])])


def _measures(quantity: str, round: NDArray[np.int64]) -> dict[str, Callable[[NDArray[np.float64]], float]]:
    """What is made of a (rounds,) series of the quantity."""
    x = against(quantity, round)
    found: dict[str, Callable[[NDArray[np.float64]], float]] = {}
    if len(round):
        found["mean_late"] = lambda series: late_mean(series, round)
    if len(round) >= MIN_ROUNDS:
        found["slope"] = lambda series: slope(x, series)
    if len(round) > MIN_ROUNDS:
        found["slope_without_first"] = lambda series: slope(x[1:], series[1:])
    return found


def _by_start(study: Study, group: str) -> dict[tuple[str, int], int]:
    """The group's finished runs, by family and seed."""
    return {(study.runs[i].family, study.runs[i].config.seed): i for i in members(study, group)}


def _generality(study: Study, rounds: int) -> pd.DataFrame:
    """Rows of group, family and seed, those of the starters too.

    ``generality`` is that of the last of so many rounds, ``generality_late`` that of every one of the last half.
    """
    columns = ["group", "family", "seed", "generality"]
    last = study.champions_of(range(rounds - 1, rounds))[columns]
    late = study.champions_of(range(rounds // 2, rounds))[columns].rename(columns={"generality": "generality_late"})
    firsts = study.baselines[study.baselines["kind"] == STARTER][columns].assign(group=STARTERS)
    return pd.concat([firsts.assign(generality_late=firsts["generality"]), last, late])


def compare_common(
    study: Study, pairs: Pairs, values: Iterable[str], table_of: Callable[[int], pd.DataFrame]
) -> pd.DataFrame:
    """``compare`` for each pair over its common rounds, of which ``table_of`` makes the table, with ``p_holm``."""
    found = [pd.DataFrame(columns=[*_COLUMNS, "rounds"])]
    pairs = list(pairs)
    for value in values:
        for pair in pairs:
            rounds = study.common_rounds(*(group for group in pair if group in study.groups))
            found.append(compare(table_of(rounds), value, [pair]).assign(rounds=rounds))
    return _with_holm(found)


def _with_holm(tables: list[pd.DataFrame]) -> pd.DataFrame:
    """All rows, with p values adjusted among those of one value (``holm``)."""
    filled = [table for table in tables if len(table)] or tables[:1]
    table = pd.concat(filled, ignore_index=True)
    adjusted = [holm(part["p"].to_numpy(dtype=np.float64)) for _, part in table.groupby("value", sort=False)]
    places = [part.index for _, part in table.groupby("value", sort=False)]
    table["p_holm"] = np.nan
    for rows, numbers in zip(places, adjusted, strict=True):
        table.loc[rows, "p_holm"] = numbers
    return table
