"""The last words of a run: its champions against the held-out warriors, and where to look next."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from drq.champions import FOLDER, champion_path
from drq.duels import duels, tally
from drq.engine import Engine
from drq.held_out import HELD_OUT_BATTLES, HELD_OUT_SEED, held_out
from drq.scoring import Outcome
from drq.store import RunStore
from redcode import Rules, assemble
from redcode.text import plural, printable

REASONS = 5
"""Reasons for failed calls that are told apart."""


def print_summary(store: RunStore, rules: Rules, engine: Engine, console: Console) -> None:
    """Print the table of champions with their score against the built-in held-out warriors."""
    opponents = held_out(rules)
    table = Table(title=f"Champions against {len(opponents)} held-out warriors, {HELD_OUT_BATTLES} battles each")
    for column in ("round", "fitness", "written by", "defeats", "ties", "loses", "defeats+ties"):
        table.add_column(column, justify="left" if column == "written by" else "right", no_wrap=True)
    for round, id in store.champions().items():
        if id is None:
            table.add_row(str(round), "no champion")
            continue
        candidate = store.candidate(id)
        assert candidate.source is not None
        counts = dict.fromkeys(Outcome, 0)
        if opponents:
            warrior = assemble(candidate.source, rules)
            counts = tally(duels(warrior, opponents, rules, HELD_OUT_BATTLES, HELD_OUT_SEED, engine))
        good = counts[Outcome.DEFEATS] + counts[Outcome.TIES]
        table.add_row(
            str(round),
            f"{store.evaluation(id).fitness:.3f}",
            Text(f"{candidate.operator} {candidate.kind}"),
            *(str(counts[result]) for result in (Outcome.DEFEATS, Outcome.TIES, Outcome.LOSES)),
            f"{good / len(opponents):.0%}" if opponents else "-",
        )
    console.print(table)
    fought = {starter.digest for starter in store.starters()}
    if met := [opponent.name for opponent in opponents if opponent.digest in fought]:
        names = printable(", ".join(met), 200)
        console.print(f"not unseen, for the run began with it: {names}", markup=False, highlight=False, soft_wrap=True)
    _print_models(store, console)
    _print_next(store, console)


def _print_models(store: RunStore, console: Console) -> None:
    """How each model that was asked has fared; nothing where none was."""
    tallies = store.calls.tally()
    table = Table(title="Models")
    for column in ("model", "proposals", "call failed", "assembled", "placed in the archive", "tokens", "cost"):
        table.add_column(column, justify="left" if column == "model" else "right")
    for row in tallies:
        counts = (row.proposals, row.failed, row.assembled, row.placed, row.tokens)
        table.add_row(Text(row.model), *map(str, counts), f"{row.cost:.4f}" if row.cost else "-")
    if tallies:
        console.print(table)
    failures = store.calls.failures()
    for reason, count in failures[:REASONS]:
        console.print(f"{plural(count, 'call')} failed: {reason}", markup=False, highlight=False, soft_wrap=True)
    if others := sum(count for _, count in failures[REASONS:]):
        console.print(f"{plural(others, 'call')} failed for other reasons", highlight=False)


def _print_next(store: RunStore, console: Console) -> None:
    folder = store.directory
    champions = [champion_path(folder / FOLDER, round) for round, id in store.champions().items() if id is not None]
    lines = [f"champions   {folder / FOLDER}", f"everything  {store.path}"]
    if champions:
        lines.append(f"watch it    redcode watch {champions[-1]} {champions[0]} -o battle.html")
    lines += [f"as a page   drq report {folder} -o report.html", f"its figures drq analyze {folder} -o figures"]
    for line in lines:
        console.print(line, markup=False, highlight=False, soft_wrap=True)
