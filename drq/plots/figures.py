"""Every table and figure of an analysis by name: what ``drq analyze`` writes, and what a notebook shows."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from drq import analysis, plots
from drq.analysis.activity import MEASURES as ACTIVITY
from drq.analysis.archives import Heat
from drq.analysis.learnt import MEASURES
from drq.analysis.phylogeny import MEASURES as PHYLOGENY
from drq.analysis.strong import SIDES
from drq.analysis.study import Study
from drq.analysis.trends import QUANTITIES

SAMPLES = 6
"""Archives shown one by one, and runs whose curves are."""
MATRICES = 2
"""Runs whose matrix is shown, and of each group one at least."""


@dataclass(frozen=True)
class Result:
    """Tables by file name, a figure, and texts by file name."""

    figure: Figure | None = None
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)

    def image(self, kind: str) -> bytes:
        """The figure as the bytes of a ``png`` or ``svg`` file, equal for equal figures; it must have one."""
        assert self.figure is not None
        buffer = io.BytesIO()
        with plots.styled():
            self.figure.savefig(buffer, format=kind, metadata={"Date": None} if kind == "svg" else None)
        return buffer.getvalue()

    def _repr_png_(self) -> bytes | None:
        """For notebooks."""
        return None if self.figure is None else self.image("png")


Maker = Callable[[Study], Result]


def trends(study: Study) -> Result:
    """Generality, phenotype variance, phenotype change, genotype variance (figure 3)."""
    found = analysis.trends(study)
    figure = Figure(figsize=(10, 7.2 + 0.4 * len(study.groups)))
    for ax, quantity in zip(figure.subplots(2, 2).flat, QUANTITIES, strict=True):
        plots.plot_trends(ax, found, quantity)
    tables = {"trends": analysis.trend_table(found), "trend_values": analysis.trend_values(found)}
    return Result(figure, tables | {"trends_compared": analysis.compare_trends(study)})


def generality(study: Study) -> Result:
    """Generality alone, larger, and a row for every starter and champion."""
    figure = Figure(figsize=(6.5, 4 + 0.2 * len(study.groups)))
    plots.plot_trends(figure.subplots(), analysis.trends(study), "generality")
    rows = pd.concat([analysis.starter_rows(study), _told(study.champions)], ignore_index=True)
    rows = rows.astype(dict.fromkeys(("round", "id", "copy_of"), "Int64"))  # a starter has none
    return Result(figure, {"champions": rows, "generality_compared": analysis.compare_generality(study)})


def _told(champions: pd.DataFrame) -> pd.DataFrame:
    """Rows of ``Study.champions`` as they are written: a run is called by its label, as in the other tables."""
    return champions.drop(columns="run").rename(columns={"label": "run"})


def projections(study: Study) -> Result:
    """Principal components of phenotypes and genotypes by round (figure 4)."""
    figure = Figure(figsize=(10.5, 4.6))
    rounds, groups = study.champions["round"].to_numpy(), list(study.champions["group"])
    kinds = (("Phenotypes", study.phenotypes), (f"Genotypes ({study.embedding})", study.genotypes))
    columns = {}
    for ax, (title, vectors) in zip(figure.subplots(1, 2), kinds, strict=True):
        projection = analysis.project(vectors)
        plots.plot_projection(ax, projection, rounds, groups, title)
        if projection is not None:
            for axis in (0, 1):
                columns[f"{title.split()[0].lower()}_{axis + 1}"] = projection.points[:, axis]
    table = _told(study.champions)[["run", "group", "round", "id"]].assign(**columns)
    return Result(figure, {"projections": table})


def cycles(study: Study) -> Result:
    """Champions against champions, and cyclic triples (figure 5)."""
    table = analysis.cycle_table(study)
    spread = _spread(study, max(1, MATRICES // len(study.groups)), _decided(study))
    shown = [i for i in spread if len(study.runs[i].champions) > 1] or spread[:1]
    columns = min(2, len(shown))
    rows = -(-len(shown) // columns)
    figure = Figure(figsize=(4 * columns + 4.4, 3.8 * rows))
    grid = figure.add_gridspec(rows, columns + 1)
    for place, i in enumerate(shown):
        ax = figure.add_subplot(grid[place // columns, place % columns])
        rounds = [champion.round for champion in study.runs[i].champions]
        row = table.iloc[i]
        counts = f"{row['cyclic']} of {row['triples']} triples cyclic, {row['cyclic_sure']} beyond chance"
        plots.plot_matrix(ax, study.matrices[i], rounds, f"{study.runs[i].label}: {counts}")
    plots.plot_cycles(figure.add_subplot(grid[:, columns]), table)
    tables = {
        "cycles": table,
        "cycles_compared": analysis.compare_cycles(study),
        "matrices": analysis.matrix_table(study),
    }
    return Result(figure, tables)


def _spread(study: Study, each: int, families: Sequence[str] = ()) -> list[int]:
    """Positions of the first ``each`` runs of every group, those of the first ``families`` first."""
    rank = {family: i for i, family in enumerate(families)}
    members = [[i for i, run in enumerate(study.runs) if run.group == group] for group in study.groups]
    return [i for group in members for i in sorted(group, key=lambda i: rank.get(study.runs[i].family, 0))[:each]]


def _decided(study: Study) -> list[str]:
    """Families, those first whose champions' battles with each other are the farthest from even, in all groups."""
    far = pd.Series([np.abs(matrix - 1).mean() for matrix in study.matrices])
    by_family = far.groupby([run.family for run in study.runs], sort=False).mean()
    return [str(family) for family in by_family.sort_values(ascending=False, kind="stable").index]


