"""Text to tokens."""

from __future__ import annotations

import re

_TOKEN = re.compile(r"\s*([A-Za-z_]\w*|\d+|==|!=|<=|>=|&&|\|\||\S)", re.ASCII)


def tokenize(line: str) -> list[str]:
    """Tokens of one line, its comment left out."""
    return _TOKEN.findall(line.partition(";")[0].rstrip())
