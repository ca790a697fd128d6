"""How much a run has to do, for whoever shows it."""

from __future__ import annotations

from drq.config import RunConfig


def expected_calls(config: RunConfig) -> int:
    """Proposals of the whole run that a model makes: all of them, or the model's share of a mixture, on average.

    A repair is another call, so ``llm.repair=1`` can need up to twice as many.
    """
    proposals = config.rounds * (config.initial + config.iterations)
    weights: dict[str, float] = config.operator.get("weights", {config.operator["name"]: 1.0})
    asked = sum(weights.get(name, 0.0) for name in ("llm", "sequential"))
    return round(proposals * asked / sum(weights.values()))


def duration(seconds: float) -> str:
    """Hours, minutes and seconds."""
    whole = int(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"
