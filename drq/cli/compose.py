"""A shipped configuration with the overrides of a command line, composed by Hydra; its errors become one line."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import fields
from importlib import resources
from typing import Any

from hydra import compose, initialize_config_module
from hydra.core.config_store import ConfigStore
from hydra.errors import HydraException, MissingConfigException, OverrideParseException
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import (
    InterpolationResolutionError,
    MissingMandatoryValue,
    OmegaConfBaseException,
    UnsupportedInterpolationType,
)

from drq.errors import ConfigError
from drq.plain import defaults, unknown_key

CONFIG_MODULE = "drq.configs"
HYDRA_VERSION_BASE = "1.3"
COMPOSE_ERRORS = (HydraException, OmegaConfBaseException, ValueError)
"""What Hydra raises for wrong overrides; ValueError for null where a group needs a choice."""
_DEFAULTS = "defaults"
"""What every configuration begins with: the defaults of its dataclass, which no file repeats."""
_HOME = re.compile(r"(?<![^=,\[])~/[^,\[\]'\"]*")
_QUOTED = re.compile(r"""(['"])(.*)\1""", re.S)
_ITEM = re.compile(r"""(?:^|,)\s*(?:'([^']*)'|"([^"]*)"|([^,]*?))\s*(?=,|$)""")

OmegaConf.register_new_resolver("memory", lambda history: "all" if history is None else history, replace=True)


def prepare(cls: type, overrides: Sequence[str]) -> list[str]:
    """Make the defaults of ``cls`` the base of what is composed next; returns the overrides as Hydra takes them.

    A key with a dot may be new, because its reader checks it. A path that begins with ``~/`` is quoted.
    """
    ConfigStore.instance().store(_DEFAULTS, defaults(cls))
    return [_prepared(override) for override in overrides]


def _prepared(override: str) -> str:
    key, given, value = override.partition("=")
    if not given or key.startswith("hydra"):
        return override
    is_new = "." in key and key[0] not in "+~"
    return f"{'++' if is_new else ''}{key}={_HOME.sub(lambda path: repr(path[0]), value)}"


def compose_config(name: str, cls: type, overrides: Sequence[str]) -> DictConfig:
    """``configs/NAME.yaml`` over the defaults of ``cls``, under ``overrides``; raises ConfigError in one line."""
    try:
        with initialize_config_module(CONFIG_MODULE, version_base=HYDRA_VERSION_BASE):
            return compose(name, prepare(cls, overrides), return_hydra_config=True)
    except COMPOSE_ERRORS as error:
        raise ConfigError(explain(error, cls)) from None


def plain_of(composed: DictConfig) -> dict[str, Any]:
    """What was composed, as plain data without Hydra's part; raises ConfigError in one line."""
    try:
        own = OmegaConf.masked_copy(composed, [str(key) for key in composed if key != "hydra"])
        plain = OmegaConf.to_container(own, resolve=True, throw_on_missing=True)
    except MissingMandatoryValue as error:
        raise ConfigError(f"expected a value for {error.full_key}, got none") from None
    except OmegaConfBaseException as error:
        raise ConfigError(explain(error)) from None
    assert isinstance(plain, dict)
    return {str(key): value for key, value in plain.items()}


def compose_plain(
    name: str, cls: type, overrides: Sequence[str], lists: Collection[str] = (), texts: Collection[str] = ()
) -> dict[str, Any]:
    """The same as plain data, where the values of the keys ``lists`` and ``texts`` are paths.

    A path is taken as it is written, because Hydra's grammar allows no ``=``, ``~`` or brackets in a value; it may be
    in quotes. ``null`` means no path; for ``lists``, ``[a,b]`` means two.
    """
    paths: dict[str, Any] = {}
    rest = []
    for override in overrides:
        key, given, value = override.partition("=")
        if given and key in lists:
            paths[key] = [] if value == "null" else _items(value)
        elif given and key in texts:
            paths[key] = None if value == "null" else _bare(value)
        else:
            rest.append(override)
    return plain_of(compose_config(name, cls, rest)) | paths


def _items(value: str) -> list[str]:
    if not (value.startswith("[") and value.endswith("]")):
        return [_bare(value)]
    inside = value[1:-1].strip()
    return ["".join(item) for item in _ITEM.findall(inside)] if inside else []


def _bare(value: str) -> str:
    quoted = _QUOTED.fullmatch(value)
    return quoted[2] if quoted else value


def explain(error: Exception, cls: type | None = None) -> str:
    """What Hydra found wrong, in one line that names the key, and the nearest valid one among those of ``cls``."""
    if isinstance(error, MissingConfigException) and error.missing_cfg_file:
        group, _, choice = error.missing_cfg_file.rpartition("/")
        if group == "hydra/launcher" and choice.startswith("submitit"):
            return "this hydra/launcher needs a plugin of Hydra: pip install 'digital-red-queen[sweep]'"
        return f"expected {group} to be one of {', '.join(error.options or ())}; got {choice!r}"
    message = str(error).splitlines()[0]
    if isinstance(error, OverrideParseException):
        return _unreadable(error.override)
    if message.startswith("Ambiguous value"):
        key, _, value = message.split("'", 1)[1].removesuffix("'").partition("=")
        return f"expected one value of {key}, got {value}: a list is '{key}=[{value}]', and -m makes a sweep"
    if "HydraConfig was not set" in message:
        return "the seed of this experiment is the place in a sweep: give -m, or a seed"
    if message.startswith("Config group override must be a string"):
        return "expected a choice for a group, got null: leave the group out"
    if isinstance(error, InterpolationResolutionError | UnsupportedInterpolationType):
        return f"{error.full_key}: {message}; a ${{ that is to stay is written \\${{"
    if message.startswith("Could not override") and cls is not None:
        return unknown_key(message.split("'")[1], [*_groups(), *(field.name for field in fields(cls))])
    return message


def _groups() -> list[str]:
    return [folder.name for folder in resources.files(CONFIG_MODULE).iterdir() if folder.is_dir()]


def _unreadable(override: str) -> str:
    """The message for an override that Hydra cannot parse."""
    key, given, value = override.partition("=")
    if not given:
        return f"expected key=value, got {override!r}"
    return (
        f"expected {key} in Hydra's grammar, got {value}: text with such signs needs two pairs of quotes, \"{key}='…'\""
    )
