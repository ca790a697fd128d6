"""``operator=sequential``: a language model that goes on from its own earlier attempts, without an archive.

It sees the best warriors that it wrote in this round, with their scores, and writes the next one (conditioned sampling:
the baseline that arXiv 2602.16805 finds to match evolution on many problems). It is shown what is inserted by now, so a
run does not depend on timing, and a killed one asks the same again.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from drq.candidate import Candidate
from drq.config import RunConfig
from drq.errors import ConfigError
from drq.llm import prompts
from drq.llm.calls import CallLog
from drq.llm.prompts import Show
from drq.llm.secrets import Access
from drq.llm.settings import LlmSettings
from drq.operators import llm
from drq.operators.base import Request
from drq.plain import check_at_least, from_mapping
from redcode import Rules, assemble


@dataclass(frozen=True)
class Settings:
    """``operator=sequential``."""

    name: str
    attempts: int = 8
    """Earlier attempts that are shown, the best ones; fewer where they are long."""

    def __post_init__(self) -> None:
        """Check the range."""
        check_at_least("operator.attempts", self.attempts, 1)


class SequentialOperator(llm.LlmOperator):
    """Asks for every proposal as the llm operator does, with another prompt."""

    name = "sequential"

    def __init__(self, settings: LlmSettings, access: Access, log: CallLog, threads: int, attempts: int) -> None:
        super().__init__(settings, access, log, threads)
        self._attempts = attempts

    async def _user_prompt(self, request: Request) -> str:
        best = self._best(request)
        if not best:
            return prompts.new(self._opponents(request))
        shown = [(one.fitness or 0.0, self._text(one, request.rules)) for one in best]
        most = len(request.opponents) + 1
        return prompts.attempts(shown, most, self._opponents(request), self._settings.better)

    def _shown(self, request: Request) -> Collection[str]:
        return {attempt.digest for attempt in self._best(request) if attempt.digest}

    def _best(self, request: Request) -> list[Candidate]:
        """The attempts that fought, the best first, each code once; of equal ones the earlier first."""
        own = (one for one in request.attempts if one.fitness is not None and not one.duplicate_of)
        return sorted(own, key=lambda one: -(one.fitness or 0.0))[: self._attempts]

    def _text(self, attempt: Candidate, rules: Rules) -> str:
        source = attempt.source or ""
        return self._code(attempt.warrior or assemble(source, rules), source, rules)


def build(config: RunConfig, log: CallLog) -> SequentialOperator:
    """The operator of ``config.operator`` and ``config.llm``; raises ConfigError as the llm operator does.

    It changes no parents, so all proposals must be new ones; and what it shows of earlier attempts is their score.
    """
    settings = from_mapping(Settings, config.operator, "operator")
    if config.new_share < 1:
        raise ConfigError(f"expected new_share=1 for operator=sequential, which has no parents, got {config.new_share}")
    if (show := (config.llm or {}).get("show", Show.NOTHING)) in (Show.STANDING, Show.BOTH):
        raise ConfigError(f"expected llm.show to be nothing or opponents for operator=sequential, got {show}")
    return SequentialOperator(*llm.connection(config, log), settings.attempts)
