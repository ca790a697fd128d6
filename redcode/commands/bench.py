"""``redcode bench``: how fast this machine fights, beside other simulators on the same battles."""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import combinations
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import click
import numpy as np

from redcode.commands.progress import battle_progress
from redcode.commands.simulators import Duel, Fight, Outcome, find_exhaust, find_pmars, redcode_fight
from redcode.language.library import builtin, builtin_names
from redcode.machine.battle import fight_batch
from redcode.machine.placement import seed_from_integer, series
from redcode.machine.result import BattleResult
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
"""The built-in warriors that fight, all pairs of them."""
PARTS = 5
"""Parts of a measurement: in each, everything that is measured takes its turn; medians are reported."""
PLACEMENTS = 20
OPPONENTS = 200
MELEE = 21
"""Warriors of one DRQ evaluation."""

EXAMPLES = """
Examples:

\b
  redcode bench
  PMARS=~/pmars/pmars redcode bench
  redcode bench -r 10 --json
"""


@dataclass(frozen=True)
class Speed:
    """How fast one contestant fought all pairs."""

    name: str
    battles_per_second: float
    instructions_per_second: float
    """Of the battles as they are, also where a simulator found a way not to execute some of them."""
    ratio: float
    """Instructions a second over those of the first contestant."""
    differing: int | None
    """Pairs with other wins than the first contestant's; None where the rules differ."""


@dataclass(frozen=True)
class Report:
    """Everything that ``bench`` measures."""

    machine: str
    cores: int
    warriors: int
    rounds: int
    core_size: int
    max_cycles: int
    speeds: tuple[Speed, ...]
    evaluation_seconds: dict[int, float]
    """Threads to seconds of one DRQ evaluation: 21 warriors in one core, 20 placements, to the last cycle, measured."""
    generality_seconds: dict[int, float]
    """Threads to seconds of a warrior's generality: 200 opponents, 20 placements each."""


@click.command(epilog=EXAMPLES)
@click.option("-r", "rounds", type=click.IntRange(1, 10_000), default=100, show_default=True, help="Rounds of a pair.")
@click.option(
    "-c", "max_cycles", type=click.IntRange(1), default=ICWS94.max_cycles, show_default=True, help="Cycles of a round."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead.")
def command(rounds: int, max_cycles: int, as_json: bool) -> None:
    """Measure battles and instructions a second on all pairs of 14 built-in warriors.

    The same battles are fought by exhaust (pip install exhaust-ma) and by pMARS (a server build in PATH, or named by
    the environment variable PMARS) where they are installed, turn by turn with redcode. Compilation is not counted.
    One thread is timed in processor time, several by the clock, which is fair only on an idle machine.
    """
    report = measure(replace(ICWS94, max_cycles=max_cycles), rounds)
    click.echo(json.dumps(asdict(report), indent=2) if as_json else "\n".join(table(report)))


def measure(rules: Rules, rounds: int) -> Report:
    """Measure everything; shows a progress bar on a terminal."""
    warriors = [builtin(name, rules) for name in STYLES]
    threads = sorted({1, os.cpu_count() or 1})
    parts = _parts(len(warriors), rules, rounds)
    with TemporaryDirectory() as folder, battle_progress(len(parts), "Measuring") as progress:
        speeds = _speeds(_contestants(warriors, rules, threads, Path(folder)), parts, progress)
    return Report(
        machine=_machine(),
        cores=os.cpu_count() or 1,
        warriors=len(warriors),
        rounds=rounds,
        core_size=rules.core_size,
        max_cycles=rules.max_cycles,
        speeds=speeds,
        evaluation_seconds={count: _evaluation_seconds(rules, count) for count in threads},
        generality_seconds={count: _generality_seconds(rules, count) for count in threads},
    )


def _parts(warriors: int, rules: Rules, rounds: int) -> list[list[Duel]]:
    """All pairs, once a part, from positions of their own; their rounds add up to ``rounds``."""
    rng = np.random.default_rng(0)
    low, high = rules.min_distance, rules.core_size - rules.min_distance
    return [
        [Duel(pair, int(rng.integers(low, high + 1)), len(share)) for pair in combinations(range(warriors), 2)]
        for share in np.array_split(np.arange(rounds), min(PARTS, rounds))
    ]


def _contestants(warriors: Sequence[Warrior], rules: Rules, threads: Sequence[int], folder: Path) -> dict[str, Fight]:
    """By name: redcode in several ways, and the other simulators that are installed."""
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
    contestants: dict[str, Fight], parts: Sequence[Sequence[Duel]], progress: Callable[[int], None]
) -> tuple[Speed, ...]:
    """Let all take turns at each part; the first contestant is the measure of the others."""
    outcomes: dict[str, list[Outcome]] = {name: [] for name in contestants}
    for part in parts:
        for name, fight in contestants.items():
            outcomes[name].append(fight(part))
        progress(1)
    first = next(iter(outcomes.values()))
    speeds: list[Speed] = []
    for name, column in outcomes.items():
        work = list(zip(parts, column, first, strict=True))
        instructions = median((own.instructions or base.instructions or 0) / own.seconds for _, own, base in work)
        speeds.append(
            Speed(
                name=name,
                battles_per_second=median(sum(duel.rounds for duel in part) / own.seconds for part, own, _ in work),
                instructions_per_second=instructions,
                ratio=instructions / speeds[0].instructions_per_second if speeds else 1.0,
                differing=None
                if "to the end" in name
                else sum(a != b for _, own, base in work for a, b in zip(own.wins, base.wins, strict=True)),
            )
        )
    return tuple(speeds)


