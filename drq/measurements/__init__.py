"""What is measured after a run: champions against others one on one, and vectors of their code.

Everything is kept in ``RUN/measured.sqlite``, beside the run's own file, which nothing here writes. ``cache`` is that
file, ``measure`` fights or embeds what it lacks.
"""

from __future__ import annotations

from drq.measurements.cache import Cache, Score
from drq.measurements.measure import Conditions, embeddings, scores

__all__ = ["Cache", "Conditions", "Score", "embeddings", "scores"]
