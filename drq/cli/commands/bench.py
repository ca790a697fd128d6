"""``drq bench``: what evolution costs on this machine, measured on candidates that are the same in every version."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field
from importlib import resources
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
import numpy as np
from rich.console import Console

from drq.battles.duels import fight_duels
from drq.battles.engine import LocalEngine
from drq.battles.evaluate import Arena
from drq.battles.seating import Seating, draw_seating
from drq.candidate import Candidate
from drq.cli.progress_bar import bar
from drq.config import RunConfig
from drq.measurements.measure import PLACEMENTS
from drq.operators.base import Proposal, Request
from drq.operators.scripted import ScriptedOperator
from drq.opponents.held_out import held_out
from drq.opponents.names import Opponent
from drq.progress import Progress
from drq.randomness import Purpose, generator
from drq.run.provenance import provenance
from drq.run.round import Round, Services
from drq.store import RunStore
from redcode import ICWS94, Warrior, assemble
from redcode.commands.bench import machine_name
from redcode.machine.battle import BattleResult, processors

RECORD = "bench_run.json"
PAPER = RunConfig()
"""The run of Kumar 2026: 20 rounds of 8 + 250 candidates, one starter, all champions, 20 placements."""
REPEATS = 3
"""Times that the recorded rounds are fought; the fastest counts, because whatever else runs only makes it slower."""
OPPONENTS = (1, 3, 8, 18)
"""Numbers of opponents at which a candidate's cost is measured, for a run whose opponents grow in number."""
EVERY = 2
"""There, one in so many candidates is fought."""

EPILOG = """\b
Examples:
  drq bench
  drq bench --json
  drq bench --entry "what changed" >> docs/performance.md"""


@dataclass(frozen=True)
class Recorded:
    """Some candidates of a round, with its opponents and placements."""

    opponents: list[str]
    candidates: list[str]
    """Texts, like the opponents."""
    seating: Seating


def recorded_rounds() -> list[Recorded]:
    """The rounds of the shipped run, which is the same in every version."""
    run = json.loads(resources.files(__package__).joinpath(RECORD).read_text())
    seatings = [Seating(np.array(round["entrants"]), np.array(round["starts"])) for round in run["rounds"]]
    return [
        Recorded(run["opponents"][: seating.starts.shape[1] - 1], round["candidates"], seating)
        for round, seating in zip(run["rounds"], seatings, strict=True)
    ]


def with_opponents(number: int, rounds: Sequence[Recorded]) -> Recorded:
    """Some of the candidates of all ``rounds`` against the newest opponents, in placements of their own."""
    rng = generator(0, Purpose.PLACEMENTS, number)
    seating = draw_seating(rng, len(rounds[-1].seating.starts), number + 1, ICWS94)
    candidates = [text for round in rounds for text in round.candidates]
    return Recorded(rounds[-1].opponents[-number:], candidates[::EVERY], seating)


@dataclass(frozen=True)
class Cost:
    """What evolution costs with a number of threads."""

    candidates_per_second: float
    shares: dict[str, float]
    """Of that time, the share of each part, 0 to 1."""
    generality_seconds: float
    paper_minutes: float
    """The run of Kumar 2026, extrapolated."""


@dataclass(frozen=True)
class Benchmark:
    """Everything that ``bench`` measures."""

    version: str
    machine: str
    cores: int
    candidates: int
    opponents: tuple[int, int]
    """Fewest and most."""
    placements: int
    held_out: int
    costs: dict[int, Cost]
    """By the number of threads."""


@dataclass
class _Watch:
    """How long each part takes; the processor time of one thread, or the clock's time of several."""

    threads: int
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def timing(self, part: str) -> Iterator[None]:
        clock = time.process_time if self.threads == 1 else time.perf_counter
        began = clock()
        yield
        self.seconds[part] = self.seconds.get(part, 0.0) + clock() - began


