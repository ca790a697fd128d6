"""What is measured after a run: champions against others one on one, and vectors of their code.

Everything is kept in ``RUN/measured.sqlite``, beside the run's own file, which nothing here writes. ``cache`` is that
file, ``measure`` fights or embeds what it lacks, ``embeddings`` turn code into vectors, ``intervals`` say how sure a
number is.
"""

from __future__ import annotations

from drq.measurements.cache import Cache, Score
from drq.measurements.measure import Conditions, scores, vectors

__all__ = ["Cache", "Conditions", "Score", "scores", "vectors"]
