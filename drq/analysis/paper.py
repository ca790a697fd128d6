"""Our numbers beside the published ones (Kumar 2026, arXiv 2601.03335), each with what differs in how it was made."""

from __future__ import annotations

import math
from collections.abc import Hashable
from typing import Any

import pandas as pd

from drq.analysis.baselines import baseline_table
from drq.analysis.contrasts import compare_cycles
from drq.analysis.curves import champion_fitness
from drq.analysis.cycles import cycle_table
from drq.analysis.probe import Probe
from drq.analysis.study import OPPONENT_COPY, STARTER_COPY, Study
from drq.analysis.trends import Trend
from redcode.text import plural

PUBLISHED_FITS: dict[tuple[str, str], tuple[float, float, float]] = {
    ("generality", "all"): (0.03466, 0.927, 1.1e-11),
    ("generality", "3"): (0.02953, 0.898, 3.1e-5),
    ("generality", "1"): (0.03400, 0.905, 2.3e-5),
    ("phenotype_variance", "all"): (-0.003, 0.573, 1.1e-4),
    ("phenotype_variance", "3"): (-0.002, 0.604, 8e-3),
    ("phenotype_variance", "1"): (-0.001, 0.182, 0.219),
    ("phenotype_change", "all"): (-0.006, 0.756, 1.4e-6),
    ("phenotype_change", "3"): (-0.004, 0.507, 0.031),
    ("phenotype_change", "1"): (-0.006, 0.753, 2.4e-3),
    ("genotype_variance", "all"): (-2.1e-7, 0.057, 0.31),
    ("genotype_variance", "3"): (-2.4e-6, 0.41, 0.046),
    ("genotype_variance", "1"): (-1.9e-6, 0.52, 0.018),
}
"""Slope, R² and p by quantity and K; K = all is the paper's K = 20 over 20 rounds, so all past champions too."""


def summary(study: Study, trends: list[Trend], probe: Probe | None) -> pd.DataFrame:
    """Rows of result, ours, paper and differs; a result that these runs cannot give has no row."""
    rows = [
        *_trend_rows(study, [trend for trend in trends if study.rounds(trend.group) > 1]),
        *_baseline_rows(study),
        *_cycle_rows(study),
        *_archive_rows(study),
        *_copy_rows(study),
        *_probe_rows(study, probe),
    ]
    return pd.DataFrame(rows, columns=["result", "ours", "paper", "differs"])


def settings(study: Study) -> str:
    """What differs from the paper in all rows, in one sentence."""
    configs = [run.config for run in study.runs]
    operators = ", ".join(sorted({str(config.operator["name"]) for config in configs}))
    rounds = "-".join(str(n) for n in sorted({run.planned for run in study.runs}))
    iterations = "-".join(str(n) for n in sorted({config.iterations for config in configs}))
    placements = "-".join(str(n) for n in sorted({config.placements for config in configs}))
    return (
        f"Here: operator {operators}; {plural(len(configs), 'run')} of {rounds} rounds x {iterations} iterations, "
        f"fitness over {placements} placements; measured against {plural(len(study.opponents), 'warrior')}, "
        f"{plural(study.placements, 'battle')} each (seed {study.seed}); "
        f"core {study.rules.core_size}, {study.rules.max_cycles} cycles; embedding {study.embedding}. "
        "Kumar 2026: gpt-4.1-mini as the operator; 96 starters x 20 rounds (10 for K = 3 and 1) x 250 iterations; "
        "measured against 317 human warriors, 20 placements each; core 8000, 80000 cycles; text-embedding-3-small; its "
        "simulator departs from ICWS'94 in several opcodes and seats the candidate first."
    )


