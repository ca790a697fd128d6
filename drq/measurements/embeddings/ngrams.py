"""The default embedding: counts of what the code is made of. No download, and every dimension has a name.

Dimensions: each opcode with each modifier, each opcode with each mode of its A and of its B field, and each two opcodes
that follow each other. Counts are damped by ln(1 + n), so that a long bombing run of DATs does not drown the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from drq.measurements.embeddings.base import unit_rows
from drq.plain import from_mapping
from redcode import Rules, Warrior
from redcode.isa import Mode, Modifier, Opcode


@dataclass(frozen=True)
class Settings:
    """``embedding=ngrams``."""

    name: str


def build(settings: Mapping[str, Any]) -> CodeNgrams:
    """It has no settings."""
    from_mapping(Settings, settings, "embedding")
    return CodeNgrams()


class CodeNgrams:
    """Counts of opcode·modifier, opcode·mode and opcode·opcode."""

    name = "ngrams 1"

    def __init__(self) -> None:
        opcodes = [opcode.name for opcode in Opcode]
        self.features: tuple[str, ...] = (
            *(f"{opcode}.{modifier.name}" for opcode in opcodes for modifier in Modifier),
            *(f"{opcode} {field}:{mode.name}" for field in "AB" for opcode in opcodes for mode in Mode),
            *(f"{one} {other}" for one in opcodes for other in opcodes),
        )
        """Name of each dimension."""
        self._index = {feature: i for i, feature in enumerate(self.features)}

    def embed(self, warriors: Sequence[Warrior], rules: Rules) -> NDArray[np.float64]:
        """(warriors, features), rows of unit length."""
        counts = np.zeros((len(warriors), len(self.features)))
        for row, warrior in zip(counts, warriors, strict=True):
            for feature in _features(warrior):
                row[self._index[feature]] += 1
        return unit_rows(np.log1p(counts))


def _features(warrior: Warrior) -> Iterator[str]:
    for cell in warrior.code:
        yield f"{cell.opcode.name}.{cell.modifier.name}"
        yield f"{cell.opcode.name} A:{cell.a_mode.name}"
        yield f"{cell.opcode.name} B:{cell.b_mode.name}"
    for one, other in pairwise(warrior.code):
        yield f"{one.opcode.name} {other.opcode.name}"
