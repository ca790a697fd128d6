"""Text for people: untrusted text made safe to show, counts, and the difference of two texts."""

from __future__ import annotations

import unicodedata
from difflib import unified_diff
from itertools import islice

NAME_LENGTH = 60
CONTROL_PICTURES = 0x2400
REPLACEMENT = "\ufffd"
CONTEXT = 2
"""Unchanged lines shown around a change."""


def plural(count: int, thing: str) -> str:
    """``1 warrior``, ``2 warriors``, ``2 processes``."""
    return f"{count} {thing}" + ("" if count == 1 else "es" if thing.endswith("s") else "s")


def printable(text: str, limit: int = NAME_LENGTH) -> str:
    """``text``, cut to ``limit`` characters, with invisible characters and those that reorder text made visible.

    Line ends and tabs stay. Control characters become their pictures (from U+2400), the others U+FFFD.
    """
    cut = text if len(text) <= limit else text[:limit] + "…"
    return "".join(_visible(character) for character in cut)


def _visible(character: str) -> str:
    if character.isprintable() or character in "\n\t" or unicodedata.category(character) == "Zs":
        return character
    return chr(CONTROL_PICTURES + ord(character)) if character < " " else REPLACEMENT


def difference(before: str, after: str) -> str:
    """Removed (``-``) and added (``+``) lines as a unified diff without file names; empty if the texts are equal.

    Each part begins with its place in both texts: ``@@ -2,4 +2,5 @@``.
    """
    return "\n".join(islice(unified_diff(before.splitlines(), after.splitlines(), n=CONTEXT, lineterm=""), 2, None))