def _trend_rows(study: Study, trends: list[Trend]) -> list[dict[str, str]]:
    rows = []
    for trend in trends:
        history = study.history(trend.group)
        published = PUBLISHED_FITS.get((trend.quantity, history))
        rows.append(
            {
                "result": f"{trend.quantity.replace('_', ' ')} over rounds, {_named(trend.group)}: slope",
                "ours": _fit_text(trend),
                "paper": "" if published is None else "{:.2g}, R² {:.2f}, p {:.2g}".format(*published),
                "differs": _trend_differs(study, trend, history),
            }
        )
    return rows


def _named(group: str) -> str:
    return "all runs" if group == "all" else group


def _fit_text(trend: Trend) -> str:
    fit = trend.fit
    if fit is None:
        return f"none: {trend.why}"
    text = f"{fit.slope:.2g}"
    if math.isfinite(fit.low):
        text += f" ({fit.low:.2g} to {fit.high:.2g})"
    text += f", R² {fit.r2:.2f}, p {fit.p:.2g}"
    return text + (f", over families p {fit.p_runs:.2g}" if math.isfinite(fit.p_runs) else "")


def _trend_differs(study: Study, trend: Trend, history: str) -> str:
    if trend.fit is None:
        return ""
    runs = f"{plural(trend.fit.runs, 'run')} x {trend.fit.rounds} rounds"
    theirs = {"all": "96 x 20", "3": "96 x 10", "1": "96 x 10"}.get(history, "")
    config = study.config(trend.group)
    kept = "a population" if config.archive.size else "a single cell"
    cell = "" if config.archive.axes else f"; {kept}, not MAP-Elites"
    branches = f"; branches of {plural(config.branch, 'round')}, not one line" if config.branch else ""
    return (f"{runs} against {theirs}" if theirs else runs) + cell + branches


def _baseline_rows(study: Study) -> list[dict[str, str]]:
    table = {str(row["kind"]): row for row in baseline_table(study).to_dict("records")}
    iterations = "-".join(str(n) for n in sorted({run.config.iterations for run in study.runs} - {0}))
    published = {
        "starter": ("generality", "mean share defeated or tied", "", "what the runs began from"),
        "zero-shot": ("defeats", "mean share defeated", "1.7 %", "the genetic operator's or model's first warrior"),
        "best of 8": (
            "collective_defeats",
            "set defeats collectively",
            "22.1 %",
            "picked by one starter, not by target",
        ),
        "specialist": ("generality", "mean share defeated or tied", "27.9 %", f"{iterations} iterations, not 1000"),
    }
    rows = [
        {
            "result": f"{kind} ({plural(table[kind]['warriors'], 'warrior')}): {meaning}",
            "ours": f"{100 * table[kind][column]:.1f} %",
            "paper": paper,
            "differs": differs,
        }
        for kind, (column, meaning, paper, differs) in published.items()
        if kind in table
    ]
    if "specialist" in table:
        row = table["specialist"]
        ours = f"{100 * row['collective_defeats']:.1f} % / {100 * row['collective_generality']:.1f} %"
        count = plural(row["warriors"], "specialist")
        differs = f"{count}, not 294; evolved against the starters, not against the held-out warriors"
        rows.append(
            {
                "result": "specialists as a set: defeat / defeat or tie",
                "ours": ours,
                "paper": "89.1 % / 96.3 %",
                "differs": differs,
            }
        )
    best = study.champions.iloc[int(study.champions["generality"].to_numpy().argmax())]
    rows.append(
        {
            "result": "best single champion: defeats / defeats or ties",
            "ours": f"{100 * best['defeats']:.1f} % / {100 * best['generality']:.1f} %",
            "paper": "80.1 % / 84.5 %",
            "differs": f"{best['label']}, round {best['round']}; the best of many in the battles shown",
        }
    )
    return rows


