"""Keys of an endpoint: read from the environment, sent to it, and removed from every text that is kept or shown."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, quote_plus

from drq.errors import ConfigError

BLOT = "[key]"
SHORTEST_KEY = 8
"""A shorter key is a dummy for a server without keys; it stays in texts, because it can be an ordinary word."""
NO_KEY = "none"
"""Sent to servers that need no key, because the client library requires one."""
FROM_ENV = "env:"
"""Prefix of a value that names an environment variable."""

_NAMES_A_SECRET = re.compile(r"auth|key|token|secret|cookie|passw|credential|^sig|^code$", re.IGNORECASE)


@dataclass(frozen=True)
class Access:
    """Key, headers and query of every request."""

    key: str = field(default=NO_KEY, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    query: Mapping[str, str] = field(default_factory=dict, repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)
    """Values beside the key that came from the environment."""

    def scrub(self, text: str) -> str:
        """``text`` without the key and the secrets, in any spelling of URLs, JSON and Python."""
        for secret in (self.key, *self.secrets):
            text = scrub(text, secret)
        return text

    def keep_out(self, config: Any, where: str = "") -> None:
        """Raise ConfigError, which says where, if ``config``, plain data that files will hold, has a secret in it."""
        if isinstance(config, Mapping):
            for name, value in config.items():
                self.keep_out(str(name), f"the keys of {where}")
                self.keep_out(value, f"{where}.{name}" if where else str(name))
        elif isinstance(config, list):
            for item in config:
                self.keep_out(item, where)
        elif isinstance(config, str) and self.scrub(config) != config:
            raise ConfigError(f"expected {where} without the key, which is kept out of all files, got it with the key")


def read_access(
    setting: str, variable: str | None, headers: Mapping[str, str] | None = None, query: Mapping[str, str] | None = None
) -> Access:
    """What ``setting``.api_key_env, .headers and .query stand for; raises ConfigError where a variable has no value."""
    key = NO_KEY
    if variable is not None:
        hint = f"; for a server that needs no key set {setting}.api_key_env=null"
        key = _read(variable, f"{setting}.api_key_env", hint)
    secrets: list[str] = []

    def resolved(values: Mapping[str, str] | None, name: str) -> dict[str, str]:
        found = dict(values or {})
        for header, value in found.items():
            if value.startswith(FROM_ENV):
                found[header] = _read(value.removeprefix(FROM_ENV), f"{setting}.{name}.{header}")
                secrets.append(found[header])
        return found

    return Access(key, resolved(headers, "headers"), resolved(query, "query"), tuple(secrets))


def _read(variable: str, setting: str, hint: str = "") -> str:
    # a text that does not look like a variable's name may be the key itself, so it is not shown
    name = variable if re.fullmatch("[A-Z0-9_]+", variable) else f"that {setting} names"
    value = os.environ.get(variable, "").strip()
    if not value:
        raise ConfigError(f"expected a key in the environment variable {name}, got none{hint}")
    if not (value.isascii() and value.isprintable()):
        raise ConfigError(f"expected the key in the environment variable {name} to be printable ASCII, got others")
    return value


def check_written(values: Mapping[str, str] | None, where: str) -> None:
    """Raise ConfigError unless ``values``, headers or a query that files will hold, can be sent and hold no secret."""
    for name, value in (values or {}).items():
        if not re.fullmatch(r"[\w.$-]+", name, re.ASCII) or not (value.isascii() and value.isprintable()):
            raise ConfigError(f"expected names and printable ASCII values in {where}, got others")
        if _NAMES_A_SECRET.search(name) and not value.startswith(FROM_ENV):
            raise ConfigError(
                f"expected {where}.{name} to be {FROM_ENV}NAME, where NAME is the environment variable that holds it, "
                "got something else, which files would show"
            )


def scrub(text: str, key: str) -> str:
    """``text`` without ``key``, in any spelling of URLs, JSON and Python."""
    if len(key) < SHORTEST_KEY:
        return text
    for form in (key, quote(key), quote(key, safe=""), quote_plus(key), json.dumps(key)[1:-1], repr(key)[1:-1]):
        text = text.replace(form, BLOT)
    return text
