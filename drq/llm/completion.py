"""The body of a chat completion, which need not keep to the protocol."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

MAX_REPLY = 200_000
"""Characters of a reply that are kept."""


@dataclass(frozen=True)
class Completion:
    """The reply of a call: a text, or None and the reason."""

    text: str | None
    error: str | None
    model: str | None = None
    """The model that the server says answered."""
    finish_reason: str | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    """Tokens as the server counts them, None where it does not."""
    cached_tokens: int = 0
    """Of the input tokens, those that the server says it has read before."""


def read(body: Mapping[str, Any], scrub: Callable[[str], str] = str) -> Completion:
    """The first choice of ``body``, every text after ``scrub``; a missing text becomes an error."""
    usage = _mapping(body.get("usage"))
    choice = first_choice(body)
    message = _mapping(choice.get("message"))
    text = _text(message.get("content"))

    def line(value: Any) -> str | None:
        return scrub(one_line(value)) if isinstance(value, str) else None

    return Completion(
        text=None if text is None else scrub(_storable(text)),
        error=scrub(_why_nothing(choice, message)) if text is None else None,
        model=line(body.get("model")),
        finish_reason=line(choice.get("finish_reason")),
        input_tokens=_count(usage.get("prompt_tokens")),
        output_tokens=_count(usage.get("completion_tokens")),
        cached_tokens=_count(_mapping(usage.get("prompt_tokens_details")).get("cached_tokens")) or 0,
    )


def first_choice(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """The first choice, or an empty mapping."""
    choices = body.get("choices")
    return _mapping(choices[0] if isinstance(choices, list) and choices else None)


def _why_nothing(choice: Mapping[str, Any], message: Mapping[str, Any]) -> str:
    if refusal := _text(message.get("refusal")):
        return f"refused: {one_line(refusal)}"
    thoughts = [name for name in ("reasoning_content", "reasoning", "thinking") if _text(message.get(name))]
    got = f"only thoughts, in {thoughts[0]}" if thoughts else "none"
    limit = " before llm.max_tokens was reached" if choice.get("finish_reason") == "length" else ""
    return f"expected text in the reply, got {got}{limit}"


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _count(value: Any) -> int | None:
    """A number of tokens, or None for anything else."""
    whole = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1 << 40 and value % 1 == 0
    return int(value) if whole else None


def _text(content: Any) -> str | None:
    """The text of a message, which some servers give in parts, a list of ``{"text": …}``; None for none.

    A part of another type than text is a thought or a picture.
    """
    if isinstance(content, list):
        parts = [part for part in map(_mapping, content) if part.get("type", "text") in ("text", "output_text")]
        content = "".join(text for text in (part.get("text") for part in parts) if isinstance(text, str))
    return content if isinstance(content, str) and content.strip() else None


def _storable(text: str) -> str:
    """``text`` bounded, and without what a database or UTF-8 can't hold."""
    return text[:MAX_REPLY].encode("utf-8", "replace").decode().replace("\0", " ")


def one_line(text: str) -> str:
    """Others' text as one short line without control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text[:2000]).split())[:300]
