"""A shipped configuration with a command line's overrides, as plain data: Hydra at the edge."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Any

from hydra import compose, initialize_config_module
from omegaconf import OmegaConf

from drq.cli.configure import COMPOSE_ERRORS, CONFIG_MODULE, HYDRA_VERSION_BASE, explain
from drq.errors import ConfigError

_QUOTED = re.compile(r"""(['"])(.*)\1""", re.S)
_ITEM = re.compile(r"""(?:^|,)\s*(?:'([^']*)'|"([^"]*)"|([^,]*?))\s*(?=,|$)""")


def compose_plain(
    name: str, overrides: Sequence[str], lists: Collection[str] = (), texts: Collection[str] = ()
) -> dict[str, Any]:
    """``configs/NAME.yaml`` under ``overrides``, of which those of the keys ``lists`` and ``texts`` are paths.

    A path is taken as it is written, for Hydra's grammar allows no ``=``, ``~`` or brackets in a value; it may be in
    quotes. ``null`` is none, and of the keys ``lists`` ``[a,b]`` is two. Raises ConfigError in one line for an unknown
    key or choice.
    """
    paths: dict[str, str | None] = {}
    rest = []
    for override in overrides:
        key, given, value = override.partition("=")
        if given and key in (*lists, *texts):
            paths[key] = None if value == "null" else value if key in lists else _bare(value)
        else:
            rest.append(override)
    try:
        with initialize_config_module(CONFIG_MODULE, version_base=HYDRA_VERSION_BASE):
            plain = OmegaConf.to_container(compose(name, rest), resolve=True)
    except COMPOSE_ERRORS as error:
        raise ConfigError(explain(error, name, overrides)) from None
    assert isinstance(plain, dict)
    return {str(key): _items(value) if key in lists else value for key, value in (plain | paths).items()}


def _items(value: Any) -> list[str]:
    """The paths that the value of a list means."""
    if not isinstance(value, str):
        return value or []
    if not (value.startswith("[") and value.endswith("]")):
        return [_bare(value)]
    inside = value[1:-1].strip()
    return ["".join(item) for item in _ITEM.findall(inside)] if inside else []


def _bare(value: str) -> str:
    quoted = _QUOTED.fullmatch(value)
    return quoted[2] if quoted else value
