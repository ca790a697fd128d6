"""A shipped configuration with a command line's overrides, as plain data: Hydra at the edge."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from hydra import compose, initialize_config_module
from hydra.errors import HydraException
from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException

from drq.configure import CONFIG_MODULE, HYDRA_VERSION_BASE, explain
from drq.errors import ConfigError


def compose_plain(name: str, overrides: Sequence[str], lists: Collection[str] = ()) -> dict[str, Any]:
    """``configs/NAME.yaml`` under ``overrides``; of the keys ``lists`` null is an empty list, one value a list of it.

    Raises ConfigError in one line for an unknown key or choice.
    """
    try:
        with initialize_config_module(CONFIG_MODULE, version_base=HYDRA_VERSION_BASE):
            plain = OmegaConf.to_container(compose(name, list(overrides)), resolve=True)
    except (HydraException, OmegaConfBaseException) as error:
        raise ConfigError(explain(error, name)) from None
    assert isinstance(plain, dict)
    for key in lists:
        value = plain[key]
        plain[key] = [] if value is None else [str(value)] if not isinstance(value, list) else value
    return {str(key): value for key, value in plain.items()}
