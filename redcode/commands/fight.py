"""``redcode fight``: battles with pMARS's flags, printed as pMARS prints them."""

from __future__ import annotations

import json
from collections.abc import Sequence

import click
import numpy as np
from numpy.typing import NDArray

from redcode.commands.options import find_warriors, position_options, rules_options
from redcode.commands.progress import battle_progress
from redcode.commands.show import show
from redcode.errors import BattleError
from redcode.language.disassembler import listing
from redcode.machine.battle import fight
from redcode.machine.placement import (
    alternating,
    combinations,
    permuted_series,
    seed_from_code,
    seed_from_integer,
    seed_from_position,
    series,
)
from redcode.machine.result import BattleResult
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
"""


@click.command(epilog=EXAMPLES)
@click.argument("names", metavar="WARRIOR...", nargs=-1, required=True)
@click.option("-r", "rounds", type=click.IntRange(0, MAX_ROUNDS), help="Rounds to fight.  [default: 1; all with -P]")
@rules_options
@position_options
@click.option("-f", "from_code", is_flag=True, help="Take the start positions from the warriors' code.")
@click.option("-P", "permute", is_flag=True, help="Visit every start position of two warriors, each moving first once.")
@click.option("-b", "brief", is_flag=True, help="Do not list the warriors.")
@click.option("-k", "koth", is_flag=True, help="Print the numbers only, in the format of the KotH hills.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead.")
def command(
    names: tuple[str, ...],
    rounds: int | None,
    rules: Rules,
    position: int | None,
    seed: int,
    from_code: bool,
    permute: bool,
    brief: bool,
    koth: bool,
    as_json: bool,
) -> None:
    """Fight the warriors and print the results as pMARS does.

    A WARRIOR is a file, - for standard input, or the name of a built-in warrior. With neither -F nor -f
    the positions come from --seed, so that a battle can be repeated. For two warriors the results are the wins of each
    and the ties; for more, the rounds that each survived with 1, 2, ... survivors, and its losses.
    """
    rounds = _round_count(len(names), rules, rounds, permute)
    warriors = find_warriors(names, rules, rounds)
    for name, warrior in zip(names, warriors, strict=True):
        for warning in warrior.warnings:
            click.echo(f"{name}: warning: {warning}", err=True)
    first_number = _first_number(warriors, rules, position, seed, from_code)
    starts, order = _rounds(len(names), rules, rounds, first_number, position is not None, permute)
    if not brief and not as_json:
        for warrior in warriors:
            show(listing(warrior, rules))
    if not rounds and not as_json:
        return
    with battle_progress(len(starts), "Fighting") as progress:
        result = fight(
            warriors,
            rules,
            starts=starts,
            order=order,
            stop="last" if len(warriors) > 1 else "all",
            measures=False,
            progress=progress,
        )
    rows = survivals(result)
    if as_json:
        click.echo(json.dumps(_as_json(names, warriors, rows, result), indent=2))
    else:
        show("\n".join([*(koth_lines(rows) if koth else result_lines(warriors, rows)), ""]))


def _first_number(warriors: Sequence[Warrior], rules: Rules, position: int | None, seed: int, from_code: bool) -> int:
    """The number that the series of positions starts from."""
    if position is None:
        return seed_from_code(warriors) if from_code else seed_from_integer(seed)
    if from_code:
        raise BattleError("expected -f or -F, got both")
    return seed_from_position(position, rules)


def _round_count(warriors: int, rules: Rules, rounds: int | None, permute: bool) -> int:
    """How many rounds to fight where ``-r`` asked for ``rounds``."""
    if permute and warriors != 2:
        raise BattleError(f"expected two warriors with -P, got {warriors}")
    if rounds is not None:
        return rounds
    return combinations(rules) if permute else 1


def _rounds(
    warriors: int, rules: Rules, rounds: int, number: int, at_position: bool, permute: bool
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Start addresses and order of each round, both (rounds, warriors)."""
    if not permute:
        return series(warriors, rules, number, rounds), alternating(rounds, warriors)
    if at_position:
        number *= 2  # each position has two combinations, and -F means the first of them
    return permuted_series(rules, number, rounds)


def survivals(result: BattleResult) -> list[list[int]]:
    """For each warrior the rounds it survived with 1, 2, … survivors, and the rounds it lost."""
    survivors = result.survived.sum(axis=1)
    warriors = result.survived.shape[1]
    rows = []
    for survived, losses in zip(result.survived.T, result.losses, strict=True):
        counts = np.bincount(survivors[survived], minlength=warriors + 1)[1:]
        rows.append([*counts.tolist(), int(losses)])
    return rows


def score(row: Sequence[int]) -> int:
    """Points by the hills' formula: (W x W - 1) / S, rounded down, for a round of W warriors that S survive."""
    warriors = len(row) - 1
    return sum((warriors**2 - 1) // alive * rounds for alive, rounds in enumerate(row[:-1], 1))


def result_lines(warriors: Sequence[Warrior], rows: Sequence[Sequence[int]]) -> list[str]:
    """Names, scores and rounds, as pMARS prints them."""
    lines = []
    for warrior, row in zip(warriors, rows, strict=True):
        lines.append(f"{warrior.name} by {warrior.author} scores {score(row)}")
        if len(rows) > 2:
            lines.append("  Results: " + " ".join(map(str, row)))
    if len(rows) == 2:
        lines.append(f"Results: {rows[0][0]} {rows[1][0]} {rows[0][1]}")
    return lines


def koth_lines(rows: Sequence[Sequence[int]]) -> list[str]:
    """The numbers alone (``-k``): wins and ties of two warriors; score, survivals and losses of more."""
    if len(rows) == 2:
        return [f"{row[0]} {row[1]}" for row in rows]
    return [" ".join(map(str, [score(row), *row])) for row in rows]


def _as_json(
    names: Sequence[str], warriors: Sequence[Warrior], rows: Sequence[Sequence[int]], result: BattleResult
) -> dict[str, object]:
    return {
        "rounds": len(result.cycles),
        "cycles": int(result.cycles.sum()),
        "warriors": [
            {
                "file": name,
                "name": warrior.name,
                "author": warrior.author,
                "digest": warrior.digest,
                "score": score(row),
                "survived": row[:-1],
                "lost": row[-1],
                "alive_share": float(shares.mean()) if shares.size else None,
            }
            for name, warrior, row, shares in zip(names, warriors, rows, result.alive_share.T, strict=True)
        ],
    }
