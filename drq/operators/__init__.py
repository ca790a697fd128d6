"""Operators: each turns parents into redcode text behind the protocol of ``base``.

A module ``drq/operators/NAME.py`` gives the operator that ``operator=NAME`` chooses. It has one function::

    def build(config: RunConfig, log: CallLog) -> Operator

It reads its settings from ``config.operator`` (and ``config.llm``) and raises ConfigError where they are wrong. The
first proposal, not ``build``, opens connections and starts processes.

``genetic``, ``llm``, ``sequential``, ``mixed``, ``replay`` and ``scripted`` are those modules. The genetic operator
writes with the ``vocabulary`` that the rules allow, from the ``idioms`` of textbooks, edits ``code`` as lines, at
``rates`` that it may learn, and changes its ``numbers``.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any

from drq.config import RunConfig
from drq.errors import ConfigError
from drq.llm.calls import CallLog
from drq.llm.settings import LlmSettings
from drq.operators.base import Operator
from drq.plain import from_mapping, to_plain

NAMES = ("genetic", "llm", "mixed", "replay", "scripted", "sequential")


@dataclass(frozen=True)
class _NameOnly:
    name: str


def complete(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of an operator, checked, with every default filled in; raises ConfigError."""
    cls = getattr(_module(settings), "Settings", _NameOnly)
    plain: dict[str, Any] = to_plain(from_mapping(cls, settings, "operator"))
    return plain


def with_defaults(config: RunConfig) -> RunConfig:
    """``config`` with all settings of operator and model, as a run has them that is older than some of these settings.

    The settings of an operator that is the user's own stay as they are. Raises ConfigError.
    """
    known = config.operator.get("name") in NAMES
    llm = to_plain(LlmSettings.parse(config.llm)) if config.llm else config.llm
    return replace(config, operator=complete(config.operator) if known else config.operator, llm=llm)


def build(config: RunConfig, log: CallLog) -> Operator:
    """The operator that ``config.operator`` describes; raises ConfigError."""
    operator: Operator = _module(config.operator).build(config, log)
    return operator


def _module(settings: Mapping[str, Any]) -> ModuleType:
    name = settings.get("name")
    if name not in NAMES:
        raise ConfigError(f"expected operator.name to be one of {', '.join(NAMES)}, got {name!r}")
    return importlib.import_module(f"drq.operators.{name}")
