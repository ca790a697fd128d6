"""The arms of the study: what is asked, of whom, and how runs differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from drq import operators
from drq.candidate import Elite, Evaluation, Kind
from drq.cli.configure import configure
from drq.llm.calls import CallLog
from drq.operators.base import Operator, Request
from drq.operators.llm import LlmOperator, connection
from drq.randomness import Purpose, generator
from redcode import Warrior, assemble
from tests.model_study.families import PLACES, RULES, Parent

OFFLINE = "http://replay.invalid/v1"
"""The endpoint where every call is on record."""
CHILDREN_MODEL, CHILDREN_GENETIC = 4, 20
PER_FAMILY = 2 * len(PLACES)
SHORT = Path(__file__).with_name("short.md")


def model_settings(url: str) -> tuple[str, ...]:
    """What ``llm=local`` asks of a server, for the server at ``url``."""
    place = ("base_url=" + url, "model=qwen2.5-coder-0.5b", "api_key_env=null", "timeout_s=600", "max_wait_s=900")
    local = ("max_tokens=300", "max_length=20", "grammar=true", "seed=true", "in_flight=8")
    return ("llm=openai", *(f"llm.{one}" for one in (*place, *local)))


class ShortOperator(LlmOperator):
    """The model with a shorter system prompt."""

    async def messages(self, request: Request) -> list[dict[str, str]]:
        system, *rest = await super().messages(request)
        return [{**system, "content": SHORT.read_text()}, *rest]


@dataclass(frozen=True)
class Arm:
    """One way to make children of a parent."""

    overrides: tuple[str, ...] = ()
    kind: Kind = Kind.MUTATE
    placebo: bool = False
    """Whether the parent of another family is shown."""
    short: bool = False


MODEL = {
    "model": Arm(),
    "standing": Arm(("llm.show=standing",)),
    "placebo": Arm(placebo=True),
    "free": Arm(("llm.grammar=false",)),
    "short": Arm(short=True),
}
GENETIC = {
    "genetic": Arm(),
    "no_fragments": Arm(("operator.fragments=false",)),
    "new_only": Arm(kind=Kind.NEW),
}
ARMS: Mapping[str, Arm] = {**MODEL, **GENETIC}


def operator(name: str, log: CallLog, url: str = OFFLINE) -> Operator:
    """The operator of an arm; a model's answers come from ``log`` where they are on record."""
    arm = ARMS[name]
    settings = () if name in GENETIC else ("operator=llm", *model_settings(url))
    config = configure(["experiment=paper", *settings, *arm.overrides]).config
    if not arm.short:
        return operators.build(config, log)
    return ShortOperator(*connection(config, log))


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
    asks = model_settings(url) if name in ASKING else ()
    return ("initial=8", "iterations=52", *RUNS[name], *asks)