@dataclass(frozen=True)
class _TimedEngine(LocalEngine):
    watch: _Watch = field(kw_only=True)

    def fight(self, *battles: Any) -> BattleResult:
        with self.watch.timing("battles"):
            return super().fight(*battles)


class _TimedStore(RunStore):
    watch: _Watch

    def write(self, candidate: Candidate) -> None:
        with self.watch.timing("store"):
            super().write(candidate)


class _TimedOperator(ScriptedOperator):
    """Proposes the recorded candidates in turn."""

    def __init__(self, sources: Sequence[str], watch: _Watch) -> None:
        super().__init__(lambda request: sources[request.iteration])
        self._watch = watch

    async def propose(self, request: Request) -> Proposal:
        source = str(self._script(request))
        with self._watch.timing("assembling"):
            warrior = assemble(source, request.rules)
        return Proposal(self.name, source, warrior=warrior)


@click.command(epilog=EPILOG)
@click.option("--entry", metavar="TEXT", help="Print a row for docs/performance.md; TEXT says what changed.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead.")
def command(entry: str | None, as_json: bool) -> None:
    """Measure what evolution costs: candidates a second, a warrior's generality, a whole run of the paper's size.

    The candidates and their opponents are those of a recorded run, so that versions compare. Compilation is not
    counted. One thread is timed in processor time, several by the clock, which is fair only on an idle machine.
    """
    with bar(Console(stderr=True)) as progress:
        benchmark = measure(recorded_rounds(), progress)
    if as_json:
        click.echo(json.dumps(asdict(benchmark), indent=2))
    else:
        click.echo("\n".join(table(benchmark)) if entry is None else row(benchmark, entry))


def measure(rounds: Sequence[Recorded], progress: Progress) -> Benchmark:
    """Measure everything, with one thread and with one a processor."""
    counts = sorted({1, processors()})
    done, total = count(1), len(counts) * (2 * REPEATS + len(OPPONENTS))

    def tell() -> None:
        progress("Measurements", next(done), total)

    fight_round(with_opponents(1, rounds), _Watch(1))  # compiles
    opponents = held_out(ICWS94)
    made_by = provenance({})
    return Benchmark(
        version=f"{made_by['software']['digital-red-queen']} {(made_by['git_commit'] or '')[:7]}".strip(),
        machine=machine_name(),
        cores=processors(),
        candidates=sum(len(round.candidates) for round in rounds),
        opponents=(len(rounds[0].opponents), len(rounds[-1].opponents)),
        placements=len(rounds[0].seating.starts),
        held_out=len(opponents),
        costs={threads: _cost(rounds, opponents, threads, tell) for threads in counts},
    )


def _cost(rounds: Sequence[Recorded], opponents: Sequence[Warrior], threads: int, tell: Callable[[], None]) -> Cost:
    best: dict[str, float] = {}
    for _ in range(REPEATS):
        watch = _Watch(threads)
        for round in rounds:
            fight_round(round, watch)
        best = min(best or watch.seconds, watch.seconds, key=lambda seconds: seconds["all"])
        tell()
    by_opponents = {}
    for number in OPPONENTS:
        part, watch = with_opponents(number, rounds), _Watch(threads)
        fight_round(part, watch)
        by_opponents[number] = watch.seconds["all"] / len(part.candidates)
        tell()
    generality = []
    for _ in range(REPEATS):
        generality.append(_generality_seconds(assemble(rounds[-1].opponents[-1], ICWS94), opponents, threads))
        tell()
    parts = {part: best[part] / best["all"] for part in ("battles", "assembling", "store")}
    return Cost(
        candidates_per_second=sum(len(round.candidates) for round in rounds) / best["all"],
        shares=parts | {"the rest": 1 - sum(parts.values())},
        generality_seconds=min(generality),
        paper_minutes=paper_minutes(by_opponents),
    )


