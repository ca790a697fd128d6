"""The science of Digital Red Queen: every table and figure of Kumar 2026 as a function of recorded runs.

``runs``        the runs analysed together, read and checked
``firsts``      their earliest warriors
``study``       the runs with what was measured of their champions: all below take a ``Study``
``open_study``  from paths to a measured study
``fits``        lines over rounds, with p values and intervals
``trends``      generality, phenotype and genotype variance, phenotype change (figure 3)
``baselines``   zero-shot, best of n, one target (figure 2)
``projection``  principal components (figure 4)
``cycles``      champions against champions, cyclic triples (figure 5)
``contrasts``   groups compared on the families and rounds that both have
``archives``    heat maps (figures 6 and 13)
``curves``      fitness within rounds and of champions (figures 8, 11 and 12)
``probe``       from code to generality (figure 9)
``lineage``     ancestors of champions, with the diff of each step
``activity``    how long codes stay in the archive, beside a neutral shadow (Bedau, Snyder & Packard 1998)
``phylogeny``   depth and sweeps of a run's phylogeny, and what descends from its starters
``strong``      generality against strong opponents and against the others
``outcomes``    what the operators did
``learnt``      what was learnt of each proposal: outcome, distance to its parent, copies
``paper``       our numbers beside the published ones
``dataset_tables``  the columns of a data set
``dataset``     runs and what was measured of them as Parquet tables with a data card
``recorded``    runs that are shipped packed, for notebooks

It needs ``pip install 'digital-red-queen[analysis]'``. Pictures of all this are in ``drq.plots``.
"""

from __future__ import annotations

from drq.analysis.activity import activity_table, compare_activity, shadow_band, shadow_group
from drq.analysis.archives import archives, mean_archive
from drq.analysis.baselines import baseline_table, starter_rows
from drq.analysis.contrasts import compare, compare_cycles, compare_fitness, compare_generality, compare_trends
from drq.analysis.curves import champion_fitness, curves, mean_curves
from drq.analysis.cycles import cycle_table, cyclic_triples, matrix_table
from drq.analysis.fits import Fit, fit_mean, fit_variance
from drq.analysis.learnt import learnt_table, proposal_rows
from drq.analysis.lineage import (
    line_of_descent,
    lineage,
    lineage_file,
    lineage_table,
    lineage_text,
    stale_lineages,
    steps,
)
from drq.analysis.outcomes import accepted_by_cell, outcome_table, proposals
from drq.analysis.paper import settings, summary
from drq.analysis.phylogeny import compare_phylogenies, phylogeny_table
from drq.analysis.probe import probe, weights
from drq.analysis.projection import project
from drq.analysis.runs import RunRecord, load_runs
from drq.analysis.strong import compare_strong, strong_table, strong_values
from drq.analysis.study import Study
from drq.analysis.trends import Trend, trend_table, trend_values, trends

__all__ = [
    "Fit",
    "RunRecord",
    "Study",
    "Trend",
    "accepted_by_cell",
    "activity_table",
    "archives",
    "baseline_table",
    "champion_fitness",
    "compare",
    "compare_activity",
    "compare_cycles",
    "compare_fitness",
    "compare_generality",
    "compare_phylogenies",
    "compare_strong",
    "compare_trends",
    "curves",
    "cycle_table",
    "cyclic_triples",
    "fit_mean",
    "fit_variance",
    "learnt_table",
    "line_of_descent",
    "lineage",
    "lineage_file",
    "lineage_table",
    "lineage_text",
    "load_runs",
    "matrix_table",
    "mean_archive",
    "mean_curves",
    "outcome_table",
    "phylogeny_table",
    "probe",
    "project",
    "proposal_rows",
    "proposals",
    "settings",
    "shadow_band",
    "shadow_group",
    "stale_lineages",
    "starter_rows",
    "steps",
    "strong_table",
    "strong_values",
    "summary",
    "trend_table",
    "trend_values",
    "trends",
    "weights",
]