def _evaluation_seconds(rules: Rules, threads: int) -> float:
    """One DRQ evaluation."""
    pool = _classics(rules)[:MELEE]
    starts = series(MELEE, rules, seed_from_integer(0), PLACEMENTS)
    entrants = np.broadcast_to(np.arange(MELEE), starts.shape)
    return _median_seconds(lambda: fight_batch(pool, entrants, starts, rules, stop="all", threads=threads))


def _classics(rules: Rules) -> list[Warrior]:
    return [builtin(name, rules) for name in sorted((*builtin_names("starters"), *builtin_names("held_out")))]


def _generality_seconds(rules: Rules, threads: int) -> float:
    """One warrior against many: the built-in ones, and copies of them in which one field is another number."""
    rng = np.random.default_rng(0)
    classics = _classics(rules)
    pool = list(classics)
    while len(pool) <= OPPONENTS:
        code = list(pool[len(pool) % len(classics)].code)
        place = int(rng.integers(len(code)))
        code[place] = code[place]._replace(b=int(rng.integers(rules.core_size)))
        pool.append(replace(pool[len(pool) % len(classics)], code=tuple(code)))
    opponents = np.repeat(np.arange(1, OPPONENTS + 1), PLACEMENTS)
    entrants = np.stack([np.zeros_like(opponents), opponents], axis=1)
    starts = series(2, rules, seed_from_integer(0), len(entrants))
    return _median_seconds(
        lambda: fight_batch(pool, entrants, starts, rules, stop="last", threads=threads, measures=False)
    )


def _median_seconds(work: Callable[[], BattleResult]) -> float:
    seconds = []
    for _ in range(3):
        began = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - began)
    return median(seconds)


def table(report: Report) -> list[str]:
    """The report as lines of text."""
    first = report.speeds[0]
    width = max(len(speed.name) for speed in report.speeds)
    lines = [
        f"{report.machine}, {report.cores} cores. All pairs of {report.warriors} warriors, {report.rounds} rounds, "
        f"core {report.core_size}, {report.max_cycles} cycles.",
        "",
        f"{'':{width}}  battles/s  million instructions/s  speed",
    ]
    for speed in report.speeds:
        differing = f"  {speed.differing} results differ" if speed.differing else ""
        lines.append(
            f"{speed.name:{width}}  {speed.battles_per_second:9.0f}  {speed.instructions_per_second / 1e6:22.1f}  "
            f"{speed.ratio:5.2f}{differing}"
        )
    for name in ("exhaust", "pMARS"):
        rival = next((speed for speed in report.speeds if speed.name.startswith(name)), None)
        lines.append(
            f"{name} is not installed here." if rival is None else f"{first.name}: {1 / rival.ratio:.2f} x {name}"
        )
    for what, times in (
        (f"One DRQ evaluation ({MELEE} warriors, {PLACEMENTS} placements)", report.evaluation_seconds),
        (f"One generality ({OPPONENTS} opponents, {PLACEMENTS} placements)", report.generality_seconds),
    ):
        rows = (f"{seconds:.2f} s with {plural(count, 'thread')}" for count, seconds in times.items())
        lines.append(f"{what}: {', '.join(rows)}")
    return lines


def _machine() -> str:
    """The processor's name, as the system tells it."""
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()
