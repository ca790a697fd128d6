"""From the command line to a checked run: Hydra composes, everything behind this file sees dataclasses."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from hydra import compose, initialize_config_module
from hydra.core.global_hydra import GlobalHydra
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.errors import HydraException, MissingConfigException
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import MissingMandatoryValue, OmegaConfBaseException

from drq.config import RunConfig
from drq.errors import ConfigError
from drq.operators.base import Opponent
from drq.operators.replay import replayed
from drq.run import Run
from drq.starters import load_warriors
from drq.store import RunStore
from drq.typed import from_mapping, leaves, unknown_key
from redcode import assemble

CONFIG_MODULE = "drq.configs"
CONFIG_NAME = "config"
HYDRA_VERSION_BASE = "1.3"
COMPOSE_ERRORS = (HydraException, OmegaConfBaseException, ValueError)
"""What Hydra raises for overrides that are wrong; ValueError where a group that needs a choice is given null."""
RUNS = Path("runs")
_REPLAY_KEYS = ("operator", "operator.run", "run_dir", "threads", "engine")


def configure(overrides: Sequence[str]) -> Run:
    """The run that these overrides of the shipped configuration describe; raises what ``to_run`` raises."""
    try:
        with initialize_config_module(CONFIG_MODULE, version_base=HYDRA_VERSION_BASE):
            composed = compose(CONFIG_NAME, list(overrides), return_hydra_config=True)
            label = f"{composed.hydra.runtime.choices.experiment}/seed_{composed.seed}"
    except COMPOSE_ERRORS as error:
        raise ConfigError(explain(error, overrides=overrides)) from None
    del composed.hydra
    return to_run(composed, label, overrides)


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
        raise ConfigError(_first_line(error)) from None
    assert isinstance(plain, dict)
    directory = plain.pop("run_dir", None)
    if isinstance(plain.get("starter"), str):
        plain["starter"] = [plain["starter"]]
    if plain.get("operator", {}).get("name") == "replay":
        return _replay(plain, directory, overrides)
    config = from_mapping(RunConfig, {str(key): value for key, value in plain.items()})
    starters = load_warriors(config.starter, config.rules, "starter")
    return Run(config, Path(directory or RUNS / label), starters)


def _replay(plain: dict[Any, Any], directory: str | None, overrides: Sequence[str]) -> Run:
    """The recorded run again; what decides its rows comes from its record, so it may not be given."""
    for override in OverridesParser.create().parse_overrides(list(overrides)):
        if override.key_or_group not in _REPLAY_KEYS:
            raise ConfigError(f"operator=replay takes {override.key_or_group} from the recorded run: leave it out")
    recorded = Path(plain["operator"]["run"])
    config = replayed(recorded, plain["engine"], plain["threads"])
    with closing(RunStore.open(recorded)) as store:
        starters = [Opponent(assemble(s.source, config.rules), s.source) for s in store.starters()]
    return Run(config, Path(directory or RUNS / "replay" / "_".join(recorded.resolve().parts[-2:])), starters)


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
    message = _first_line(error)
    if "HydraConfig was not set" in message:
        return "the seed of this experiment is the place in a sweep: give -m, or a seed"
    if message.startswith("Config group override must be a string"):
        return "expected a choice for a group, got null: leave the group out"
    if not message.startswith("Could not override"):
        return message
    key = message.split("'")[1]
    known = _keys(config_name, overrides)
    if key.startswith("llm.") and not any(other.startswith("llm.") for other in known):
        return f"unknown key {key!r}: choose the model's group first, llm=openai or llm=local"
    if names := [other.removeprefix(f"{key}.") for other in known if other.startswith(f"{key}.")]:
        return f"expected {key} with the keys {', '.join(names)}, got another; to add one give +{key}.KEY=VALUE"
    return unknown_key(key, known)


def _keys(config_name: str, overrides: Sequence[str]) -> list[str]:
    """Groups and keys of the shipped configuration, with the groups that ``overrides`` choose."""
    with initialize_config_module(CONFIG_MODULE, version_base=HYDRA_VERSION_BASE):
        groups = [group for group in GlobalHydra.instance().config_loader().list_groups("") if group != "hydra"]
        chosen = [override for override in overrides if override.partition("=")[0] in groups and "," not in override]
        return [*groups, *dict(leaves(OmegaConf.to_container(compose(config_name, chosen))))]


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
