"""What is measured after a run: champions against others one on one, and vectors of their code.

Everything is kept in ``RUN/measured.sqlite``, beside the run's own file, which nothing here writes. ``cache`` is that
file, ``measure`` fights or embeds what it lacks, ``embeddings`` turn code into vectors, ``intervals`` say how sure a
number is.
"""

from __future__ import annotations

from drq.measurements.cache import Cache
from drq.measurements.measure import PLACEMENTS, SEED, Conditions, against, measure, measure_runs, vectors

__all__ = ["PLACEMENTS", "SEED", "Cache", "Conditions", "against", "measure", "measure_runs", "vectors"]
