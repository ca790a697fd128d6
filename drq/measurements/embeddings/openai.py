"""Any OpenAI-compatible endpoint for embeddings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from drq.errors import ConfigError, OperatorError
from drq.llm.secrets import read_key, scrub
from drq.measurements.embeddings.base import code_text, unit_rows
from drq.plain import check_at_least, from_mapping
from redcode import Rules, Warrior


@dataclass(frozen=True)
class Settings:
    """``embedding=openai``."""

    name: str
    model: str
    base_url: str
    api_key_env: str | None = "OPENAI_API_KEY"
    """Name of the environment variable that holds the key; None for a server that wants none."""
    batch: int = 64
    """Texts sent at once."""
    timeout_s: float = 120.0

    def __post_init__(self) -> None:
        """Check every range."""
        check_at_least("embedding.batch", self.batch, 1)
        if not self.timeout_s > 0:
            raise ConfigError(f"expected embedding.timeout_s to be above 0, got {self.timeout_s}")


def build(settings: Mapping[str, Any]) -> EndpointEmbedding:
    """Nothing is asked and no key is read before there is something to embed."""
    return EndpointEmbedding(from_mapping(Settings, settings, "embedding"))


class EndpointEmbedding:
    """``POST /embeddings``, with the client's own retries."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.name = f"{settings.model} at {settings.base_url}"

    def embed(self, warriors: Sequence[Warrior], rules: Rules) -> NDArray[np.float64]:
        """Embed the code's text; raises ConfigError without a key, OperatorError where the endpoint fails."""
        from openai import OpenAI, OpenAIError  # takes most of a second to import

        texts = [code_text(warrior, rules) for warrior in warriors]
        settings, key = self._settings, read_key(self._settings.api_key_env, "embedding.api_key_env")
        found: list[NDArray[np.float64]] = []
        with OpenAI(api_key=key, base_url=settings.base_url, timeout=settings.timeout_s) as client:
            for low in range(0, len(texts), settings.batch):
                part = texts[low : low + settings.batch]
                try:
                    answer = client.embeddings.create(model=settings.model, input=part, encoding_format="float")
                    rows = [item.embedding for item in sorted(answer.data, key=lambda item: item.index)]
                    found.append(np.array(rows, dtype=np.float64))
                except (OpenAIError, AttributeError, TypeError, ValueError) as error:
                    reason = scrub(str(error), key).splitlines() or [type(error).__name__]
                    raise OperatorError(f"embedding at {settings.base_url}: {reason[0][:300]}") from None
                dimensions = found[0].shape[-1]
                if found[-1].shape != (len(part), dimensions) or not np.isfinite(found[-1]).all():
                    raise OperatorError(
                        f"embedding at {settings.base_url}: expected {len(part)} vectors of one length, "
                        f"got numbers of shape {found[-1].shape}"
                    )
        return unit_rows(np.concatenate(found))
