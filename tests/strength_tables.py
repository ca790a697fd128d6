"""The tables of ``measure_strength arms`` and ``measure_selection`` as Markdown, which docs/results.md shows.

``python -m tests.strength_tables`` makes them from the runs in tests/data/strength, a row a run.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.stats import binomtest

from drq.student import t_quantile

SHIPPED = Path(__file__).parent / "data" / "strength"
CHAMPIONS = ("first", "last", "strongest", "polished")
"""The champion of the first round, of the last, the winner of the run's own finals, and that one with tuned numbers."""
CONTRASTS = (
    ("duels", "melee (Kumar 2026)"),
    ("melee, last champion only", "melee (Kumar 2026)"),
    ("duels, last champion only", "duels"),
    ("duels, one cell", "duels"),
    ("duels", "duels, new warriors only"),
    ("strong", "duels"),
    ("population", "strong"),
    ("population", "population, old built-ins"),
    ("population", "population, from random code"),
    ("population, from random code", "population, from random code, starters never met"),
)
"""Differences, seed by seed, of the first arm from the second."""


def rows(found: Mapping[tuple[Any, ...], Mapping[str, Any]]) -> pd.DataFrame:
    """A row a run: arm, seed, its size, the points of its champions, and the share that the last of them beats."""
    table = [
        {"arm": arm, "seed": seed, "candidates": run["candidates"], "rounds": run["rounds"]}
        | {champion: round(run[champion]["points"], 2) for champion in CHAMPIONS}
        | {"beaten": round(run["polished"]["beaten"], 2)}
        for (_, _, seed, arm, _), run in found.items()
    ]
    return pd.DataFrame(table)


def interval(values: ArrayLike) -> tuple[float, float]:
    """Mean and half of its 95 % interval over seeds (Student's t); NaN for one seed."""
    each = np.asarray(values)
    n = len(each)
    half = t_quantile(0.975, n - 1) * float(np.std(each, ddof=1)) / np.sqrt(n) if n > 1 else np.nan
    return float(np.mean(each)), half


def arms(table: pd.DataFrame) -> list[str]:
    """A line an arm."""
    lines = [
        "| | runs | candidates | rounds | first champion | last | strongest | tuned | which beats, % |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for arm, own in table.groupby("arm", sort=False):
        cells = [str(arm), str(len(own)), *(f"{own[key].mean():.0f}" for key in ("candidates", "rounds"))]
        cells += ["{:.0f} ± {:.0f}".format(*interval(own[key])) for key in (*CHAMPIONS, "beaten")]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def contrasts(table: pd.DataFrame) -> list[str]:
    """A line a difference of ``CONTRASTS``, and one an arm for what its last champion is above its first."""
    lines = ["| difference, points | last champion | strongest | higher in |", "|---|---|---|---|"]
    for one, other in CONTRASTS:
        both = [table[table["arm"] == arm].set_index("seed") for arm in (one, other)]
        last, strongest = ((both[0][key] - both[1][key]).dropna() for key in ("last", "strongest"))
        cells = [f"{one} − {other}", _difference(last), _difference(strongest)]
        lines.append(f"| {' | '.join(cells)} | {(strongest > 0).sum()} of {len(strongest)} |")
    lines += ["", "| last champion − first, points | | higher in |", "|---|---|---|"]
    for arm, own in table.groupby("arm", sort=False):
        rise = own["last"] - own["first"]
        lines.append(f"| {arm} | {_difference(rise)} | {(rise > 0).sum()} of {len(rise)} |")
    return lines


def selection(table: pd.DataFrame) -> list[str]:
    """A line a setup, with the operator's fragments and without: a family counts when both of its runs are there."""
    lines = [
        "| setup | operator | selection | sampling | difference | selection is better in | p (sign test) |",
        "|---|---|---|---|---|---|---|",
    ]
    for (setup, fragments), own in table.groupby(["setup", "fragments"], sort=False):
        pairs = own.pivot(index="family", columns="selection", values="score").dropna()
        differences = pairs[True] - pairs[False]
        n, won = len(differences), int((differences > 0).sum())
        cells = [str(setup), "with fragments" if fragments else "without"]
        cells += [f"{pairs[True].mean():.0f}", f"{pairs[False].mean():.0f}", _difference(differences)]
        lines.append(f"| {' | '.join(cells)} | {won} of {n} families | {binomtest(won, n).pvalue:.2g} |")
    return lines


def _difference(values: pd.Series) -> str:
    mean, half = interval(values)
    return f"{mean:.1f} ({mean - half:.1f} to {mean + half:.1f})".replace("-", "−")


if __name__ == "__main__":
    runs, families = (pd.read_csv(SHIPPED / f"{name}.csv") for name in ("arms", "selection"))
    print("\n".join([*arms(runs), "", *contrasts(runs), "", *selection(families)]))
