"""The way to a server: its address, and whether a proxy stands between."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from drq.errors import ConfigError

T = TypeVar("T")

_FROM_ENVIRONMENT = {"http_proxy", "https_proxy", "all_proxy", "no_proxy", "ssl_cert_file", "ssl_cert_dir"}


def check_url(url: str, setting: str) -> None:
    """Raise ConfigError unless ``url``, the value of ``setting``.base_url, is an address that holds no secret.

    It is written to the run's directory and to results, so the message does not repeat it either.
    """
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good:
        raise ConfigError(f"expected {setting}.base_url to be like https://host/v1, got something else")
    if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
        raise ConfigError(
            f"expected {setting}.base_url without user name, password or query, got some for host {parts.hostname!r}: "
            f"put the key into the environment variable that {setting}.api_key_env names"
        )


def http_client(make: Callable[..., T], url: str, **options: Any) -> T:
    """What ``make``, a client class of httpx, gives for ``url``: a server on this machine is reached without a proxy.

    Raises ConfigError where the environment names a proxy or certificates that cannot be used.
    """
    try:
        return make(trust_env=not _is_this_machine(url), **options)
    except Exception as error:  # of any class; its text may hold the proxy's password
        names = ", ".join(sorted(name for name in os.environ if name.lower() in _FROM_ENVIRONMENT))
        hint = ": a SOCKS proxy needs pip install socksio" if isinstance(error, ImportError) else ""
        raise ConfigError(
            f"expected a usable proxy and certificates in the environment variables {names}, "
            f"got {type(error).__name__}{hint}"
        ) from None


def _is_this_machine(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
    return address.is_loopback or address.is_unspecified
