"""What racing saves and what it costs: ``python -m tests.measure_racing [SEEDS [FIRST ERROR]]``.

Ten seeds take three minutes of a processor. FIRST and ERROR are the settings of racing, 5 and .05 if not given.

For each seed one round against the built-in starters is evolved twice, without and with racing, on one thread. Compared
are their champions at equal candidates, and at equal processor time: with racing the round goes on for more candidates
until it has cost as much. A champion's fitness is that of 400 placements that no run fights, the same ones for a seed.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import numpy as np

from drq.battles.engine import LocalEngine
from drq.battles.evaluate import draw_arena, evaluate
from drq.config import RacingConfig, RunConfig
from drq.operators import build
from drq.opponents.names import load_warriors
from drq.run.observer import Inserted, Observer
from drq.run.red_queen import RedQueen
from drq.run.round import Services
from drq.store import RunStore
from drq.store.reader import Starter
from drq.student import t_quantile
from redcode import assemble
from redcode.machine.battle import BattleResult

OPERATOR = {"name": "genetic", "in_flight": 8}
"""Eight candidates are one batch, so that the stages of a race do not cost more calls of the kernel."""
CONFIG = RunConfig(
    rounds=1, iterations=100, starter=("starters",), new_share=0.3, crossover_share=0.2, operator=OPERATOR
)
MORE = 1.8
"""How many times as many iterations a round with racing has at most."""
PLACEMENTS = 400


class Cost(NamedTuple):
    """What a round has cost up to one candidate."""

    seconds: float
    """Processor time, with assembling and the store."""
    battles: int
    instructions: int


class Counting(Observer):
    """Fights in one thread, and notes the cost up to each candidate."""

    def __init__(self) -> None:
        self.costs: dict[int, Cost] = {}
        self._began, self._battles, self._instructions = time.process_time(), 0, 0

    def fight(self, *battles: Any) -> BattleResult:
        """Each warrior executes one instruction in each cycle until its death or the battle's end."""
        result = LocalEngine(1).fight(*battles)
        self._battles += len(result.cycles)
        self._instructions += int(np.minimum(result.death_cycle, result.cycles[:, None]).sum())
        return result

    def inserted(self, event: Inserted) -> None:
        """Note the cost."""
        self.costs[event.iteration] = Cost(time.process_time() - self._began, self._battles, self._instructions)


class Evolved(NamedTuple):
    """A round: its cost by iteration, and the candidates that may be champion, in order."""

    costs: dict[int, Cost]
    contenders: list[tuple[int, float, str]]
    """Iteration, fitness and text."""

    def champion(self, before: int) -> str:
        """Text of the fittest of the candidates before that iteration."""
        return max((one for one in self.contenders if one[0] < before), key=lambda one: (one[1], -one[0]))[2]


def evolved(config: RunConfig) -> Evolved:
    """The round of ``config``."""
    starters, counting = load_warriors(config.starter, config.rules, "starter"), Counting()
    rows = [Starter(starter.warrior.name, starter.warrior.digest, starter.source) for starter in starters]
    with TemporaryDirectory() as folder, closing(RunStore.open_or_create(Path(folder), {}, {}, rows)) as store:
        services = Services(config, build(config, store.calls), counting, store, counting)
        asyncio.run(RedQueen(starters, services).run())
        found = zip(*store.contenders(0), strict=True)
        texts = [(int(i), float(fitness), store.find(0, int(i))) for i, fitness in found]
        return Evolved(counting.costs, [(i, fitness, one.source or "") for i, fitness, one in texts if one])


class Compared(NamedTuple):
    """One seed."""

    fitness: list[float]
    """True one of the champions without racing, with it, and with it in equal time."""
    without: Cost
    with_racing: Cost
    """Of as many candidates."""
    more: float
    """How many times as many candidates racing fights in equal time."""


def compare(seed: int, racing: RacingConfig) -> Compared:
    """Both rounds of a seed."""
    config = replace(CONFIG, seed=seed)
    more = replace(config, racing=racing, iterations=int(MORE * config.iterations))
    plain, raced = evolved(config), evolved(more)
    end = config.initial + config.iterations
    within = [i for i, cost in raced.costs.items() if cost.seconds <= plain.costs[end - 1].seconds]
    champions = [plain.champion(end), raced.champion(end), raced.champion(max(within) + 1)]
    opponents = tuple(starter.warrior for starter in load_warriors(config.starter, config.rules, "starter"))
    arena = draw_arena(np.random.default_rng((20_260_001, seed)), PLACEMENTS, opponents, config)
    texts = list(dict.fromkeys(champions))
    fought = evaluate([assemble(text, config.rules) for text in texts], arena, LocalEngine(1))
    fitness = [fought[texts.index(text)].fitness for text in champions]
    shown = ", ".join(f"{one:.3f}" for one in fitness)
    print(f"seed {seed}: {shown}; {max(within) + 1} candidates in the time of {end}", flush=True)
    return Compared(fitness, plain.costs[end - 1], raced.costs[end - 1], (max(within) + 1) / end)


def interval(values: Sequence[float]) -> str:
    """Mean and 95 % interval over seeds (Student's t)."""
    mean, n = float(np.mean(values)), len(values)
    half = t_quantile(0.975, n - 1) * float(np.std(values, ddof=1)) / np.sqrt(n)
    return f"{mean:.3f} ({mean - half:.3f} to {mean + half:.3f})"


def main(seeds: int = 10, *racing: float) -> None:
    """Print the table."""
    config = RacingConfig(int(racing[0]), racing[1]) if racing else RacingConfig()
    evolved(replace(CONFIG, iterations=0))  # compiles
    found = [compare(seed, config) for seed in range(seeds)]
    fitness = np.array([one.fitness for one in found])
    for name in Cost._fields:
        ratios = [getattr(one.with_racing, name) / getattr(one.without, name) for one in found]
        print(f"{name} with racing, share of those without: {interval(ratios)}")
    print(f"candidates in equal processor time, times as many: {interval([one.more for one in found])}")
    print(f"fitness without racing: {interval(fitness[:, 0].tolist())}")
    print(f"with racing, equal candidates, difference: {interval((fitness[:, 1] - fitness[:, 0]).tolist())}")
    print(f"with racing, equal processor time, difference: {interval((fitness[:, 2] - fitness[:, 0]).tolist())}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]), *map(float, sys.argv[2:4]))
