"""The key: read from the environment, sent to the endpoint, and blotted out of every text that is kept or shown."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from typing import Any
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
    # what does not look like a variable's name may be the key itself, which must not be shown
    name = variable if re.fullmatch("[A-Z0-9_]+", variable) else f"that {setting} names"
    key = os.environ.get(variable, "").strip()
    if not key:
        raise ConfigError(
            f"expected a key in the environment variable {name}, got none; "
            f"for a server that wants no key set {setting}=null"
        )
    if not (key.isascii() and key.isprintable()):
        raise ConfigError(f"expected the key in the environment variable {name} to be printable ASCII, got others")
    return key


def keep_out(key: str, config: Any, where: str = "") -> None:
    """Raise ConfigError, which says where, if ``config``, plain data that files will hold, has ``key`` in it."""
    if isinstance(config, Mapping):
        for name, value in config.items():
            keep_out(key, str(name), f"the keys of {where}")
            keep_out(key, value, f"{where}.{name}" if where else str(name))
    elif isinstance(config, list):
        for item in config:
            keep_out(key, item, where)
    elif isinstance(config, str) and scrub(config, key) != config:
        raise ConfigError(f"expected {where} without the key, which is kept out of all files, got it with the key")


def scrub(text: str, key: str) -> str:
    """``text`` without ``key``, however a URL, JSON or Python would spell it."""
    if len(key) < SHORTEST_KEY:
        return text
    for form in (key, quote(key), quote(key, safe=""), quote_plus(key), json.dumps(key)[1:-1], repr(key)[1:-1]):
        text = text.replace(form, BLOT)
    return text
