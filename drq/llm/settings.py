"""What a configuration says of the model: one frozen, validated value."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePath
from typing import Any

from drq.errors import ConfigError
from drq.llm.endpoint import check_url
from drq.llm.prompts import Show
from drq.llm.secrets import check_written
from drq.plain import check_at_least, from_mapping

_OWN_KEYS = {"model", "messages", "n", "stream", "temperature", "max_tokens", "max_completion_tokens"}


@dataclass(frozen=True)
class Prices:
    """In any one currency, for a million tokens."""

    input: float = 0.0
    output: float = 0.0
    cached: float | None = None
    """Of input that the server reports as cached; None for the price of other input."""

    def __post_init__(self) -> None:
        """Check the ranges."""
        for name in ("input", "output", "cached"):
            check_at_least(f"llm.prices.{name}", getattr(self, name), 0)

    def cost(self, input_tokens: int, output_tokens: int, cached_tokens: int = 0) -> float:
        """The cost of these tokens; the cached ones are part of the input."""
        cached = 0 if self.cached is None else min(cached_tokens, input_tokens)
        read = (input_tokens - cached) * self.input + cached * (self.cached or 0.0)
        return (read + output_tokens * self.output) / 1e6


@dataclass(frozen=True)
class Model:
    """One model of an ensemble; each proposal asks one of them, drawn by weight."""

    name: str
    weight: float = 1.0
    prices: Prices | None = None
    """None for the general ones."""

    def __post_init__(self) -> None:
        """Check the ranges."""
        if not self.name:
            raise ConfigError("expected llm.model to name a model, got an empty name")
        if not (math.isfinite(self.weight) and self.weight > 0):
            raise ConfigError(f"expected the weight of model {self.name!r} to be above 0, got {self.weight}")


@dataclass(frozen=True)
class LlmSettings:
    """The keys of the config group ``llm``.

    Raises ConfigError where a value makes no sense, never showing what could be a secret.
    """

    model: str | tuple[str | Model, ...] | None = None
    """A name, or a list of names and of {name, weight, prices}; None only with ``gguf``, whose file names it.

    Without ``base_url`` and ``gguf``, a model for this machine: a known one's name, or the path of its file.
    """
    base_url: str | None = None
    """The endpoint, for example ``http://localhost:8080/v1``; None where llama.cpp serves a file on this machine."""
    gguf: str | None = None
    """This file, in the format GGUF, where ``model`` does not say it."""
    context: int = 4096
    """Tokens that this server has for prompt and reply of a call."""
    api_key_env: str | None = None
    """Name of the environment variable that holds the key; None for a server that needs no key."""
    headers: dict[str, str] | None = None
    """Sent with every request. A value ``env:NAME`` is read from that environment variable and written nowhere."""
    query: dict[str, str] | None = None
    """The same in the address of every request, for example ``{api-version: 2024-10-21}``."""
    temperature: float | None = 1.0
    """None leaves it out, for models that refuse it."""
    max_tokens: int = 2048
    """Bound of one reply."""
    max_tokens_name: str = "max_tokens"
    """The endpoint's name of that bound; some models require ``max_completion_tokens``."""
    in_flight: int = 8
    """Calls under way at once: the lag of the pipeline, so it decides which parents are chosen."""
    timeout_s: float = 120.0
    """Bound of one attempt."""
    max_wait_s: float = 300.0
    """Bound of one call, with all its attempts and the waits between them."""
    max_failures: int = 50
    """So many failed calls in a row end the run, which can be resumed."""
    max_calls: int | None = None
    max_tokens_total: int | None = None
    """Input and output together."""
    max_cost: float | None = None
    prices: Prices = field(default_factory=Prices)
    extra_body: dict[str, Any] | None = None
    """Added to the body of every request as it is."""
    seed: bool = False
    """Send a ``seed`` with every request, drawn from the run's, to endpoints that take one."""
    max_length: int | None = None
    """Instructions of a warrior that the model is asked for at most; None for all that the rules allow."""
    grammar: bool = False
    """Send a GBNF grammar as ``grammar``: for llama.cpp's server and those built on it."""
    fold_system: bool | None = None
    """True puts the system prompt at the head of the first message, for models without a system role."""
    repair: int = 0
    """1: what does not assemble is sent back once, with the assembler's message."""
    show: Show = Show.NOTHING
    better: bool = True
    """Whether the model is asked for what is likely to do better; otherwise only for a change or a mixture."""

    @classmethod
    def parse(cls, values: Mapping[str, Any]) -> LlmSettings:
        """Settings from plain data; raises ConfigError that names the key."""
        return from_mapping(cls, values, "llm")

    def __post_init__(self) -> None:
        """Check ranges, and that the values go together."""
        for name in ("context", "max_tokens", "max_length", "in_flight", "max_failures"):
            check_at_least(f"llm.{name}", getattr(self, name), 1)
        for name in ("temperature", "max_calls", "max_tokens_total", "max_cost", "repair"):
            check_at_least(f"llm.{name}", getattr(self, name), 0)
        for name in ("timeout_s", "max_wait_s"):
            check_at_least(f"llm.{name}", getattr(self, name), 0.001)
        if self.max_tokens_name not in ("max_tokens", "max_completion_tokens"):
            raise ConfigError(
                f"expected llm.max_tokens_name to be max_tokens or max_completion_tokens, got {self.max_tokens_name!r}"
            )
        if self.repair > 1:
            raise ConfigError(f"expected llm.repair to be 0 or 1, got {self.repair}")
        if taken := sorted(_OWN_KEYS & (self.extra_body or {}).keys()):
            raise ConfigError(f"expected llm.extra_body without the keys that llm sets itself, got {', '.join(taken)}")
        if self.base_url is not None and self.gguf is not None:
            raise ConfigError("expected one of llm.base_url and llm.gguf, got both")
        if self.base_url is None and self.local_model is None:
            raise ConfigError("expected llm.base_url, or one model of this machine in llm.model, got neither")
        if self.base_url is not None:
            check_url(self.base_url, "llm")
        check_written(self.headers, "llm.headers")
        check_written(self.query, "llm.query")
        if self.api_key_env is not None and not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", self.api_key_env):
            raise ConfigError("expected llm.api_key_env to be the name of an environment variable, got something else")
        names = [model.name for model in self.models]
        if not names or len(set(names)) < len(names):
            raise ConfigError(f"expected llm.model to name one or more different models, got {names}")
        if self.max_cost is not None:
            self._check_prices()

    def _check_prices(self) -> None:
        """``max_cost`` needs a price for every model; a model's own price may be 0."""
        general = bool(self.prices.input or self.prices.output)
        unpriced = [model.name for model in self._entries if model.prices is None and not general]
        if unpriced or not any(model.prices and (model.prices.input or model.prices.output) for model in self.models):
            names = ", ".join(unpriced or [model.name for model in self.models])
            raise ConfigError(
                f"expected llm.prices for every model, because llm.max_cost needs them, got none for {names}"
            )

    @cached_property
    def models(self) -> tuple[Model, ...]:
        """The ensemble, each model with its prices filled in."""
        return tuple(Model(m.name, m.weight, m.prices or self.prices) for m in self._entries)

    @property
    def local_model(self) -> str | None:
        """The known model or the file that this machine serves; None for an endpoint."""
        if self.base_url is not None:
            return None
        return self.gguf or (self.model if isinstance(self.model, str) else None)

    @property
    def _entries(self) -> list[Model]:
        """The ensemble as it is given."""
        if self.model is None and self.gguf is None:
            raise ConfigError("expected a value for llm.model, got none")
        file = self.model is None or self.model == self.local_model
        given = PurePath(self.local_model or "").name if file else self.model
        return [Model(m) if isinstance(m, str) else m for m in ([given] if isinstance(given, str) else given or ())]
