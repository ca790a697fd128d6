"""Operators: each turns parents into redcode text behind the protocol of ``base``.

A module ``drq/operators/NAME.py`` gives the operator that ``operator=NAME`` chooses. It has one function::

    def build(config: RunConfig, log: CallLog) -> Operator

which reads its own settings from ``config.operator`` (and ``config.llm``), raises ConfigError where they are wrong,
and neither opens a connection nor starts a process: that waits for the first proposal.

``genetic``, ``llm``, ``mixed``, ``replay`` and ``scripted`` are those modules. The genetic operator writes with the
``vocabulary`` that the rules allow, from the ``idioms`` of textbooks, and edits ``code`` as lines.
"""

from __future__ import annotations

import importlib

from drq.config import RunConfig
from drq.errors import ConfigError
from drq.llm.calls import CallLog
from drq.operators.base import Operator

NAMES = ("genetic", "llm", "mixed", "replay", "scripted")


def build(config: RunConfig, log: CallLog) -> Operator:
    """The operator that ``config.operator`` describes; raises ConfigError."""
    name = config.operator.get("name")
    if name not in NAMES:
        raise ConfigError(f"expected operator.name to be one of {', '.join(NAMES)}, got {name!r}")
    module = importlib.import_module(f"drq.operators.{name}")
    operator: Operator = module.build(config, log)
    return operator
