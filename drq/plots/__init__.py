"""Pictures of what ``drq.analysis`` finds. Each function takes an ``Axes``, draws, and returns nothing.

``style``     colours and fonts, shared by all
``trends``    quantities over rounds, champions' fitness
``planes``    projections, archives, matrices, heat maps
``curves``    fitness within rounds
``probes``    predicted against actual generality, weights of features
``lineages``  ancestors of champions
``bars``      baselines, operators' outcomes, what was learnt of proposals
``figures``   every table and figure by name
"""

from __future__ import annotations

from drq.plots.bars import plot_baselines, plot_cycles, plot_learnt, plot_outcomes
from drq.plots.curves import plot_curves, plot_run_curves
from drq.plots.lineages import plot_lineage
from drq.plots.planes import plot_accepted, plot_archive, plot_matrix, plot_projection
from drq.plots.probes import plot_probe, plot_weights
from drq.plots.style import styled
from drq.plots.trends import plot_by_round, plot_champion_fitness, plot_trends

__all__ = [
    "plot_accepted",
    "plot_archive",
    "plot_baselines",
    "plot_by_round",
    "plot_champion_fitness",
    "plot_curves",
    "plot_cycles",
    "plot_learnt",
    "plot_lineage",
    "plot_matrix",
    "plot_outcomes",
    "plot_probe",
    "plot_projection",
    "plot_run_curves",
    "plot_trends",
    "plot_weights",
    "styled",
]
