"""``redcode fight``: battles with pMARS's options and output."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray

from redcode.commands.options import find_warriors, position_options, random_numbers, rules_options
from redcode.commands.parameters import PmarsCommand
from redcode.commands.progress import progress_bar
from redcode.commands.scores import HILL_FORMULA, Row, koth_lines, points, result_lines, score_rows
from redcode.commands.show import show
from redcode.errors import BattleError
from redcode.language.disassembler import listing
from redcode.machine.battle import Stop, fight
from redcode.machine.match import fight_with_limits
from redcode.machine.placement import (
    MAX_POSITION,
    Numbers,
    alternating,
    combinations,
    park_miller,
    permuted_series,
    seed_from_code,
    series,
)
from redcode.machine.reference import Limits
from redcode.machine.result import BattleResult
from redcode.pictures.trace_file import write_trace
from redcode.rules import Rules
from redcode.warrior import Warrior

MAX_ROUNDS = 1_000_000

EXAMPLES = """
Examples:

\b
  redcode fight imp dwarf -r 100
  redcode fight -b -k -r 250 -F 4000 mine.red other.red
  redcode fight -b -P mine.red other.red
  redcode fight -s 800 -c 8000 -p 800 -l 20 a.red b.red c.red --json
  redcode fight -@ hill.opt -= "(W*W-1)/S" -o a.red b.red c.red
  redcode fight -b -T battle.trace imp dwarf
