"""Options that several subcommands share, with pMARS's names."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import Any

import click

from redcode.language.assembler import assemble, load, read_source
from redcode.language.library import builtin, builtin_names, name_hint
from redcode.machine.keyed import keyed_numbers
from redcode.machine.placement import (
    Numbers,
    park_miller,
    seed_from_integer,
    seed_from_position,
    seed_from_text,
    series,
)
from redcode.rules import ICWS94, Rules, Standard
from redcode.warrior import Warrior

Command = Callable[..., Any]
MAX_DIGITS = 12
"""Of a position; more digits are too large in any case."""

_RULE_FLAGS: tuple[tuple[str, str, int | None, str], ...] = (
    ("-s", "core_size", ICWS94.core_size, "Cells in the core."),
    ("-c", "max_cycles", ICWS94.max_cycles, "Cycles until a tie."),
    ("-p", "max_processes", ICWS94.max_processes, "Most processes of a warrior."),
    ("-l", "max_length", ICWS94.max_length, "Most instructions of a warrior."),
    ("-d", "min_distance", None, "Cells between the starts of two warriors.  [default: as -l]"),
    ("-S", "pspace_size", None, "Cells of p-space.  [default: a sixteenth of the core]"),
)

_POSITION_HELP = (
    "Address of the second of two warriors in the first round. Beyond the last possible address (core size minus "
    "distance) counting starts again at the first, as in pMARS. A text that is no number is the key of a series."
)


def rules_options(command: Command) -> Command:
    """Add ``-s -c -p -l -d -S -8`` to a command; it receives one argument ``rules``."""

    @wraps(command)
    def with_rules(*args: Any, icws88: bool, **options: Any) -> Any:
        fields = {field: options.pop(field) for _, field, _, _ in _RULE_FLAGS}
        if fields["min_distance"] is None:
            fields["min_distance"] = fields["max_length"]
        standard = Standard.ICWS88 if icws88 else Standard.ICWS94
        return command(*args, rules=Rules(standard=standard, **fields), **options)

    decorated = click.option("-8", "icws88", is_flag=True, help="Accept the instructions of ICWS'88 only.")(with_rules)
    for flag, field, default, text in reversed(_RULE_FLAGS):
        add = click.option(flag, field, type=int, default=default, show_default=default is not None, help=text)
        decorated = add(decorated)
    return decorated


def rule_flags(rules: Rules) -> str:
    """The options of ``rules_options`` that give ``rules``, as a user types them; empty for ICWS94."""
    plain = {field: default for _, field, default, _ in _RULE_FLAGS} | {"min_distance": rules.max_length}
    flags = [
        f"{flag} {getattr(rules, field)}" for flag, field, _, _ in _RULE_FLAGS if getattr(rules, field) != plain[field]
    ]
    return " ".join(flags + ["-8"] * (rules.standard is Standard.ICWS88))


def position_options(command: Command) -> Command:
    """Add ``-F`` and ``--seed`` to a command; it receives ``position: str | None`` and ``seed: int``."""
    for add in (
        click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=0, help="Seed of the start positions."),
        click.option("-F", "position", help=_POSITION_HELP),
    ):
        command = add(command)
    return command


def random_numbers(warriors: int, rules: Rules, position: str | None, seed: int) -> tuple[int, Numbers]:
    """First number of the series of positions, and what gives the next; raises BattleError for a wrong ``position``."""
    if position is None:
        return seed_from_integer(seed), park_miller
    if position.isascii() and position.isdecimal():
        return seed_from_position(int(position[:MAX_DIGITS]), rules), park_miller
    text = os.fsencode(position)
    return seed_from_text(text, warriors, rules), keyed_numbers(text)


def first_starts(warriors: int, rules: Rules, position: str | None, seed: int) -> list[int]:
    """Load addresses of the first round; raises BattleError if the core has no room for the warriors."""
    number, following = random_numbers(warriors, rules, position, seed)
    return [int(address) for address in series(warriors, rules, number, 1, following)[0]]


def find_warriors(names: Sequence[str], rules: Rules, rounds: int = 1) -> list[Warrior]:
    """The warriors of a match: for each name the file, or else the built-in warrior; - is standard input.

    Raises click.BadParameter if neither exists or - comes twice, and what :func:`redcode.load` raises.
    """
    if names.count("-") > 1:
        raise click.BadParameter("expected - once, got it twice: standard input is read as one warrior")
    return [_find_warrior(name, rules, len(names), rounds, index == 0) for index, name in enumerate(names)]


def _find_warrior(name: str, rules: Rules, warriors: int, rounds: int, first: bool) -> Warrior:
    if name == "-":
        source = read_source(sys.stdin.buffer)
        return assemble(source, rules, warriors=warriors, rounds=rounds, first=first, path="<stdin>")
    path = Path(name)
    if path.exists() and not path.is_dir():  # a pipe is readable, though it is no regular file
        return load(name, rules, warriors=warriors, rounds=rounds, first=first)
    if name in builtin_names():
        return builtin(name, rules, warriors=warriors, rounds=rounds)
    raise click.BadParameter(f"expected a file or the name of a built-in warrior, got {name!r}: {name_hint(name)}")