def _cycle_rows(study: Study) -> list[dict[str, str]]:
    table = cycle_table(study)
    table = table[table["triples"] > 0]
    rows = [
        {
            "result": f"cyclic triples of champions, {_named(str(group))}: mean a run",
            "ours": f"{part['cyclic'].mean():.2f} of {part['triples'].mean():.0f}; "
            f"{part['cyclic_sure'].mean():.2f} beyond chance",
            "paper": "",
            "differs": f"{plural(len(part), 'run')}; beyond chance: of defeats whose 95 % interval "
            "over placements leaves out a tie",
        }
        for group, part in table.groupby("group", sort=False)
    ]
    pairs = [sorted(pair, key=lambda group: _length(study, group)) for pair in study.pairs("history")]
    compared = compare_cycles(study, [(other, group) for other, group in pairs]).to_dict("records")
    for value, beyond in (("cyclic", ""), ("cyclic_sure", " beyond chance")):
        for other, group in pairs:
            found = [row for row in compared if (row["other"], row["group"], row["value"]) == (other, group, value)]
            ends = (study.history(other), study.history(group))
            published = "-77 % (K = 10)" if ends == ("1", "all") and not beyond else ""
            rows += [_cycle_row(row, beyond, published) for row in found]
    return rows


def _cycle_row(row: dict[Hashable, Any], beyond: str, published: str) -> dict[str, str]:
    relative = f"{100 * row['relative']:+.0f} %" if row["mean_other"] else f"none in {row['other']}"
    return {
        "result": f"cyclic triples{beyond}, from {row['other']} to {row['group']}",
        "ours": f"{relative} ({row['mean_other']:.2f} to {row['mean']:.2f} a run)",
        "paper": published,
        "differs": f"{plural(row['families'], 'starter')}; difference {row['difference']:+.2f} a run "
        f"({row['low']:+.2f} to {row['high']:+.2f})",
    }


def _length(study: Study, group: str) -> float:
    history = study.history(group)
    return math.inf if history == "all" else float(history)


def _archive_rows(study: Study) -> list[dict[str, str]]:
    """MAP-Elites against a single cell, in the first and the last round, where two groups differ in it alone."""
    table, rows = champion_fitness(study).set_index(["group", "round"])["mean"], []
    for pair in study.pairs("archive.axes"):
        cell, elites = sorted(pair, key=lambda group: len(study.config(group).archive.axes))
        if study.config(cell).archive.axes:
            continue
        last = int(min(table[group].index.max() for group in pair))
        pairs = [f"{float(table[elites, round]):.2f} and {float(table[cell, round]):.2f}" for round in (0, last)]
        rows.append(
            {
                "result": f"MAP-Elites and a single cell, K = {study.history(cell)}: "
                f"champions' fitness, round 0 / round {last}",
                "ours": " / ".join(pairs),
                "paper": "1.45 and 1.44 / 1.88 and 1.65 (round 9)",
                "differs": f"{plural(sum(run.group in pair for run in study.runs), 'run')}: {elites} and {cell}",
            }
        )
    return rows


def _copy_rows(study: Study) -> list[dict[str, str]]:
    """Champions that are copies (``Study.champions``)."""
    rows = []
    for group, part in study.champions.groupby("group", sort=False):
        copies, of_starters = part["copy_of"].notna().sum(), (part["copy_of"] == STARTER_COPY).sum()
        of_opponents = (part["copy_of"] == OPPONENT_COPY).sum()
        rows.append(
            {
                "result": f"champions that copy an earlier one, a starter or a held-out warrior, {_named(str(group))}",
                "ours": f"{copies} of {len(part)}, of starters {of_starters}, of held-out warriors {of_opponents}",
                "paper": "",
                "differs": "the same fights, or the same code up to what its instructions do not use",
            }
        )
    return rows


def _probe_rows(study: Study, probe: Probe | None) -> list[dict[str, str]]:
    if probe is None:
        return []
    ours = f"{probe.r2:.2f} ({probe.low:.2f} to {probe.high:.2f}); the mean alone {probe.mean_r2:.2f}"
    differs = f"embedding {study.embedding}, {len(probe.actual)} champions, tested on families left out, ridge"
    return [
        {"result": "probe from code to generality: test R²", "ours": ours, "paper": ".442 / .461", "differs": differs}
    ]
