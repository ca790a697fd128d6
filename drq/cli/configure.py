"""From the command line to a checked run: Hydra composes, this file makes dataclasses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from hydra.core.override_parser.overrides_parser import OverridesParser
from omegaconf import DictConfig

from drq import operators
from drq.cli.compose import compose_config, plain_of
from drq.config import Begin, RunConfig
from drq.errors import ConfigError
from drq.files import user_path
from drq.operators.replay import replayed
from drq.opponents.names import expanded, load_warriors
from drq.plain import from_mapping
from drq.run.run import Run, recorded_starters
from drq.store.reader import reading

CONFIG_NAME = "config"
RUNS = Path("runs")
_REPLAY_KEYS = ("operator", "operator.run", "run_dir", "threads", "engine")


def configure(overrides: Sequence[str]) -> Run:
    """The run that these overrides of the shipped configuration describe; raises what ``to_run`` raises.

    It also refuses a model that no operator asks; a sweep allows it, because it may compare operators.
    """
    composed = compose_config(CONFIG_NAME, RunConfig, overrides)
    run = to_run(composed, composed.hydra.runtime.choices.experiment, composed.hydra.overrides.task)
    if run.config.llm and not _asks_a_model(run.config.operator):
        raise ConfigError(
            f"expected an operator that asks the model of llm, got {run.config.operator.get('name')}: "
            "add operator=llm or operator=mixed, or leave llm out"
        )
    return run


def is_dry(overrides: Sequence[str]) -> bool:
    """Whether the overrides ask for the forecast of a run instead of the run; raises ConfigError."""
    given = [override for override in overrides if override.startswith("dry_run=")]
    dry = [override.value() for override in OverridesParser.create().parse_overrides(given)]
    if not all(isinstance(value, bool) for value in dry):
        raise ConfigError(f"expected dry_run to be true or false, got {given[-1]}")
    return bool(dry and dry[-1])


def _asks_a_model(operator: Mapping[str, Any]) -> bool:
    return operator.get("name") in ("llm", "replay", "sequential") or "llm" in operator.get("weights", {})


def to_run(composed: DictConfig, experiment: str, overrides: Sequence[str], name: str = "") -> Run:
    """The run of a composed configuration.

    Where ``run_dir`` is null its directory is runs/EXPERIMENT/NAME, with seed_SEED for an empty name. ``overrides`` are
    those that it was composed with. Raises ConfigError in one line; StoreError where the run to be replayed does not
    exist.
    """
    plain = plain_of(composed)
    plain.pop("jobs", None)  # a sweep's
    plain.pop("dry_run", None)  # the command's
    given = plain.pop("run_dir", None)
    directory = None if given in (None, "") else _path("run_dir", given)
    if not isinstance(plain.get("starter", []), list):
        plain["starter"] = [_text("starter", plain["starter"])]
    if former := {"seeds", "seeds_fought"} & plain.get("archive", {}).keys():
        raise ConfigError(f"archive.{min(former)} is archive.begin now: {', '.join(Begin)}")
    if plain.get("operator", {}).get("name") == "replay":
        return _replay(plain, directory, overrides)
    config = from_mapping(RunConfig, plain)
    starter = expanded(config.starter, config.rules)
    config = replace(operators.with_defaults(config), starter=starter)
    starters = load_warriors(config.starter, config.rules, "starter")
    return Run(config, directory or RUNS / experiment / (name or f"seed_{config.seed}"), starters)


def _text(key: str, value: Any) -> str:
    """A value that is text; raises ConfigError for what Hydra reads as something else, such as a number."""
    if not isinstance(value, str):
        raise ConfigError(f"expected {key} to be text, got {value!r}; for a name that looks like this write ./NAME")
    return value


def _path(key: str, value: Any) -> Path:
    return user_path(_text(key, value))


def _replay(plain: dict[str, Any], directory: Path | None, overrides: Sequence[str]) -> Run:
    """The recorded run again. Its rows follow from recorded settings, so overrides of them are refused."""
    for override in OverridesParser.create().parse_overrides(list(overrides)):
        if override.key_or_group not in _REPLAY_KEYS:
            raise ConfigError(f"operator=replay takes {override.key_or_group} from the recorded run: leave it out")
    recorded = _path("operator.run", plain["operator"]["run"])
    config = replayed(recorded, plain["engine"], plain["threads"])
    with reading(recorded) as run:
        starters = recorded_starters(run, config.rules)
    return Run(config, directory or RUNS / "replay" / "_".join(recorded.resolve().parts[-2:]), starters)
