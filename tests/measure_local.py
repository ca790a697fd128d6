"""What a call of a local model costs, and whether battles and the model share the processors.

``python -m tests.measure_local MODEL [CALLS]`` with a known model or a GGUF file prints two tables. The first: the same
requests on one thread with the whole prompt read for each call, and as ``llm=local`` serves them, in turn. The second:
battles alone, the model alone, and both at once, in turn. The clock is fair only on an idle machine; processor seconds
are those of the server.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from drq.llm import prompts
from drq.llm.grammar import redcode_grammar
from drq.llm.local import LocalServer
from drq.llm.models import model_file
from drq.opponents.names import load_warriors
from redcode import ICWS94, fight
from redcode.machine.battle import processors

RULES = replace(ICWS94, max_length=20)
WARRIORS = [starter.warrior for starter in load_warriors(("dwarf", "imp_ring", "paper", "stone"), ICWS94, "starter")]
PHASE_S = 15.0


def request(number: int) -> dict[str, Any]:
    """To change one of the warriors, as a run asks."""
    system = {"role": "system", "content": prompts.system_prompt(RULES, grammar=True)}
    user = {"role": "user", "content": prompts.mutate(prompts.bare(WARRIORS[number % len(WARRIORS)], ICWS94))}
    reply = {"max_tokens": 300, "temperature": 1.0, "seed": number, "grammar": redcode_grammar(RULES)}
    return {"messages": [system, user], **reply}


class Served:
    """One server and the ways to ask it."""

    def __init__(self, model: str, threads: int) -> None:
        self.server = LocalServer(model_file(model), 4096, threads)
        self.url = self.server.start()

    def read(self) -> None:
        """Save the state after the system prompt."""
        system, first = request(0)["messages"]
        alike = [[system, {"role": "user", "content": text}] for text in ("0", "1")]
        print(f"once a run: {self.server.read(alike, [system, first])}")

    def ask(self, body: dict[str, Any]) -> int:
        """The number of tokens in the reply."""
        data, head = json.dumps(body).encode(), {"Content-Type": "application/json"}
        asked = urllib.request.Request(f"{self.url}/chat/completions", data, head)
        with urllib.request.urlopen(asked) as response:
            return int(json.load(response)["usage"]["completion_tokens"])

    def turn(self, body: dict[str, Any]) -> int:
        """The same from the saved state."""

        async def ask() -> int:
            async with self.server.turn():
                return await asyncio.to_thread(self.ask, body)

        return asyncio.run(ask())

    def processor_s(self) -> float:
        """Processor seconds of the server so far."""
        assert self.server._process is not None
        with open(f"/proc/{self.server._process.pid}/stat") as file:  # noqa: PTH123
            fields = file.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def calls(before: Served, now: Served, count: int) -> None:
    """The first table."""
    for number in range(count):
        whole, from_state = request(number) | {"cache_prompt": False}, request(number)
        for name, served, ask in (
            ("before", before, lambda: before.ask(whole)),  # noqa: B023 - called at once
            ("now", now, lambda: now.turn(from_state)),  # noqa: B023
        ):
            used, began = served.processor_s(), time.monotonic()
            written = ask()
            clock, used = time.monotonic() - began, served.processor_s() - used
            print(f"{name:6} {clock:6.1f} s by the clock, {used:5.1f} processor seconds, {written} tokens", flush=True)


def beside(served: Served) -> None:
    """The second table."""

    def until(end: float, step: Callable[[int], int]) -> float:
        done = number = 0
        began = time.monotonic()
        while time.monotonic() < end:
            done += step(number)
            number += 1
        return done / (time.monotonic() - began)

    def battles(number: int) -> int:
        fight(WARRIORS, ICWS94, battles=8, seed=number)
        return 8

    def model(number: int) -> int:
        return served.turn(request(number) | {"max_tokens": 20})

    battles(0)
    for sides in ([battles], [model], [battles, model]) * 2:
        end = time.monotonic() + PHASE_S
        with ThreadPoolExecutor() as pool:
            rates = list(pool.map(lambda step: until(end, step), sides))  # noqa: B023
        units = {battles: "battles", model: "tokens"}
        pairs = zip(sides, rates, strict=True)
        print(", ".join(f"{rate:.1f} {units[step]} a second" for step, rate in pairs), flush=True)


def main() -> None:
    """Measure and print."""
    model, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 5
    before, now = Served(model, threads=1), Served(model, threads=processors())
    try:
        now.read()
        print(f"load {os.getloadavg()[0]:.1f} on {processors()} processors")
        calls(before, now, count)
        beside(now)
        print(f"load {os.getloadavg()[0]:.1f}")
    finally:
        before.server.stop()
        now.server.stop()


if __name__ == "__main__":
    main()
