"""Text made fit to be shown: that of others, counts, and what changed between two texts."""

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
    """``text`` cut to ``limit`` characters; what would not show, or would reorder the text around it, is made visible.

    Line ends and tabs stay. Control characters become their pictures (U+2400 on), other invisible ones U+FFFD.
    """
    cut = text if len(text) <= limit else text[:limit] + "…"
    return "".join(_visible(character) for character in cut)


def _visible(character: str) -> str:
    if character.isprintable() or character in "\n\t" or unicodedata.category(character) == "Zs":
        return character
    return chr(CONTROL_PICTURES + ord(character)) if character < " " else REPLACEMENT


def difference(before: str, after: str) -> str:
    """Lines that went (``-``) and came (``+``) as a unified diff without the names of files; empty for equal texts.

    Each part begins with its place in both: ``@@ -2,4 +2,5 @@``.
    """
    return "\n".join(islice(unified_diff(before.splitlines(), after.splitlines(), n=CONTEXT, lineterm=""), 2, None))
