"""The body of a chat completion, read without trusting that anything in it is as the protocol says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from drq.llm.secrets import scrub

MAX_REPLY = 200_000
"""Characters of a reply that are kept."""


@dataclass(frozen=True)
class Completion:
    """What a call brought: a text, or None and the reason."""

    text: str | None
    error: str | None
    model: str | None = None
    """The model that the server says answered."""
    finish_reason: str | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    """Tokens as the server counts them, None where it does not."""

    def scrubbed(self, key: str) -> Completion:
        """The same without ``key`` in any text."""

        def clean(text: str | None) -> str | None:
            return None if text is None else scrub(text, key)

        return replace(
            self,
            text=clean(self.text),
            error=clean(self.error),
            model=clean(self.model),
            finish_reason=clean(self.finish_reason),
        )


def read(body: Mapping[str, Any]) -> Completion:
    """The first choice of ``body``; whatever is missing becomes an error in words."""
    usage = _mapping(body.get("usage"))
    choices = body.get("choices")
    choice = _mapping(choices[0] if isinstance(choices, list) and choices else None)
    message = _mapping(choice.get("message"))
    text, refusal = _text(message.get("content")), _text(message.get("refusal"))
    model, finish_reason = body.get("model"), choice.get("finish_reason")
    refused = "expected text in the reply, got none"
    if refusal:
        refused = f"refused: {one_line(refusal)}"
    elif finish_reason == "length":
        refused += " before llm.max_tokens was reached"
    return Completion(
        text=None if text is None else _storable(text),
        error=refused if text is None else None,
        model=one_line(model) if isinstance(model, str) else None,
        finish_reason=one_line(finish_reason) if isinstance(finish_reason, str) else None,
        input_tokens=_count(usage.get("prompt_tokens")),
        output_tokens=_count(usage.get("completion_tokens")),
    )


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _count(value: Any) -> int | None:
    """A number of tokens, or None for anything else."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 40 else None


def _text(content: Any) -> str | None:
    """The text of a message, which some servers give in parts, a list of ``{"text": …}``; None for none."""
    if isinstance(content, list):
        texts = (_mapping(part).get("text") for part in content)
        content = "".join(text for text in texts if isinstance(text, str))
    return content if isinstance(content, str) and content else None


def _storable(text: str) -> str:
    """``text`` bounded, and without what a database or UTF-8 can't hold."""
    return text[:MAX_REPLY].encode("utf-8", "replace").decode().replace("\0", " ")


def one_line(text: str) -> str:
    """Others' text as one short line without control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text[:2000]).split())[:300]
