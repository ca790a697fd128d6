"""Every table and figure of an analysis by name: what ``drq analyze`` writes, and what a notebook shows."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from drq import analysis, plots
from drq.analysis.archives import Heat
from drq.analysis.study import Study
from drq.analysis.trends import QUANTITIES

SAMPLES = 6
"""Archives shown one by one, and runs whose curves are."""
MATRICES = 2
"""Runs whose matrix is shown, at most, and of each group as many as fit."""


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
    figure = Figure(figsize=(10, 7))
    for ax, quantity in zip(figure.subplots(2, 2).flat, QUANTITIES, strict=True):
        plots.plot_trends(ax, found, quantity)
    return Result(figure, {"trends": analysis.trend_table(found), "trend_values": analysis.trend_values(found)})


def generality(study: Study) -> Result:
    """Generality alone, larger, and every champion's row."""
    figure = Figure(figsize=(6, 4))
    plots.plot_trends(figure.subplots(), analysis.trends(study), "generality")
    compared = analysis.compare(study.champions.loc[_last(study)], "generality")
    return Result(figure, {"champions": study.champions.drop(columns="run"), "generality_compared": compared})


def _last(study: Study) -> list[int]:
    return [int(row) for group in study.groups for row in study.last_champions(group)]


def projections(study: Study) -> Result:
    """Principal components of phenotypes and genotypes by round (figure 4)."""
    figure = Figure(figsize=(10.5, 4.2))
    t, groups = study.champions["t"].to_numpy(), list(study.champions["group"])
    kinds = (("Phenotypes", study.phenotypes), (f"Genotypes ({study.embedding})", study.genotypes))
    columns = {}
    for ax, (title, vectors) in zip(figure.subplots(1, 2), kinds, strict=True):
        projection = analysis.project(vectors)
        plots.plot_projection(ax, projection, t, groups, title)
        if projection is not None:
            for axis in (0, 1):
                columns[f"{title.split()[0].lower()}_{axis + 1}"] = projection.points[:, axis]
    table = study.champions[["label", "group", "t", "id"]].assign(**columns)
    return Result(figure, {"projections": table})


def cycles(study: Study) -> Result:
    """Champions against champions, and cyclic triples (figure 5)."""
    table = analysis.cycle_table(study)
    counts = table[["cyclic", "triples"]].to_numpy()
    shown = _spread(study, max(1, MATRICES // len(study.groups)))
    figure = Figure(figsize=(3.9 * (len(shown) + 1), 3.6))
    axes = np.atleast_1d(figure.subplots(1, len(shown) + 1))
    for ax, i in zip(axes, shown, strict=False):
        rounds = [champion.round + 1 for champion in study.runs[i].champions]
        title = f"{study.runs[i].label}: {counts[i][0]} of {counts[i][1]} triples cyclic"
        plots.plot_matrix(ax, study.matrices[i], rounds, title, bar=i == shown[-1])
        ax.title.set_fontsize(8)
    plots.plot_cycles(axes[-1], table)
    tables = {"cycles": table, "cycles_compared": analysis.compare(table, "cyclic"), "matrices": _long(study)}
    return Result(figure, tables)


def _spread(study: Study, each: int) -> list[int]:
    """Positions of the first ``each`` runs of every group."""
    members = [[i for i, run in enumerate(study.runs) if run.group == group] for group in study.groups]
    return [i for group in members for i in group[:each]]


def _long(study: Study) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"run": run.label, "t": one.round + 1, "opponent_t": other.round + 1, "fitness": matrix[i, j]}
            for run, matrix in zip(study.runs, study.matrices, strict=True)
            for i, one in enumerate(run.champions)
            for j, other in enumerate(run.champions)
            if i != j
        ]
    )


def archives(study: Study) -> Result:
    """Mean archive of each group (figure 6)."""
    figure = Figure(figsize=(5.2 * len(study.groups), 4.2))
    axes = np.atleast_1d(figure.subplots(1, len(study.groups)))
    rows = []
    for ax, group in zip(axes, study.groups, strict=True):
        heat = analysis.mean_archive(study, group)
        plots.plot_archive(ax, heat, f"Mean archive, {group}" if len(axes) > 1 else "Mean archive")
        if heat is not None:
            rows += _cells(heat, group)
    return Result(figure, {"archives": pd.DataFrame(rows)})


def _cells(heat: Heat, group: str) -> list[dict[str, object]]:
    first, second = heat.axes
    return [
        {"group": group, f"{first}_bin": i, f"{second}_bin": j, "fitness": value, "filled": heat.filled[i, j]}
        for (i, j), value in np.ndenumerate(heat.fitness)
    ]


