"""``operator=llm``: a language model writes the warriors.

A proposal is a function of its request and of the recorded calls (round, iteration, turn): a recorded call is never
made again, and everything that follows a reply is computed from its record, so that a replay gives the same.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Collection
from dataclasses import replace
from typing import Any

import numpy as np

from drq.candidate import Elite, Kind
from drq.config import RunConfig
from drq.errors import ConfigError, OperatorError
from drq.llm import prompts
from drq.llm.budget import Budget
from drq.llm.calls import SILENT_AFTER, Call, CallLog, Usage
from drq.llm.client import Answer, Client
from drq.llm.grammar import redcode_grammar
from drq.llm.local import LocalServer, check_installed
from drq.llm.models import model_file
from drq.llm.prompts import Show, Shown, Standing
from drq.llm.reply import Extract, extract
from drq.llm.secrets import Access, read_access
from drq.llm.settings import LlmSettings, Model
from drq.llm.slot import Messages, Pace
from drq.operators.base import Proposal, Request
from drq.plain import to_plain
from redcode import Rules, Warrior
from redcode.machine.battle import processors

MAX_SHOWN_SOURCE = 6000
"""Characters of a source that are shown as they are; a longer one is shown without its labels and comments."""


def build(config: RunConfig, log: CallLog) -> LlmOperator:
    """The operator of ``config.llm``; raises what ``connection`` raises."""
    return LlmOperator(*connection(config, log))


def connection(config: RunConfig, log: CallLog) -> tuple[LlmSettings, Access, CallLog, int]:
    """What an ``LlmOperator`` is made of, to ask the model of ``config.llm``; nothing is opened yet.

    Raises ConfigError for a wrong setting, a key that is missing or in the wrong place, or a missing model file.
    """
    if not config.llm:
        name = config.operator.get("name")
        raise ConfigError(f"expected settings of a model for operator={name}, got none: add llm=openai or llm=local")
    settings = LlmSettings.parse(config.llm)
    if settings.local_model is not None:
        check_installed()
        model_file(settings.local_model)
    access = read_access("llm", settings.api_key_env, settings.headers, settings.query)
    access.keep_out(to_plain(config))
    return settings, access, log, config.threads or processors()


class LlmOperator:
    """Asks a model for every proposal, and makes each call at most once in the life of the run."""

    name = "llm"

    def __init__(self, settings: LlmSettings, access: Access, log: CallLog, threads: int) -> None:
        """Open nothing yet; what ``log`` holds already counts against the budget. A local server has ``threads``."""
        self._settings = settings
        self._access = access
        self._log = log
        self._threads = threads
        self._recorded = log.usage()
        self._budget = Budget(settings, log)
        self._opening: asyncio.Future[Client] | None = None
        self._server: LocalServer | None = None
        self._client: Client | None = None
        self._unanswered = 0
        self._silent: tuple[str, ...] = ()
        self._pace: Pace | None = None

    @property
    def in_flight(self) -> int:
        """The lag of the pipeline."""
        return self._settings.in_flight

    @property
    def usage(self) -> Usage:
        """Totals over the life of the run, and what is under way."""
        spent = self._budget.spent
        return replace(
            self._recorded,
            in_flight=self._budget.in_flight,
            input_tokens=spent.input_tokens,
            output_tokens=spent.output_tokens,
            cost=spent.cost,
            silent=self._silent,
            call_s=self._pace.call_s(self._settings.max_tokens) if self._pace else None,
            trouble=self._client.trouble if self._client else None,
        )

    async def close(self) -> None:
        """Close the connections and stop the server that was started, if any."""
        try:
            if self._client is not None:
                await self._client.close()
        finally:
            if self._server is not None:
                self._server.stop()

    async def propose(self, request: Request) -> Proposal:
        """Ask for the warrior, and once more with the assembler's message where ``repair`` allows."""
        model = self._draw(request)
        seeds = request.rng.integers(2**31, size=2)
        messages, shown = await self.messages(request), self._shown(request)
        call = await self._turn(request, 0, model, messages, int(seeds[0]))
        found = _extract(call, request.rules, shown)
        if call.reply is not None and found.error is not None and self._settings.repair:
            messages.append({"role": "assistant", "content": call.reply[:MAX_SHOWN_SOURCE]})
            messages.append({"role": "user", "content": prompts.repair(found.error)})
            call = await self._turn(request, 1, model, messages, int(seeds[1]))
            repaired = _extract(call, request.rules, shown)
            found = found if repaired.source is None and found.source is not None else repaired
        error = None if found.source is not None else found.error
        return Proposal(self.name, found.source, error, found.warrior)

    async def messages(self, request: Request) -> list[dict[str, str]]:
        """What the model is told: the system prompt, which is the same for a whole run, and the question."""
        system = prompts.system_prompt(self._asked(request.rules), self._settings.grammar)
        return [
            {"role": "system", "content": system},
            {"role": "user", "content": await self._user_prompt(request)},
        ]

    def _draw(self, request: Request) -> Model:
        """One model by weight, without those that failed every call of the settled proposals."""
        models = self._settings.models
        if len(models) > 1:
            self._silent = self._log.silent(request.round, request.settled)
            models = tuple(model for model in models if model.name not in self._silent) or models
        weights = np.array([model.weight for model in models])
        return models[int(request.rng.choice(len(models), p=weights / weights.sum()))]

    def _shown(self, request: Request) -> Collection[str]:
        """Digests of the warriors that the user prompt shows to be changed: a reply that repeats one is no answer."""
        return {parent.warrior.digest for parent in request.parents}

    def _opponents(self, request: Request) -> str:
        """The opponents' code, where it is to be shown."""
        if self._settings.show not in (Show.OPPONENTS, Show.BOTH):
            return ""
        fielded = [Shown(o.warrior.name, self._code(o.warrior, o.source, request.rules)) for o in request.opponents]
        return prompts.opponents(fielded)

    async def _user_prompt(self, request: Request) -> str:
        show, better, shown = self._settings.show, self._settings.better, self._opponents(request)
        if request.kind is Kind.NEW:
            return prompts.new(shown)
        codes = [self._code(parent.warrior, parent.source, request.rules) for parent in request.parents]
        with_standing = show in (Show.STANDING, Show.BOTH)
        standings = [await _standing(parent, request) if with_standing else None for parent in request.parents]
        if request.kind is Kind.MUTATE:
            return prompts.mutate(codes[0], standings[0], shown, better)
        return prompts.crossover((codes[0], codes[1]), (standings[0], standings[1]), shown, better)

    def _asked(self, rules: Rules) -> Rules:
        """The rules as the model is told them."""
        return replace(rules, max_length=min(rules.max_length, self._settings.max_length or rules.max_length))

    def _code(self, warrior: Warrior, source: str, rules: Rules) -> str:
        short = len(source) <= MAX_SHOWN_SOURCE and not self._settings.grammar
        return source if short else prompts.bare(warrior, rules)

    async def _turn(self, request: Request, turn: int, model: Model, messages: Messages, seed: int) -> Call:
        """The recorded call, or a new one, recorded the moment it is over."""
        recorded = self._log.find(request.round, request.iteration, turn)
        if recorded is not None:
            return recorded
        extra_body = dict(self._settings.extra_body or {})
        if self._settings.grammar:
            extra_body.setdefault("grammar", redcode_grammar(self._asked(request.rules)))
        if self._settings.seed:
            extra_body["seed"] = seed
        client = await self._open(messages)
        async with self._budget.hold(request.round, request.iteration, turn, client.most(model, messages)) as hold:
            answer = await client.ask(model, messages, extra_body, hold, request.stop)
            call = self._call(request, turn, model, messages, extra_body, answer)
            hold.record(call, messages[0]["content"], answer.lost)
        self._count(call.error)
        return call

    async def _open(self, first: Messages) -> Client:
        """The client, made for the first request; if that fails, it fails for all."""
        if self._opening is None:
            self._opening = asyncio.ensure_future(self._connect(first))
        return await asyncio.shield(self._opening)  # a request that is cancelled takes no other with it

    async def _connect(self, first: Messages) -> Client:
        """The client; a local server reads the system prompt before it gets ``first``, the first request."""
        settings = self._settings
        if settings.base_url is not None:
            self._client = Client(settings, settings.base_url, self._access, self._any_answer)
            return self._client
        assert settings.local_model is not None  # one of the two is given
        self._server = LocalServer(model_file(settings.local_model), settings.context, self._threads)
        base_url = await asyncio.to_thread(self._server.start)
        client = self._client = Client(settings, base_url, self._access, self._any_answer, self._server)
        alike = [client.sent([first[0], {"role": "user", "content": text}]) for text in ("0", "1")]
        self._pace = await asyncio.to_thread(self._server.read, alike, client.sent(first))
        return client

    @property
    def _any_answer(self) -> bool:
        """Whether any call of the run was answered."""
        return self._recorded.done > self._recorded.failed

    def _call(
        self, request: Request, turn: int, model: Model, messages: Messages, extra_body: dict[str, Any], answer: Answer
    ) -> Call:
        completion = answer.completion
        system, *rest = messages
        options = {"temperature": self._settings.temperature, self._settings.max_tokens_name: self._settings.max_tokens}
        if "grammar" in extra_body:
            extra_body = extra_body | {"grammar": f"sha256:{_sha256(extra_body['grammar'])}"}
        return Call(
            round=request.round,
            iteration=request.iteration,
            turn=turn,
            requested_model=model.name,
            resolved_model=completion.model,
            system_hash=_sha256(system["content"]),
            messages=json.dumps(rest),
            options=self._access.scrub(json.dumps(options | extra_body, sort_keys=True)),
            reply=completion.text,
            finish_reason=completion.finish_reason,
            error=completion.error,
            input_tokens=answer.spent.input_tokens,
            output_tokens=answer.spent.output_tokens,
            cost=answer.spent.cost,
            attempts=answer.attempts,
            started_at=answer.started_at,
            duration_s=answer.duration_s,
        )

    def _count(self, error: str | None) -> None:
        """Keep the totals; raises OperatorError where too many calls in a row have failed, for whatever reason."""
        done, failed = self._recorded.done + 1, self._recorded.failed + (error is not None)
        self._recorded = replace(self._recorded, done=done, failed=failed)
        if error is None:
            self._unanswered = 0
            return
        self._unanswered += 1
        most = self._settings.max_failures if self._any_answer else min(self._settings.max_failures, SILENT_AFTER)
        if self._unanswered >= most:  # it can be more, because several calls may be under way
            raise OperatorError(f"no answer to {most} calls in a row, the last time: {error}")


def _extract(call: Call, rules: Rules, shown: Collection[str]) -> Extract:
    if call.reply is None:
        return Extract(None, f"call failed: {call.error}")
    return extract(call.reply, rules, shown, cut_off=call.finish_reason == "length")


async def _standing(parent: Elite, request: Request) -> Standing:
    names = [opponent.warrior.name for opponent in request.opponents]
    return Standing(parent.fitness, list(zip(names, await request.opponent_shares(parent.warrior), strict=True)))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
