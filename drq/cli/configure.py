"""From the command line to a checked run: Hydra composes, everything behind this file sees dataclasses."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from hydra import compose, initialize_config_module
from hydra.core.global_hydra import GlobalHydra
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.errors import HydraException, MissingConfigException, OverrideParseException
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import (
    InterpolationResolutionError,
    MissingMandatoryValue,
    OmegaConfBaseException,
    UnsupportedInterpolationType,
)

from drq.config import RunConfig
from drq.errors import ConfigError
from drq.files import user_path
from drq.operators.replay import replayed
from drq.opponents.names import load_warriors
from drq.plain import from_mapping, leaves, unknown_key
from drq.run.run import Run, recorded_starters
from drq.store import RunStore

CONFIG_MODULE = "drq.configs"
CONFIG_NAME = "config"
HYDRA_VERSION_BASE = "1.3"
COMPOSE_ERRORS = (HydraException, OmegaConfBaseException, ValueError)
"""What Hydra raises for overrides that are wrong; ValueError where a group that needs a choice is given null."""
RUNS = Path("runs")
_REPLAY_KEYS = ("operator", "operator.run", "run_dir", "threads", "engine")


def configure(overrides: Sequence[str]) -> Run:
    """The run that these overrides of the shipped configuration describe; raises what ``to_run`` raises.

    A model that nobody would ask is refused too; in a sweep, which may compare operators, it is not.
    """
    try:
        with initialize_config_module(CONFIG_MODULE, version_base=HYDRA_VERSION_BASE):
            composed = compose(CONFIG_NAME, list(overrides), return_hydra_config=True)
            label = f"{composed.hydra.runtime.choices.experiment}/seed_{composed.seed}"
    except COMPOSE_ERRORS as error:
        raise ConfigError(explain(error, overrides=overrides)) from None
    del composed.hydra
    run = to_run(composed, label, overrides)
    if run.config.llm and not _asks_a_model(run.config.operator):
        raise ConfigError(
            f"expected an operator that asks the model of llm, got {run.config.operator.get('name')}: "
            "add operator=llm or operator=mixed, or leave llm out"
        )
    return run


def _asks_a_model(operator: Mapping[str, Any]) -> bool:
    return operator.get("name") in ("llm", "replay") or "llm" in operator.get("weights", {})


def to_run(composed: DictConfig, label: str, overrides: Sequence[str]) -> Run:
    """The run of a composed configuration; ``label`` names its directory where ``run_dir`` is null.

    ``overrides`` are those that it was composed with. Raises ConfigError in one line; StoreError where a run is to be
    replayed that is none.
    """
    try:
        plain = OmegaConf.to_container(composed, resolve=True, throw_on_missing=True)
    except MissingMandatoryValue as error:
        raise ConfigError(f"expected a value for {error.full_key}, got none") from None
    except OmegaConfBaseException as error:
        raise ConfigError(explain(error)) from None
    assert isinstance(plain, dict)
    given = plain.pop("run_dir", None)
    directory = None if given in (None, "") else _path("run_dir", given)
    if not isinstance(plain.get("starter", []), list):
        plain["starter"] = [_text("starter", plain["starter"])]
    if plain.get("operator", {}).get("name") == "replay":
        return _replay(plain, directory, overrides)
    config = from_mapping(RunConfig, {str(key): value for key, value in plain.items()})
    starters = load_warriors(config.starter, config.rules, "starter")
    return Run(config, directory or RUNS / label, starters)


def _text(key: str, value: Any) -> str:
    """A value that is text; raises ConfigError for what Hydra has read as something else, such as a number."""
    if not isinstance(value, str):
        raise ConfigError(f"expected {key} to be text, got {value!r}; for a name that looks like this write ./NAME")
    return value


def _path(key: str, value: Any) -> Path:
    return user_path(_text(key, value))


def _replay(plain: dict[Any, Any], directory: Path | None, overrides: Sequence[str]) -> Run:
    """The recorded run again; what decides its rows comes from its record, so it may not be given."""
    for override in OverridesParser.create().parse_overrides(list(overrides)):
        if override.key_or_group not in _REPLAY_KEYS:
            raise ConfigError(f"operator=replay takes {override.key_or_group} from the recorded run: leave it out")
    recorded = _path("operator.run", plain["operator"]["run"])
    config = replayed(recorded, plain["engine"], plain["threads"])
    with closing(RunStore.open(recorded)) as store:
        starters = recorded_starters(store, config.rules)
    return Run(config, directory or RUNS / "replay" / "_".join(recorded.resolve().parts[-2:]), starters)


def explain(error: Exception, config_name: str = CONFIG_NAME, overrides: Sequence[str] = ()) -> str:
    """What Hydra found wrong with ``config_name``, in one line that names the key and the nearest valid one.

    ``overrides`` are what it was given: the groups chosen among them decide which keys there are.
    """
    if isinstance(error, MissingConfigException) and error.missing_cfg_file:
        group, _, choice = error.missing_cfg_file.rpartition("/")
        options = ", ".join(error.options or ())
        if group == "hydra/launcher" and choice.startswith(("joblib", "submitit")):
            return "this hydra/launcher needs a plugin of Hydra: pip install 'digital-red-queen[sweep]'"
        return f"expected {group} to be one of {options}; got {choice!r}"
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
    if not message.startswith("Could not override"):
        return message
    key = message.split("'")[1]
    known = _keys(config_name, overrides)
    if key.startswith("llm.") and not any(other.startswith("llm.") for other in known):
        return f"unknown key {key!r}: choose the model's group first, llm=openai or llm=local"
    if re.match(r"llm\.(extra_body|headers|query)\.", key):
        return f"unknown key {key!r}: to add it give +{key}=VALUE"
    if names := [other.removeprefix(f"{key}.") for other in known if other.startswith(f"{key}.")]:
        return f"expected {key} with the keys {', '.join(names)}, got another; to add one give +{key}.KEY=VALUE"
    return unknown_key(key, known)


def _keys(config_name: str, overrides: Sequence[str]) -> list[str]:
    """Groups and keys of the shipped configuration, with the groups that ``overrides`` choose."""
    with initialize_config_module(CONFIG_MODULE, version_base=HYDRA_VERSION_BASE):
        groups = [group for group in GlobalHydra.instance().config_loader().list_groups("") if group != "hydra"]
        chosen = [override for override in overrides if override.partition("=")[0] in groups and "," not in override]
        return [*groups, *dict(leaves(OmegaConf.to_container(compose(config_name, chosen))))]


def _unreadable(override: str) -> str:
    """What to do about an override that Hydra's grammar does not take."""
    key, given, value = override.partition("=")
    if not given:
        return f"expected key=value, got {override!r}"
    return (
        f"expected {key} in Hydra's grammar, got {value}: text with such signs needs two pairs of quotes, \"{key}='…'\""
    )
