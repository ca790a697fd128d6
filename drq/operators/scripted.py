"""Proposals from a given list or function: for tests and demonstrations."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from drq.config import RunConfig
from drq.llm.calls import CallLog
from drq.operators.base import Proposal, Request
from drq.opponents.names import load_warriors
from drq.plain import check_at_least, from_mapping

Script = Callable[[Request], str | Awaitable[str | None] | None]
"""Answers a request with redcode text, or None for no warrior."""


@dataclass(frozen=True)
class Settings:
    """``operator=scripted``."""

    name: str
    warriors: tuple[str, ...] = ("dwarf", "paper", "stone")
    """Built-in names, files or folders; the warriors are proposed in turn, over and over."""
    in_flight: int = 1

    def __post_init__(self) -> None:
        """Check the range."""
        check_at_least("operator.in_flight", self.in_flight, 1)


class ScriptedOperator:
    """Proposes what its script says."""

    usage = None

    def __init__(self, script: Script, in_flight: int = 1) -> None:
        self.name = "scripted"
        self._script = script
        self.in_flight = in_flight

    async def propose(self, request: Request) -> Proposal:
        """Ask the script, awaiting its answer if it is a coroutine function."""
        answer = self._script(request)
        source = await answer if inspect.isawaitable(answer) else answer
        return Proposal(self.name, source, None if source is not None else "the script has no warrior here")

    async def close(self) -> None:
        """Nothing to release."""


def build(config: RunConfig, log: CallLog) -> ScriptedOperator:
    """Propose the warriors of ``operator.warriors`` in turn, by iteration."""
    settings = from_mapping(Settings, config.operator, "operator")
    warriors = load_warriors(settings.warriors, config.rules, "operator.warriors")
    sources = [warrior.source for warrior in warriors]
    return ScriptedOperator(lambda request: sources[request.iteration % len(sources)], settings.in_flight)
