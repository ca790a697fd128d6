"""Any OpenAI-compatible endpoint for embeddings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from drq.errors import ConfigError, OperatorError
from drq.llm.endpoint import check_url, http_client
from drq.llm.secrets import read_access
from drq.measurements.embeddings.base import unit_rows
from drq.plain import check_at_least, from_mapping, to_plain
from redcode import Rules, Warrior
from redcode.language.disassembler import code_text


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
        """Check every range, and that the address, which results show, holds no secret."""
        check_at_least("embedding.batch", self.batch, 1)
        if not self.timeout_s > 0:
            raise ConfigError(f"expected embedding.timeout_s to be above 0, got {self.timeout_s}")
        check_url(self.base_url, "embedding")


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
        import openai  # takes most of a second

        from drq.llm.failures import BrokenBodyError, judge

        settings = self._settings
        access = read_access("embedding", settings.api_key_env)
        access.keep_out(to_plain(settings), "embedding")
        texts = [code_text(warrior, rules) for warrior in warriors]
        found: list[NDArray[np.float64]] = []
        with openai.OpenAI(
            api_key=access.key,
            base_url=settings.base_url,
            timeout=settings.timeout_s,
            http_client=http_client(openai.DefaultHttpxClient, settings.base_url),
        ) as client:
            for low in range(0, len(texts), settings.batch):
                part = texts[low : low + settings.batch]
                try:
                    answer = client.embeddings.with_raw_response.create(
                        model=settings.model, input=part, encoding_format="float"
                    )
                    found.append(_vectors(answer.http_response.content, len(part)))
                    if found[0].shape[1] != found[-1].shape[1]:
                        raise BrokenBodyError(
                            f"expected {found[0].shape[1]} dimensions as before, got {found[-1].shape[1]}"
                        )
                except (openai.OpenAIError, BrokenBodyError) as error:
                    text = judge(error).text.replace("llm.", "embedding.")
                    raise OperatorError(f"embedding at {settings.base_url}: {access.scrub(text)}") from None
        return unit_rows(np.concatenate(found))


def _vectors(content: bytes, texts: int) -> NDArray[np.float64]:
    """(texts, dimensions) vectors of a reply, by their index; raises BrokenBodyError for what is no embedding."""
    from drq.llm.failures import BrokenBodyError, parse, reason

    body = parse(content)
    data = body.get("data") if isinstance(body, dict) else None
    if not isinstance(data, list):
        raise BrokenBodyError(f"expected embeddings in the reply, got {reason(body) or 'none'}")
    items = [item if isinstance(item, dict) else {} for item in data]
    indices = [item.get("index", place) for place, item in enumerate(items)]
    if sorted(map(str, indices)) != sorted(map(str, range(texts))):
        raise BrokenBodyError(f"expected each index from 0 to {texts - 1} once, got {str(indices)[:80]}")
    by_index = dict(zip(map(str, indices), items, strict=True))
    try:
        vectors = np.array([by_index[str(i)].get("embedding") for i in range(texts)], dtype=np.float64)
    except (TypeError, ValueError):  # texts, or lists of different lengths
        raise BrokenBodyError(f"expected {texts} lists of numbers of one length, got something else") from None
    if vectors.ndim != 2 or not np.isfinite(vectors).all() or not vectors.any(axis=1).all():
        raise BrokenBodyError(f"expected {texts} lists of finite numbers that are not all zero, got others")
    return vectors
