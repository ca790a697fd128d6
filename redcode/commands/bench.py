"""``redcode bench``: how fast redcode and other simulators fight the same battles on this machine."""

from __future__ import annotations

import json
import platform
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import combinations
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import click
import numpy as np

from redcode.commands.progress import progress_bar
from redcode.commands.simulators import Fight, Pairing, Timing, find_exhaust, find_pmars, redcode_fight
from redcode.language.library import builtin
from redcode.machine.battle import processors
from redcode.rules import ICWS94, Rules
from redcode.text import plural
from redcode.warrior import Warrior

STYLES = (
    "carpet_bomber",
    "core_clear",
    "dwarf",
    "gate_bomber",
    "imp_ring",
    "imp_spiral",
    "mice",
    "paper",
    "paper_stone",
    "quick_scan",
    "scanner",
    "stone_imp",
    "twin_stone",
    "vampire",
)
"""The built-in warriors whose pairs fight."""
PARTS = 5
"""Parts of the measurement. All simulators fight one part before the next begins; medians are shown."""

EXAMPLES = """
Examples:

\b
  redcode bench
  PMARS=~/pmars/pmars redcode bench
  redcode bench -r 10 --json
"""


@dataclass(frozen=True)
class Speed:
    """How fast one simulator fought all pairs."""

    name: str
    battles_per_second: float
    instructions_per_second: float
    """Instructions of the whole battles, even if the simulator skips some of them."""
    ratio: float
    """Instructions per second, relative to the first simulator."""
    differing: int | None
    """Pairs whose wins differ from those of the first simulator; None if the rules differ."""


@dataclass(frozen=True)
class Benchmark:
    """Everything that ``bench`` measures."""

    machine: str
    cores: int
    warriors: int
    rounds: int
    core_size: int
    max_cycles: int
    speeds: tuple[Speed, ...]


@click.command(epilog=EXAMPLES)
@click.option("-r", "rounds", type=click.IntRange(1, 10_000), default=100, show_default=True, help="Rounds per pair.")
@click.option(
    "-c", "max_cycles", type=click.IntRange(1), default=ICWS94.max_cycles, show_default=True, help="Cycles per round."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead.")
def command(rounds: int, max_cycles: int, as_json: bool) -> None:
    """Measure battles and instructions per second on all pairs of 14 built-in warriors.

    If exhaust (pip install exhaust-ma) or pMARS (a server build in PATH, or named by the environment variable PMARS)
    is installed, it takes turns with redcode at the same battles. The time to compile is left out. One thread is timed
    in processor time, several threads by the clock, which is fair only on an idle machine.
    """
    benchmark = measure(replace(ICWS94, max_cycles=max_cycles), rounds)
    click.echo(json.dumps(asdict(benchmark), indent=2) if as_json else "\n".join(table(benchmark)))


def measure(rules: Rules, rounds: int) -> Benchmark:
    """Measure everything; shows a progress bar on a terminal."""
    warriors = [builtin(name, rules) for name in STYLES]
    threads = sorted({1, processors()})
    parts = _parts(len(warriors), rules, rounds)
    with TemporaryDirectory() as folder, progress_bar(len(parts), "Measuring") as progress:
        speeds = _speeds(_simulators(warriors, rules, threads, Path(folder)), parts, progress)
    return Benchmark(
        machine=machine_name(),
        cores=processors(),
        warriors=len(warriors),
        rounds=rounds,
        core_size=rules.core_size,
        max_cycles=rules.max_cycles,
        speeds=speeds,
    )


def _parts(warriors: int, rules: Rules, rounds: int) -> list[list[Pairing]]:
    """All pairs once per part, each from a position of its own; the rounds of a pair add up to ``rounds``."""
    rng = np.random.default_rng(0)
    low, high = rules.min_distance, rules.core_size - rules.min_distance
    return [
        [Pairing(pair, int(rng.integers(low, high + 1)), len(share)) for pair in combinations(range(warriors), 2)]
        for share in np.array_split(np.arange(rounds), min(PARTS, rounds))
    ]


def _simulators(warriors: Sequence[Warrior], rules: Rules, threads: Sequence[int], folder: Path) -> dict[str, Fight]:
    """By name: redcode in several settings, and the other simulators that are installed."""
    rows: dict[str, Fight | None] = {}
    for count in threads:
        rows[f"redcode, {plural(count, 'thread')}"] = redcode_fight(warriors, rules, "last", False, count)
    rows["exhaust, 1 thread"] = find_exhaust(warriors, rules)
    rows["pMARS, 1 thread"] = find_pmars(warriors, rules, folder)
    for count in threads:
        rows[f"redcode, {plural(count, 'thread')}, to the end, all measures"] = redcode_fight(
            warriors, rules, "all", True, count
        )
    return {name: fight for name, fight in rows.items() if fight is not None}


def _speeds(
    simulators: dict[str, Fight], parts: Sequence[Sequence[Pairing]], progress: Callable[[int], None]
) -> tuple[Speed, ...]:
    """Let all simulators fight each part in turn, and compare them with the first one."""
    timings: dict[str, list[Timing]] = {name: [] for name in simulators}
    for part in parts:
        for name, fight in simulators.items():
            timings[name].append(fight(part))
        progress(1)
    first = next(iter(timings.values()))
    speeds: list[Speed] = []
    for name, column in timings.items():
        work = list(zip(parts, column, first, strict=True))
        instructions = median((own.instructions or base.instructions or 0) / own.seconds for _, own, base in work)
        battles = median(sum(pairing.rounds for pairing in part) / own.seconds for part, own, _ in work)
        speeds.append(
            Speed(
                name=name,
                battles_per_second=battles,
                instructions_per_second=instructions,
                ratio=instructions / speeds[0].instructions_per_second if speeds else 1.0,
                differing=None
                if "to the end" in name
                else sum(a != b for _, own, base in work for a, b in zip(own.wins, base.wins, strict=True)),
            )
        )
    return tuple(speeds)


def table(benchmark: Benchmark) -> list[str]:
    """The benchmark as lines of text."""
    first = benchmark.speeds[0]
    width = max(len(speed.name) for speed in benchmark.speeds)
    lines = [
        f"{benchmark.machine}, {plural(benchmark.cores, 'core')}. All pairs of {benchmark.warriors} warriors, "
        f"{benchmark.rounds} rounds, core {benchmark.core_size}, {benchmark.max_cycles} cycles.",
        "",
        f"{'':{width}}  battles/s  million instructions/s  speed",
    ]
    for speed in benchmark.speeds:
        differing = f"  {speed.differing} results differ" if speed.differing else ""
        lines.append(
            f"{speed.name:{width}}  {speed.battles_per_second:9.0f}  {speed.instructions_per_second / 1e6:22.1f}  "
            f"{speed.ratio:5.2f}{differing}"
        )
    for name in ("exhaust", "pMARS"):
        ratios = [speed.ratio for speed in benchmark.speeds if speed.name.startswith(name)]
        lines += [f"{first.name}: {1 / ratio:.2f} x {name}" for ratio in ratios] or [f"{name} is not installed here."]
    return lines


def machine_name() -> str:
    """Name of the processor, as the system gives it."""
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()