"""


@click.command(cls=PmarsCommand, epilog=EXAMPLES)
@click.argument("names", metavar="WARRIOR...", nargs=-1, required=True)
@click.option("-r", "rounds", type=click.IntRange(0, MAX_ROUNDS), help="Rounds to fight.  [default: 1; all with -P]")
@rules_options
@position_options
@click.option("-f", "from_code", is_flag=True, help="Take the start positions from the warriors' code.")
@click.option("-P", "permute", is_flag=True, help="Visit every position of two warriors twice: each moves first once.")
@click.option("-b", "brief", is_flag=True, help="Do not list the warriors.")
@click.option("-k", "koth", is_flag=True, help="Print the numbers only, in the format of the KotH hills.")
@click.option("-o", "by_score", is_flag=True, help="Print the highest score first; not with -k.")
@click.option(
    "-=", "formula", default=HILL_FORMULA, show_default=True, help="Points of each survivor: S survive of W warriors."
)
@click.option(
    "-T", "trace", type=click.Path(dir_okay=False), help="Write every step to a file; redcode watch plays it."
)
@click.option("-@", metavar="FILE", expose_value=False, help="Read options and names from a file; - is standard input.")
@click.option("-R", "read_limit", type=int, help="Read limit, a divisor of the core size; slow.  [default: as -s]")
@click.option("-W", "write_limit", type=int, help="Write limit, a divisor of the core size; slow.  [default: as -s]")
@click.option("-V", is_flag=True, expose_value=False, help="Accepted for scripts of pMARS; has no effect.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead.")
def command(
    names: tuple[str, ...],
    rounds: int | None,
    rules: Rules,
    position: str | None,
    seed: int,
    from_code: bool,
    permute: bool,
    brief: bool,
    koth: bool,
    by_score: bool,
    formula: str,
    trace: str | None,
    read_limit: int | None,
    write_limit: int | None,
    as_json: bool,
) -> None:
    """Fight the warriors and print the results as pMARS does.

    A WARRIOR is a file, - for standard input, or the name of a built-in warrior. Without -F and -f the start positions
    come from --seed, so the same command gives the same battle. With two warriors the results are the wins of each and
    the ties; with more, the rounds that each survived with 1, 2, ... survivors, and its losses. They equal those of
    pMARS 0.9.4.
    """
    limits = _limits(rules, read_limit, write_limit)
    per_round = points(formula, len(names))
    rounds = _round_count(len(names), rules, rounds, permute)
    warriors = find_warriors(names, rules, rounds)
    for name, warrior in zip(names, warriors, strict=True):
        for warning in warrior.warnings:
            click.echo(f"{name}: warning: {warning}", err=True)
    number, following = _random_numbers(warriors, rules, position, seed, from_code)
    starts, order = _rounds(len(names), rules, rounds, number, following, position is not None, permute)
    if not brief and not as_json:
        for warrior in warriors:
            show(listing(warrior, rules))
    if not rounds and not as_json:
        return
    stop: Stop = "last" if len(warriors) > 1 else "all"
    if limits:
        click.echo(
            "Read and write limits need the reference interpreter: a million instructions take about ten seconds.",
            err=True,
        )
    with progress_bar(len(starts), "Fighting") as progress:
        if limits:
            result = fight_with_limits(warriors, rules, limits, starts, order, stop, progress)
        else:
            result = fight(warriors, rules, starts=starts, order=order, stop=stop, measures=False, progress=progress)
    if trace is not None:
        with progress_bar(len(starts), "Tracing") as progress, Path(trace).open("w", encoding="utf-8") as file:
            write_trace(file, warriors, rules, starts, order, stop, progress, limits)
    rows = score_rows(warriors, result, per_round)
    if len(rows) == 1 and not as_json:  # in pMARS a warrior alone always survives
        rows = [rows[0]._replace(survived=[rounds], lost=0, score=per_round[0] * rounds)]
    if as_json:
        click.echo(json.dumps(_as_json(names, rows, result), indent=2))
    else:
        show("\n".join([*(koth_lines(rows) if koth else result_lines(rows, by_score)), ""]))


def _limits(rules: Rules, read: int | None, write: int | None) -> Limits | None:
    """The read and write limit; None if both are the core size, which limits nothing.

    Raises BattleError for a limit that does not divide the core size, as pMARS refuses it.
    """
    size = rules.core_size
    for flag, limit in (("-R", read), ("-W", write)):
        if limit is not None and (limit < 1 or size % limit):
            raise BattleError(f"expected {flag} to be a divisor of the core size {size}, got {limit}")
    limits = Limits(size if read is None else read, size if write is None else write)
    return None if limits == (size, size) else limits


def _random_numbers(
    warriors: Sequence[Warrior], rules: Rules, position: str | None, seed: int, from_code: bool
) -> tuple[int, Numbers]:
    """First number of the series of positions, and what gives the next."""
    if from_code and position is not None:
        raise BattleError("expected -f or -F, got both")
    if from_code:
        return seed_from_code(warriors), park_miller
    return random_numbers(len(warriors), rules, position, seed)


def _round_count(warriors: int, rules: Rules, rounds: int | None, permute: bool) -> int:
    """Number of rounds to fight; ``rounds`` is the value of ``-r``."""
    if permute and warriors != 2:
        raise BattleError(f"expected two warriors with -P, got {warriors}")
    if rounds is not None:
        return rounds
    return combinations(rules) if permute else 1


def _rounds(
    warriors: int, rules: Rules, rounds: int, number: int, following: Numbers, at_position: bool, permute: bool
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Start addresses and order of each round, both (rounds, warriors)."""
    if not permute:
        return series(warriors, rules, number, rounds, following), alternating(rounds, warriors)
    if at_position:
        if number >= MAX_POSITION:
            raise BattleError(f"expected -F with -P to be a text that pMARS reads as less, got {number}: take another")
        number *= 2  # each position has two combinations; -F names the first one
    return permuted_series(rules, number, rounds, following)


def _as_json(names: Sequence[str], rows: Sequence[Row], result: BattleResult) -> dict[str, object]:
    return {
        "rounds": len(result.cycles),
        "cycles": int(result.cycles.sum()),
        "warriors": [
            {
                "file": name,
                "name": row.warrior.name,
                "author": row.warrior.author,
                "digest": row.warrior.digest,
                "score": row.score,
                "survived": row.survived,
                "lost": row.lost,
                "alive_share": float(shares.mean()) if shares.size else None,
            }
            for name, row, shares in zip(names, rows, result.alive_share.T, strict=True)
        ],
    }
