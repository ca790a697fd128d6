"""The arms of the study: what is asked, of whom, and how runs differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from drq import operators
from drq.candidate import Elite, Evaluation, Kind
from drq.cli.configure import configure
from drq.llm.calls import CallLog
from drq.llm.settings import LlmSettings
from drq.operators.base import Operator, Request
from drq.operators.llm import LlmOperator, connection
from drq.randomness import Purpose, generator
from redcode import Warrior, assemble
from tests.model_study.families import PLACES, RULES, Parent

OFFLINE = "http://replay.invalid/v1"
"""The endpoint where every call is on record."""
PER_FAMILY = 2 * len(PLACES)
HERE = Path(__file__).parent
LINES = (HERE / "lines.gbnf").read_text()
"""The grammar of the first part: lines without the mark that closes a block of code."""


def model_settings(url: str, model: str) -> tuple[str, ...]:
    """What ``llm=local`` asks of a server, for the server at ``url``."""
    place = ("base_url=" + url, "model=" + model, "api_key_env=null", "timeout_s=3600", "max_wait_s=3600")
    local = ("max_tokens=300", "max_length=20", "grammar=true", "seed=true", "in_flight=8")
    return ("llm=openai", *(f"llm.{one}" for one in (*place, *local)))


def _short(system: str) -> str:
    return (HERE / "short.md").read_text()


def _worked(system: str) -> str:
    return system + "\n\n" + (HERE / "worked.md").read_text()


@dataclass(frozen=True)
class Arm:
    """One way to make children of a parent."""

    overrides: tuple[str, ...] = ()
    kind: Kind = Kind.MUTATE
    children: int = 4
    """Of each parent."""
    model: str | None = None
    """None for the genetic operator."""
    grammar: str | None = None
    """In place of the operator's own."""
    system: Callable[[str], str] = str
    """Makes the system prompt of the operator's."""
    placebo: bool = False
    """Whether the parent of another family is shown."""


SMALL, LARGE, BASE = "qwen2.5-coder-0.5b", "qwen2.5-coder-1.5b", "gemma-3-270m"
FIRST = Arm(model=SMALL, grammar=LINES)
ARMS: Mapping[str, Arm] = {
    "model": FIRST,
    "standing": replace(FIRST, overrides=("llm.show=standing",)),
    "placebo": replace(FIRST, placebo=True),
    "free": replace(FIRST, overrides=("llm.grammar=false",), grammar=None),
    "short": replace(FIRST, system=_short),
    "genetic": Arm(children=40),
    "no_fragments": Arm(("operator.fragments=false",), children=40),
    "new_only": Arm(kind=Kind.NEW, children=40),
    "ended": Arm(model=SMALL),
    "large": Arm(model=LARGE),
    "base": Arm(model=BASE, system=_worked, children=2),
}
"""The place of an arm is the seed of its random numbers."""
MODEL = tuple(name for name, arm in ARMS.items() if arm.model)
GENETIC = tuple(name for name, arm in ARMS.items() if not arm.model)


class StudyOperator(LlmOperator):
    """The model, with the system prompt and the grammar of an arm."""

    def __init__(self, arm: Arm, settings: LlmSettings, *more: Any) -> None:
        super().__init__(replace(settings, extra_body={"grammar": arm.grammar} if arm.grammar else None), *more)
        self._arm = arm

    async def messages(self, request: Request) -> list[dict[str, str]]:
        system, *rest = await super().messages(request)
        return [{**system, "content": self._arm.system(system["content"])}, *rest]


def operator(name: str, log: CallLog, url: str = OFFLINE) -> Operator:
    """The operator of an arm; a model's answers come from ``log`` where they are on record."""
    arm = ARMS[name]
    settings = ("operator=llm", *model_settings(url, arm.model)) if arm.model else ()
    config = configure(["experiment=paper", *settings, *arm.overrides]).config
    return StudyOperator(arm, *connection(config, log)) if arm.model else operators.build(config, log)


def request(name: str, parents: Sequence[Parent], number: int, child: int) -> Request:
    """For a child of parent ``number``; every arm has random numbers of its own."""
    arm = ARMS[name]
    parent = parents[number]
    shown = parents[(number + PER_FAMILY) % len(parents)] if arm.placebo else parent

    async def shares(warrior: Warrior) -> tuple[float, ...]:
        return shown.shares

    return Request(
        round=number,
        iteration=child,
        kind=arm.kind,
        parents=(_elite(shown),) if arm.kind is Kind.MUTATE else (),
        opponents=parent.fought,
        rules=RULES,
        rng=generator(list(ARMS).index(name), Purpose.PROPOSAL, number, child),
        opponent_shares=shares,
    )


def _elite(parent: Parent) -> Elite:
    evaluation = Evaluation(parent.fitness, 0.0, {}, ())
    return Elite(0, parent.source, assemble(parent.source, RULES), evaluation, parent.fitness)


RUNS: Mapping[str, tuple[str, ...]] = {
    "genetic": ("operator.in_flight=8",),
    "no_fragments": ("operator.in_flight=8", "operator.fragments=false"),
    "new_only": ("operator.in_flight=8", "new_share=1.0"),
    "model": ("operator=llm",),
    "mixed": ("operator=mixed",),
    "sequential": ("operator=sequential", "new_share=1.0"),
}
"""Settings of whole runs by arm; those after the first three ask the model."""
ASKING = ("model", "mixed", "sequential")


def run_settings(name: str, url: str = OFFLINE) -> tuple[str, ...]:
    """The settings of an arm's runs, beside those of the family."""
    asks = model_settings(url, SMALL) if name in ASKING else ()
    return ("initial=8", "iterations=52", *RUNS[name], *asks)
