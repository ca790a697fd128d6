"""Several operators side by side: each proposal is made by one of them, drawn by weight."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from drq import operators
from drq.config import RunConfig
from drq.errors import ConfigError
from drq.llm.calls import CallLog, Usage
from drq.operators.base import Operator, Proposal, Request
from drq.plain import from_mapping


@dataclass(frozen=True)
class Settings:
    """``operator=mixed``."""

    name: str
    weights: dict[str, float]
    """Relative share of the proposals by the operator's name."""
    settings: dict[str, dict[str, Any]] | None = None
    """Each operator's own settings by its name; what is missing keeps its default."""

    def __post_init__(self) -> None:
        """Check the weights."""
        finite = all(math.isfinite(weight) for weight in self.weights.values())
        if not finite or not self.weights or min(self.weights.values()) < 0 or sum(self.weights.values()) <= 0:
            raise ConfigError(f"expected operator.weights to be numbers of at least 0, not all 0, got {self.weights}")
        for name in (*self.weights, *(self.settings or {})):
            if name not in operators.NAMES or name in ("mixed", "replay", "sequential"):
                raise ConfigError(f"expected operator.weights to name operators to mix, got {name!r}")


class MixedOperator:
    """Draws an operator for each proposal, from the proposal's own generator."""

    name = "mixed"

    def __init__(self, parts: Sequence[Operator], weights: Sequence[float]) -> None:
        self._parts = parts
        self._odds = [weight / sum(weights) for weight in weights]
        self.in_flight = max(part.in_flight for part in parts)

    @property
    def usage(self) -> Usage | None:
        """That of the part that asks a model, if one does."""
        return next((part.usage for part in self._parts if part.usage), None)

    async def propose(self, request: Request) -> Proposal:
        """Pass the request on."""
        return await self._parts[int(request.rng.choice(len(self._parts), p=self._odds))].propose(request)

    async def close(self) -> None:
        """Close every part."""
        await asyncio.gather(*(part.close() for part in self._parts))


def build(config: RunConfig, log: CallLog) -> MixedOperator:
    """Build every part that has a weight, in the order of the weights."""
    settings = from_mapping(Settings, config.operator, "operator")
    own = settings.settings or {}
    weights = {name: weight for name, weight in settings.weights.items() if weight > 0}
    parts = [_part(name, own.get(name, {}), config, log) for name in weights]
    return MixedOperator(parts, list(weights.values()))


def _part(name: str, settings: dict[str, Any], config: RunConfig, log: CallLog) -> Operator:
    try:
        return operators.build(replace(config, operator={**settings, "name": name}), log)
    except ConfigError as error:  # it names its keys as an operator on its own
        message = str(error).replace("operator.", f"operator.settings.{name}.")
        raise ConfigError(f"operator=mixed: {message}") from None