def archive_samples(study: Study) -> Result:
    """Archives of single runs at the end of their last round (figure 13)."""
    shown = _spread(study, max(1, SAMPLES // len(study.groups)))
    columns = min(3, len(shown))
    rows = -(-len(shown) // columns)
    figure = Figure(figsize=(4 * columns, 3.4 * rows))
    axes = figure.subplots(rows, columns, squeeze=False).ravel()
    for ax, i in zip(axes, shown, strict=False):
        run = study.runs[i]
        plots.plot_archive(ax, analysis.archives(run).get(run.rounds - 1), f"{run.label}, round {run.rounds}")
    for ax in axes[len(shown) :]:
        ax.set_axis_off()
    return Result(figure)


def fitness_curves(study: Study) -> Result:
    """Best fitness so far within rounds, mean of each group's runs (figure 11)."""
    found = [analysis.curves(run) for run in study.runs]
    figure = Figure(figsize=(5.2 * len(study.groups), 4))
    for ax, group in zip(np.atleast_1d(figure.subplots(1, len(study.groups))), study.groups, strict=True):
        plots.plot_curves(ax, analysis.mean_curves(found, group), "all runs" if group == "all" else group)
    return Result(figure)


def run_curves(study: Study) -> Result:
    """Every run's curves, small (figure 12)."""
    rows = -(-len(study.runs) // 4)
    figure = Figure(figsize=(12, 1.5 * rows + 0.5))
    axes = figure.subplots(rows, 4, squeeze=False).ravel()
    for ax, run in zip(axes, study.runs, strict=False):
        plots.plot_run_curves(ax, analysis.curves(run))
    for ax in axes[len(study.runs) :]:
        ax.set_axis_off()
    figure.supxlabel("round t", fontsize=9)
    figure.supylabel("best fitness so far", fontsize=9)
    return Result(figure)


def champions(study: Study) -> Result:
    """Champions' fitness by round: of MAP-Elites and a single cell, where runs of both are given (figure 8)."""
    table = analysis.champion_fitness(study)
    figure = Figure(figsize=(6, 4))
    plots.plot_champion_fitness(figure.subplots(), table)
    compared = [
        analysis.compare(study.champions[study.champions["t"] == t], "fitness").assign(t=t)
        for t in sorted({1, int(study.champions["t"].max())})
    ]
    return Result(figure, {"champion_fitness": table, "champion_fitness_compared": pd.concat(compared)})


def baselines(study: Study) -> Result:
    """Zero-shot, best of n, one target, and the last champions (figure 2)."""
    table = analysis.baseline_table(study)
    figure = Figure(figsize=(7.5, 1.5 + 0.6 * len(table)))
    plots.plot_baselines(figure.subplots(), table)
    return Result(figure, {"baselines": table})


def probe(study: Study) -> Result:
    """From code to generality (figure 9), and which features speak for it."""
    found, weights = analysis.probe(study), analysis.weights(study)
    figure = Figure(figsize=(10 if weights else 5, 4.2))
    axes = figure.subplots(1, 2 if weights else 1, squeeze=False).ravel()
    plots.plot_probe(axes[0], found)
    if weights:
        plots.plot_weights(axes[1], weights)
    tables = {"probe_weights": pd.DataFrame(weights, columns=["feature", "weight"])} if weights else {}
    return Result(figure, tables)


def lineages(study: Study) -> Result:
    """Ancestors of the champions of the run with the longest descent; every run's line of descent as text."""
    graphs = [analysis.lineage(run) for run in study.runs]
    ages = [len(analysis.line_of_descent(g, run.champions[-1].id)) for g, run in zip(graphs, study.runs, strict=True)]
    run, graph = study.runs[int(np.argmax(ages))], graphs[int(np.argmax(ages))]
    figure, length = Figure(figsize=(9, 4.5)), run.config.initial + run.config.iterations
    plots.plot_lineage(figure.subplots(), graph, length, f"Ancestors of the champions of {run.label}")
    texts = {f"lineages/{run.label.replace('/', '_')}.txt": analysis.lineage_text(run) for run in study.runs}
    return Result(figure, texts=texts)


def operators(study: Study) -> Result:
    """What the operators' proposals came to, and from which parents changes were accepted."""
    table = analysis.outcome_table(study)
    rows = max(1, len(table))
    figure = Figure(figsize=(5.2 * len(study.groups) + 1, 5.2 + 0.5 * rows))
    grid = figure.add_gridspec(2, len(study.groups), height_ratios=(1 + 0.5 * rows, 4))
    plots.plot_outcomes(figure.add_subplot(grid[0, :]), table)
    for i, group in enumerate(study.groups):
        found, heat = analysis.accepted_by_cell(study, group), analysis.mean_archive(study, group)
        if found is not None and heat is not None:
            title = "Changes accepted, by parent's cell" + ("" if group == "all" else f", {group}")
            plots.plot_accepted(figure.add_subplot(grid[1, i]), *found, heat, title)
    return Result(figure, {"operators": table})


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
    "operators": operators,
}
"""By the name of their files."""


def make(name: str, study: Study) -> Result:
    """One of ``FIGURES``, in the look that all share."""
    with plots.styled():
        return FIGURES[name](study)
