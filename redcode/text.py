"""Text made fit to be shown: that of others, and counts."""

from __future__ import annotations

import unicodedata

NAME_LENGTH = 60
CONTROL_PICTURES = 0x2400
REPLACEMENT = "\ufffd"


def plural(count: int, thing: str) -> str:
    """``1 warrior``, ``2 warriors``, ``2 processes``."""
    return f"{count} {thing}" + ("" if count == 1 else "es" if thing.endswith("s") else "s")


def printable(text: str, limit: int = NAME_LENGTH) -> str:
    """``text`` cut to ``limit`` characters; what would not show, or would reorder the text around it, is made visible.

    Line ends and tabs stay. Control characters become their pictures (U+2400 on), other invisible ones U+FFFD.
    """
    cut = text if len(text) <= limit else text[:limit] + "…"
    return "".join(_visible(character) for character in cut)


def _visible(character: str) -> str:
    if character.isprintable() or character in "\n\t" or unicodedata.category(character) == "Zs":
        return character
    return chr(CONTROL_PICTURES + ord(character)) if character < " " else REPLACEMENT