def archives(study: Study) -> Result:
    """Mean archive of each group (figure 6)."""
    heats = {group: analysis.mean_archive(study, group) for group in study.groups}
    titles = [f"Mean archive, {group}" if len(heats) > 1 else "Mean archive" for group in heats]
    tables = [_cells(heat).assign(group=group) for group, heat in heats.items() if heat is not None]
    return Result(_heats(list(heats.values()), titles, study.unit), {"archives": _joined(tables)})


def archive_samples(study: Study) -> Result:
    """Archives of single runs at the end of their last round (figure 13)."""
    shown = [study.runs[i] for i in _spread(study, max(1, SAMPLES // len(study.groups)))]
    heats = [analysis.archives(run).get(run.rounds - 1) for run in shown]
    titles = [f"{run.label}, round {run.rounds - 1}" for run in shown]
    tables = [_cells(heat).assign(run=run.label) for run, heat in zip(shown, heats, strict=True) if heat is not None]
    return Result(_heats(heats, titles, study.unit), {"archive_samples": _joined(tables)})


def _heats(heats: list[Heat | None], titles: list[str], unit: str) -> Figure:
    """Archives side by side, all in one scale of colours; a run without two axes has none to show."""
    top = max((float(np.nanmax(heat.fitness, initial=0)) for heat in heats if heat is not None), default=0) or 1
    pairs = list(zip(heats, titles, strict=True))
    shown = [pair for pair in pairs if pair[0] is not None] or pairs[:1]
    columns = min(3, len(shown))
    rows = -(-len(shown) // columns)
    figure = Figure(figsize=(4.4 * columns, 3.7 * rows))
    axes = figure.subplots(rows, columns, squeeze=False).ravel()
    for i, (ax, (heat, title)) in enumerate(zip(axes, shown, strict=False)):
        plots.plot_archive(ax, heat, title, top, unit, bar=i % columns == columns - 1 or i == len(shown) - 1)
    for ax in axes[len(shown) :]:
        ax.set_axis_off()
    return figure


def _cells(heat: Heat) -> pd.DataFrame:
    first, second = heat.axes
    return pd.DataFrame(
        [
            {f"{first}_bin": i, f"{second}_bin": j, "fitness": value, "filled": heat.filled[i, j]}
            for (i, j), value in np.ndenumerate(heat.fitness)
        ]
    )


def _joined(tables: list[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=["fitness", "filled"])


def fitness_curves(study: Study) -> Result:
    """Best fitness so far within rounds, mean of each group's runs (figure 11)."""
    found = [analysis.curves(run) for run in study.runs]
    columns = min(2, len(study.groups))
    rows = -(-len(study.groups) // columns)
    figure = Figure(figsize=(5.2 * columns, 3.8 * rows))
    axes = figure.subplots(rows, columns, squeeze=False, sharey=True).ravel()
    tables = []
    for ax, group in zip(axes, study.groups, strict=False):
        mean = analysis.mean_curves(found, group)
        plots.plot_curves(ax, mean, "all runs" if group == "all" else group)
        round, iteration = (index.ravel() for index in np.indices(mean.shape))
        tables.append(pd.DataFrame({"group": group, "round": round, "iteration": iteration + 1, "best": mean.ravel()}))
    axes[0].autoscale(axis="y")
    axes[0].set_ylim(bottom=0)
    for ax in axes[len(study.groups) :]:
        ax.set_axis_off()
    return Result(figure, {"fitness_curves": pd.concat(tables, ignore_index=True)})


def run_curves(study: Study) -> Result:
    """Every run's curves, small (figure 12)."""
    found = [analysis.curves(run) for run in study.runs]
    columns = min(len(found), 4 if len(found) <= 16 else 8)
    rows = -(-len(found) // columns)
    figure = Figure(figsize=(2 * columns + 4, max(3, 1.5 * rows + 0.5)))
    axes = figure.subplots(rows, columns, squeeze=False).ravel()
    for ax, curve in zip(axes, found, strict=False):
        plots.plot_run_curves(ax, curve)
    for ax in axes[len(found) :]:
        ax.set_axis_off()
    figure.supxlabel("round", fontsize=9)
    figure.supylabel("best fitness so far", fontsize=9)
    return Result(figure, {"run_curves": pd.concat([curve.steps() for curve in found], ignore_index=True)})


def champions(study: Study) -> Result:
    """Champions' fitness by round, a panel per K, because battles of other sizes have other fitness (figure 8).

    Compared, in round 0 and in the last round, are groups of one K and as many rounds.
    """
    table = analysis.champion_fitness(study)
    history = table["group"].map(study.history)
    panels = list(dict.fromkeys(history))
    figure = Figure(figsize=(max(6, 4.2 * len(panels)), 4))
    styles = {group: i for i, group in enumerate(study.groups)}
    for ax, panel in zip(figure.subplots(1, len(panels), squeeze=False, sharey=True).ravel(), panels, strict=True):
        heading = "Fitness of champions in their own round" + (f", K = {panel}" if len(panels) > 1 else "")
        plots.plot_champion_fitness(ax, table[history == panel], styles, heading, study.unit)
    pairs = [pair for pair in combinations(study.groups, 2) if len({_battles(study, group) for group in pair}) == 1]
    compared = analysis.compare_fitness(study, pairs)
    return Result(figure, {"champion_fitness": table, "champion_fitness_compared": compared})


def _battles(study: Study, group: str) -> tuple[str, int]:
    """What decides how many warriors the battles of each round hold: K and the number of rounds."""
    return study.history(group), study.rounds(group)


def baselines(study: Study) -> Result:
    """Starters, zero-shot, best of n, one target, and the last champions (figure 2)."""
    table = analysis.baseline_table(study)
    figure = Figure(figsize=(7.5, 1.5 + 0.6 * len(table)))
    plots.plot_baselines(figure.subplots(), table)
    return Result(figure, {"baselines": table})


def probe(study: Study) -> Result:
    """From code to generality (figure 9), and which features speak for it; tables without rows where nothing does."""
    found = analysis.probe(study)
    weights = analysis.weights(study) if found is not None and found.tells else None
    figure = Figure(figsize=(10 if weights else 5, 4.2))
    axes = figure.subplots(1, 2 if weights else 1, squeeze=False).ravel()
    plots.plot_probe(axes[0], found)
    if weights:
        plots.plot_weights(axes[1], weights)
    names = ("r2", "low", "high", "mean_r2", "folds")
    scores, told = [], _told(study.champions)[["run", "group", "family", "round", "id"]]
    if found is not None:
        numbers = {name: getattr(found, name) for name in names}
        scores.append({"embedding": study.embedding, "champions": len(found.rows), **numbers})
        told = told.iloc[found.rows].assign(actual=found.actual, predicted=found.predicted)
    else:
        told = told.iloc[:0].assign(actual=[], predicted=[])
    tables = {
        "probe_scores": pd.DataFrame(scores, columns=["embedding", "champions", *names]),
        "probe": told,
        "probe_weights": pd.DataFrame(weights or [], columns=["feature", "weight"]),
    }
    return Result(figure, tables)


def lineages(study: Study) -> Result:
    """Ancestors of the champions of the run with the longest descent; every run's line of descent as text."""
    found = [analysis.lineage(run) for run in study.runs]
    ages = [
        len(analysis.line_of_descent(one, run.champions[-1].id)) for one, run in zip(found, study.runs, strict=True)
    ]
    run, longest = study.runs[int(np.argmax(ages))], found[int(np.argmax(ages))]
    figure, length = Figure(figsize=(9, 4.5)), run.config.initial + run.config.iterations
    plots.plot_lineage(figure.subplots(), longest, length, f"Ancestors of the champions of {run.label}")
    texts = {analysis.lineage_file(run.label): analysis.lineage_text(run) for run in study.runs}
    tables = [analysis.lineage_table(run, one) for run, one in zip(study.runs, found, strict=True)]
    return Result(figure, {"lineages": pd.concat(tables, ignore_index=True)}, texts)


def activity(study: Study) -> Result:
    """How long codes stay in the archive, beside the neutral shadow's 95 % band over families."""
    table, shadow = analysis.activity_table(study), analysis.shadow_group(study)
    figure = Figure(figsize=(12, 3.6 + 0.2 * len(study.groups)))
    for ax, (value, heading) in zip(figure.subplots(1, len(ACTIVITY)), ACTIVITY.items(), strict=True):
        plots.plot_by_round(ax, table, value, heading, analysis.shadow_band(table, shadow, value))
    return Result(figure, {"activity": table, "activity_compared": analysis.compare_activity(study, table)})


def phylogenies(study: Study) -> Result:
    """Depth, sweeps, and the share that descends from the starters."""
    table = analysis.phylogeny_table(study)
    figure = Figure(figsize=(10, 6.6 + 0.4 * len(study.groups)))
    for ax, (value, heading) in zip(figure.subplots(2, 2).flat, PHYLOGENY.items(), strict=True):
        plots.plot_by_round(ax, table, value, heading)
    compared = analysis.compare_phylogenies(study, table)
    return Result(figure, {"phylogenies": table, "phylogenies_compared": compared})


def strong(study: Study) -> Result:
    """Generality against the strongest third of the opponents, and against the others."""
    values = analysis.strong_values(study)
    figure = Figure(figsize=(10, 3.6 + 0.2 * len(study.groups)))
    for ax, (side, meaning) in zip(figure.subplots(1, 2, sharey=True), SIDES.items(), strict=True):
        plots.plot_by_round(ax, values, side, f"Defeated or tied of {meaning}")
    tables = {"strong": analysis.strong_table(study, values), "strong_values": values}
    return Result(figure, tables | {"strong_compared": analysis.compare_strong(study, values)})


def operators(study: Study) -> Result:
    """What the operators' proposals came to, and from which parents changes were accepted."""
    table = analysis.outcome_table(study)
    found = {group: analysis.accepted_by_cell(study, group) for group in study.groups}
    heats = {group: analysis.mean_archive(study, group) for group in study.groups}
    shown = [(group, cells, heats[group]) for group, cells in found.items() if cells is not None]
    columns, bars = min(3, max(1, len(shown))), 1.2 + 0.5 * len(table)
    top = max((float(np.nanmax(share, initial=0)) for _, (share, _), _ in shown), default=0) or 1
    rows = -(-len(shown) // columns)
    figure = Figure(figsize=(max(7.5, 4.8 * columns), bars + 3.8 * rows))
    grid = figure.add_gridspec(1 + rows, columns, height_ratios=[bars, *[4] * rows])
    plots.plot_outcomes(figure.add_subplot(grid[0, :]), table)
    tables = [pd.DataFrame(columns=["group", "changes", "accepted"])]
    for i, (group, (share, count), heat) in enumerate(shown):
        assert heat is not None  # both need two axes
        title = "Changes accepted, by parent's cell" + ("" if group == "all" else f", {group}")
        plots.plot_accepted(figure.add_subplot(grid[1 + i // columns, i % columns]), share, count, heat, title, top)
        cells = _cells(heat).drop(columns=["fitness", "filled"])
        tables.append(cells.assign(group=group, changes=count.ravel(), accepted=share.ravel()))
    return Result(figure, {"operators": table, "accepted_by_cell": pd.concat(tables[1:] or tables)})


def proposals(study: Study) -> Result:
    """What was learnt of each operator's and model's proposals."""
    table = analysis.learnt_table(study)
    rows = -(-len(MEASURES) // 3)
    labels = table[["group", "operator", "model"]].drop_duplicates()
    figure = Figure(figsize=(10.5, rows * (1.1 + 0.3 * len(labels))))
    axes = figure.subplots(rows, 3, sharey=True).ravel()
    plots.plot_learnt(axes[: len(MEASURES)], table)
    for ax in axes[len(MEASURES) :]:
        ax.set_axis_off()
    return Result(figure, {"proposals": table})


def summary(study: Study) -> Result:
    """Ours beside the paper's."""
    table = analysis.summary(study, analysis.trends(study), analysis.probe(study))
    lines = ["| " + " | ".join(table.columns) + " |", "|" + "---|" * len(table.columns)]
    lines += ["| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |" for row in table.to_numpy()]
    notes = "".join(f"\n- {note}" for note in study.notes)
    text = "\n".join(lines) + f"\n\n{analysis.settings(study)}\n{notes}".rstrip() + "\n"
    return Result(tables={"summary": table}, texts={"summary.md": text})


FIGURES: dict[str, Maker] = {
    "summary": summary,
    "trends": trends,
    "generality": generality,
    "projections": projections,
    "cycles": cycles,
    "archives": archives,
    "archive_samples": archive_samples,
    "fitness_curves": fitness_curves,
    "run_curves": run_curves,
    "champions": champions,
    "baselines": baselines,
    "probe": probe,
    "lineages": lineages,
    "activity": activity,
    "phylogenies": phylogenies,
    "strong": strong,
    "operators": operators,
    "proposals": proposals,
}
"""By the name of their files."""


def make(name: str, study: Study) -> Result:
    """One of ``FIGURES``, in the look that all share."""
    with plots.styled():
        return FIGURES[name](study)
