"""What a run with a model will come to, as far as it can be known before its first call."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from drq.candidate import Candidate, Elite, Evaluation, Kind
from drq.cli.extent import duration, expected_calls
from drq.llm.secrets import Access
from drq.llm.settings import LlmSettings
from drq.operators.base import Request
from drq.operators.llm import LlmOperator
from drq.operators.sequential import SequentialOperator
from drq.run.run import Run
from drq.store.call_store import CallStore
from redcode.warrior import Warrior

REPLY_S = 10.0
"""Seconds that a reply is supposed to take where nothing is known of the endpoint."""

_TOKEN = re.compile(r"\n| {2,}|[^\W\d_]+|\d|[^\w\s]|_")


def tokens(text: str) -> int:
    """About how many tokens ``text`` is: one for each word, digit, sign, indentation and line end.

    For our prompts this is within a seventh of what the tokenizers of Qwen2.5 and Gemma 3 count.
    """
    return len(_TOKEN.findall(text))


@dataclass(frozen=True)
class Forecast:
    """The calls of a whole run; starters stand for the champions, parents and attempts that it will have."""

    run: Run

    @property
    def calls(self) -> int:
        """Calls of the run, without repairs; 0 where no model is asked."""
        return expected_calls(self.run.config) if self.run.config.llm else 0

    @cached_property
    def settings(self) -> LlmSettings:
        """Those of the model; raises ConfigError where they are wrong or none are given."""
        return LlmSettings.parse(self.run.config.llm or {})

    @cached_property
    def shares(self) -> dict[Kind, float]:
        """The expected share of each kind among the proposals; kinds that do not occur are left out."""
        config = self.run.config
        later = config.iterations / (config.initial + config.iterations) * (1 - config.new_share)
        mixed = later * config.crossover_share
        shares = {Kind.NEW: 1 - later, Kind.MUTATE: later - mixed, Kind.CROSSOVER: mixed}
        return {kind: share for kind, share in shares.items() if share > 0}

    def prompts(self, round: int) -> dict[Kind, list[dict[str, str]]]:
        """The messages of each kind in that round."""
        operator = self._operator()
        return {kind: asyncio.run(operator.messages(self._request(kind, round))) for kind in self.shares}

    def _operator(self) -> LlmOperator:
        """The one that will ask; it has no key, because nothing is asked."""
        parts = (self.settings, Access(), CallStore.in_memory(), 1)
        own = self.run.config.operator
        return SequentialOperator(*parts, own["attempts"]) if own["name"] == "sequential" else LlmOperator(*parts)

    def _request(self, kind: Kind, round: int) -> Request:
        config, starters = self.run.config, self.run.starters
        past = round if config.history is None else min(config.history, round)
        opponents = (*starters, *(starters[i % len(starters)] for i in range(past)))
        longest = max(starters, key=lambda starter: len(starter.source))
        parent = Elite(0, longest.source, longest.warrior, Evaluation(1.0, 1.0, {}, ()), 1.0)
        parents = (parent,) * {Kind.NEW: 0, Kind.MUTATE: 1, Kind.CROSSOVER: 2}[kind]

        async def even(warrior: Warrior) -> tuple[float, ...]:
            return (1.0,) * len(opponents)

        rng = np.random.default_rng(0)
        made = Candidate(0, round, 0, kind, "", (), parent.source, evaluation=parent.evaluation)
        attempts = (made.assembled(parent.warrior),) * (config.initial + config.iterations)
        return Request(round, 0, kind, parents, opponents, config.rules, rng, attempts, opponent_shares=even)

    def prompt_tokens(self, round: int) -> float:
        """Tokens of a prompt of that round, on average over the kinds."""
        told = self.prompts(round)
        return sum(
            share * sum(tokens(message["content"]) for message in told[kind]) for kind, share in self.shares.items()
        )

    @cached_property
    def read(self) -> int:
        """Input tokens of the whole run."""
        rounds = range(self.run.config.rounds)
        return int(self.calls * sum(map(self.prompt_tokens, rounds)) / len(rounds))

    @property
    def written(self) -> int:
        """Output tokens of the whole run if every reply is as long as it may be."""
        return self.calls * self.settings.max_tokens

    def cost(self, read: int, written: int, cached: int = 0) -> float:
        """What these tokens cost at the stated prices, shared out among the models by weight."""
        models = self.settings.models
        total = sum(model.weight for model in models)
        return sum(
            model.weight / total * (model.prices or self.settings.prices).cost(read, written, cached)
            for model in models
        )

    @cached_property
    def _system(self) -> str:
        return next(iter(self.prompts(0).values()))[0]["content"]

    def told(self) -> Iterator[str]:
        """The prompts of round 0 for people."""
        if not self.calls:
            return
        yield f"--- system prompt, in every call\n{self._system}\n"
        for kind, messages in self.prompts(0).items():
            yield f"--- {kind}: {self.shares[kind]:.0%} of the proposals\n{messages[1]['content']}\n"
        yield "--- a starter stands for each parent, attempt and champion, and 1.00 for each score"

    def lines(self) -> Iterator[str]:
        """The numbers for people."""
        if not self.calls:
            yield "calls    0: no model is asked"
            return
        settings, last = self.settings, self.run.config.rounds - 1
        yield (
            f"calls    {self.calls}, and as many again for repairs at most"
            if settings.repair
            else f"calls    {self.calls}"
        )
        first_tokens, last_tokens = self.prompt_tokens(0), self.prompt_tokens(last)
        yield f"prompt   about {first_tokens:.0f} tokens in round 0, {last_tokens:.0f} in round {last}"
        yield f"read     about {self.read} tokens"
        yield f"written  at most {self.written} tokens, {settings.max_tokens} a reply"
        yield from self._money(tokens(self._system) * self.calls)
        at_once = max(1, min(settings.in_flight, self.calls))
        if settings.base_url is None:
            yield "time     measured here when the run begins, and said before its first call"
        else:
            whole = duration(self.calls * REPLY_S / at_once)
            yield f"time     {whole} if a reply takes {REPLY_S:.0f} s, {at_once} at once"
        yield "A token is estimated as a word, a digit, a sign, an indentation or a line end. No call was made."

    def _money(self, cached: int) -> Iterator[str]:
        settings = self.settings
        if not self.cost(self.read, self.written):
            yield "cost     unknown without llm.prices, such as llm.prices='{input: 0.4, output: 1.6}' for a million"
        else:
            least, most = self.cost(self.read, 0), self.cost(self.read, self.written)
            yield f"cost     {least:.2f} for what is read, {most:.2f} if every reply is as long as it may be"
            if any((model.prices or settings.prices).cached is not None for model in settings.models):
                yield f"         {self.cost(self.read, 0, cached):.2f} for what is read if the system prompt is cached"
        given = {name: getattr(settings, name) for name in ("max_calls", "max_tokens_total", "max_cost")}
        budgets = ", ".join(f"llm.{name}={value}" for name, value in given.items() if value is not None)
        yield f"budget   {budgets or 'none: llm.max_cost or llm.max_calls sets one'}"
