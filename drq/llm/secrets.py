"""The key: read from the environment, sent to the endpoint, and blotted out of every text that is kept or shown."""

from __future__ import annotations

import json
import os
from urllib.parse import quote, quote_plus

from drq.errors import ConfigError

BLOT = "[key]"
SHORTEST_KEY = 8
"""A shorter one is a dummy for a server that wants none; blotted out, it would spoil the texts it happens to be in."""
NO_KEY = "none"
"""Sent to servers that want no key, because the client insists on one."""


def read_key(variable: str | None, setting: str = "llm.api_key_env") -> str:
    """The key in the environment variable that ``setting`` names; raises ConfigError where there is none."""
    if variable is None:
        return NO_KEY
    key = os.environ.get(variable, "").strip()
    if not key:
        raise ConfigError(
            f"expected a key in the environment variable {variable}, got none; "
            f"for a server that wants no key set {setting}=null"
        )
    if not (key.isascii() and key.isprintable()):
        raise ConfigError(f"expected the key in {variable} to be printable ASCII, got something else")
    return key


def scrub(text: str, key: str) -> str:
    """``text`` without ``key``, however a URL, JSON or Python would spell it."""
    if len(key) < SHORTEST_KEY:
        return text
    for form in (key, quote(key), quote(key, safe=""), quote_plus(key), json.dumps(key)[1:-1], repr(key)[1:-1]):
        text = text.replace(form, BLOT)
    return text