def fight_round(recorded: Recorded, watch: _Watch) -> None:
    """Let the loop insert the recorded candidates; ``watch`` adds up the seconds of "all" and of its parts."""
    opponents = tuple(Opponent(assemble(text, ICWS94), text) for text in recorded.opponents)
    config = RunConfig(initial=len(recorded.candidates), iterations=0, placements=len(recorded.seating.starts))
    with TemporaryDirectory() as folder, closing(_TimedStore.open_or_create(Path(folder), {}, {}, [])) as store:
        store.watch = watch
        store.begin_invocation({})
        store.begin_round(0, [], [], [])
        operator, engine = _TimedOperator(recorded.candidates, watch), _TimedEngine(watch.threads, watch=watch)
        arena = Arena(tuple(opponent.warrior for opponent in opponents), recorded.seating, ICWS94)
        round = Round(0, opponents, arena, Services(config, operator, engine, store))
        with watch.timing("all"):
            asyncio.run(_run(round))


async def _run(round: Round) -> None:
    await round.run([], ())


def _generality_seconds(warrior: Warrior, opponents: Sequence[Warrior], threads: int) -> float:
    pairs = np.array([[0, i] for i in range(1, len(opponents) + 1)])
    watch = _Watch(threads)
    with watch.timing("all"):
        for _ in fight_duels([warrior, *opponents], pairs, ICWS94, PLACEMENTS, 0, LocalEngine(threads)):
            pass
    return watch.seconds["all"]


def paper_minutes(seconds: Mapping[int, float]) -> float:
    """Minutes of the run of Kumar 2026 from the ``seconds`` of a candidate by its number of opponents.

    Round t (from 0) has 1 + t opponents, which are also its seeds. Between two measured numbers the cost is taken as
    linear, and above the largest as constant: more opponents make a battle dearer and a candidate's life shorter.
    """
    known = sorted(seconds)
    opponents = np.arange(1, PAPER.rounds + 1)
    each = np.interp(opponents, known, [seconds[number] for number in known])
    return float(np.sum(each * (opponents + PAPER.initial + PAPER.iterations))) / 60


def table(benchmark: Benchmark) -> list[str]:
    """The benchmark as lines of text."""
    costs, (low, high) = benchmark.costs.values(), benchmark.opponents
    lines = [
        f"digital-red-queen {benchmark.version}, {benchmark.machine}, {benchmark.cores} processors. "
        f"{benchmark.candidates} candidates, {low} to {high} opponents, {benchmark.placements} placements.",
        "",
        _line("threads", [str(threads) for threads in benchmark.costs]),
        _line("candidates a second", [f"{cost.candidates_per_second:.1f}" for cost in costs]),
    ]
    for part in next(iter(costs)).shares:
        lines.append(_line(f"  {part}", [f"{cost.shares[part]:.1%}" for cost in costs]))
    generality = f"generality: {benchmark.held_out} held-out warriors, {PLACEMENTS} placements, s"
    lines.append(_line(generality, [f"{cost.generality_seconds:.2f}" for cost in costs]))
    size = f"{PAPER.rounds} rounds of {PAPER.initial + PAPER.iterations}, 1 to {PAPER.rounds} opponents, minutes"
    lines.append(_line(f"{size} (estimate)", [f"{cost.paper_minutes:.1f}" for cost in costs]))
    return lines


def _line(what: str, numbers: Sequence[str]) -> str:
    return f"{what:68}" + "".join(f"{number:>9}" for number in numbers)


def row(benchmark: Benchmark, what_changed: str) -> str:
    """The benchmark as a row of the table in docs/performance.md."""
    costs = benchmark.costs.values()
    numbers = (
        " / ".join(f"{cost.candidates_per_second:.1f}" for cost in costs),
        f"{next(iter(costs)).shares['battles']:.0%}",
        " / ".join(f"{cost.generality_seconds:.2f}" for cost in costs),
        " / ".join(f"{cost.paper_minutes:.1f}" for cost in costs),
    )
    machine = f"{benchmark.machine}, {benchmark.cores} processors"
    return f"| {' | '.join((benchmark.version, machine, *numbers, what_changed))} |"
