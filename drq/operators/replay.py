"""A recorded run, made again without a network: its own operator, answered from its recorded calls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import Any

from drq import operators
from drq.config import RunConfig
from drq.errors import OperatorError
from drq.llm.calls import NOTHING, Amount, Call, CallLog, Usage
from drq.operators.base import Operator, Proposal, Request
from drq.plain import from_mapping
from drq.store.reader import RunReader, reading


@dataclass(frozen=True)
class Settings:
    """``operator=replay``."""

    name: str
    run: str
    """Directory of the recorded run."""
    of: dict[str, Any]
    """The recorded run's operator; filled in from its record."""


class ReplayLog:
    """Finds calls in a recorded run, and copies them into the log of this one."""

    def __init__(self, log: CallLog, run: Path) -> None:
        self._log = log
        self._run = run
        self._store: RunReader | None = None

    def find(self, round: int, iteration: int, turn: int) -> Call:
        """The recorded call; raises OperatorError if the record has no such call."""
        if own := self._log.find(round, iteration, turn):
            return own
        if self._store is None:
            self._store = RunReader.open(self._run)
        recorded = self._store.calls
        call = recorded.find(round, iteration, turn)
        if call is None:
            raise OperatorError(f"the recorded run ends here: it has no call for round {round}, iteration {iteration}")
        self._log.add(call, recorded.prompt(call.system_hash))
        return call

    def silent(self, round: int, iteration: int) -> tuple[str, ...]:
        """Among the calls that were replayed so far."""
        return self._log.silent(round, iteration)

    def reserve(self, round: int, iteration: int, turn: int, most: Amount) -> int:
        """Never called, as the next two, because every call is found."""
        raise AssertionError(f"a replay made a call of its own at {round}, {iteration}, {turn}")

    def amend(self, reservation: int, amount: Amount) -> None:
        """Never called."""
        raise AssertionError(f"a replay changed reservation {reservation}")

    def add(self, call: Call, system_prompt: str, reservation: int | None = None, lost: Amount = NOTHING) -> None:
        """Never called."""
        raise AssertionError(f"a replay made a call of its own at {call.round}, {call.iteration}, {call.turn}")

    def usage(self) -> Usage:
        """Totals over what was replayed so far."""
        return self._log.usage()

    def close(self) -> None:
        """Close the recorded run."""
        if self._store is not None:
            self._store.close()


class ReplayOperator:
    """The recorded operator, and the log from which it is answered."""

    name = "replay"

    def __init__(self, operator: Operator, log: ReplayLog) -> None:
        self._operator = operator
        self._log = log
        self.in_flight = operator.in_flight

    @property
    def usage(self) -> Usage | None:
        """Of what was replayed so far."""
        return self._operator.usage

    async def propose(self, request: Request) -> Proposal:
        """As the recorded operator does."""
        return await self._operator.propose(request)

    async def close(self) -> None:
        """Close the operator, then the recorded run."""
        try:
            await self._operator.close()
        finally:
            self._log.close()


def replayed(directory: Path, engine: dict[str, Any], threads: int | None) -> RunConfig:
    """The configuration of the run in ``directory`` with its operator replayed, fought on ``engine``.

    Where a clock ended the run, the rounds are those that it ended. Raises StoreError where there is no run.
    """
    with reading(directory) as run:
        recorded = run.run_config()
        if recorded.minutes is not None:
            recorded = replace(recorded, rounds=max(1, len(run.champions())), minutes=None)
    of = recorded.operator.get("of", recorded.operator)
    operator = {"name": "replay", "run": str(directory), "of": of}
    return replace(recorded, operator=operator, engine=engine, threads=threads)


def build(config: RunConfig, log: CallLog) -> ReplayOperator:
    """The recorded operator over a ReplayLog."""
    settings = from_mapping(Settings, config.operator, "operator")
    offline = replace(config, operator=settings.of, llm=_offline(config.llm) if config.llm else None)
    replay = ReplayLog(log, Path(settings.run))
    return ReplayOperator(operators.build(offline, replay), replay)


def _offline(llm: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of a model that will not be asked: no key to read, no model file to find."""
    settings = {**llm, "base_url": "http://replay.invalid", "api_key_env": None, "headers": None, "query": None}
    if gguf := settings.pop("gguf", None):
        settings["model"] = settings.get("model") or PurePath(gguf).name
    return settings
