"""The summary of a run: its starters and champions against the held-out warriors, and commands to look further."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from drq.battles.duels import Duel
from drq.battles.engine import Engine
from drq.battles.scoring import Outcome
from drq.errors import ConfigError
from drq.llm.calls import SILENT_AFTER
from drq.measurements import Cache, Conditions, against
from drq.opponents.held_out import held_out, shortage
from drq.opponents.names import find
from drq.store.database import CHAMPIONS_FOLDER, champion_path
from drq.store.reader import RunReader
from redcode import Rules, assemble
from redcode.commands.options import rule_flags
from redcode.text import plural, printable

STARTERS = 4
"""Starters that are shown; of a run with more none is, because measuring them takes longer than such a run."""
REASONS = 5
"""Reasons for failed calls that are listed; the others are counted together."""


def print_summary(run: RunReader, rules: Rules, engine: Engine, console: Console) -> None:
    """Print the table of starters and champions with their score against the built-in held-out warriors."""
    opponents, conditions = held_out(rules), Conditions(rules)
    crowned = {round: run.candidate(id) for round, id in run.champions().items() if id is not None}
    fitness = run.champion_fitness()
    starters = run.starters() if opponents and len(run.starters()) <= STARTERS else []
    sources = [*(starter.source for starter in starters), *(champion.source or "" for champion in crowned.values())]
    warriors = [assemble(source, rules) for source in sources]
    with closing(Cache(run.directory)) as cache:
        scores = [_score(duels) for duels in against(warriors, opponents, conditions, cache, engine)]
    fought = dict(zip(crowned, scores[len(starters) :], strict=True))
    table = Table(title="Champions")
    if opponents:
        count = plural(len(opponents), "held-out warrior")
        table.title = f"Champions against {count}, {conditions.placements} battles each"
    for column in ("round", "fitness", "written by", "defeats", "ties", "loses", "defeats+ties"):
        table.add_column(column, justify="left" if column == "written by" else "right", no_wrap=True)
    for starter, score in zip(starters, scores, strict=False):
        table.add_row("starter", "-", Text(printable(starter.name, 30)), *score)
    for round, id in run.champions().items():
        if id is None:
            table.add_row(str(round), "no champion")
            continue
        author = Text(f"{crowned[round].operator} {crowned[round].kind}")
        table.add_row(str(round), f"{fitness[round]:.3f}", author, *fought[round])
    console.print(table)
    if few := shortage(opponents, rules):
        console.print(few, markup=False, highlight=False, soft_wrap=True)
    begun = {starter.digest for starter in run.starters()}
    if met := [opponent.name for opponent in opponents if opponent.digest in begun]:
        names = printable(", ".join(met), 200)
        console.print(f"already met, as a starter of this run: {names}", markup=False, highlight=False, soft_wrap=True)
    print_models(run, console)


def _score(duels: Sequence[Duel]) -> list[str]:
    """How many opponents a warrior defeats, ties and loses to, and the share of both first."""
    if not duels:
        return ["-"] * 4
    counts = Counter(duel.outcome for duel in duels)
    good = counts[Outcome.DEFEATS] + counts[Outcome.TIES]
    return [*(str(counts[outcome]) for outcome in Outcome), f"{good / len(duels):.0%}"]


def print_models(run: RunReader, console: Console) -> None:
    """The results of each model that was asked."""
    tallies = run.calls.tally()
    table = Table(title="Models")
    for column in ("model", "proposals", "call failed", "assembled", "placed in the archive", "tokens", "cost"):
        table.add_column(column, justify="left" if column == "model" else "right")
    for row in tallies:
        counts = (row.proposals, row.failed, row.assembled, row.inserted, row.tokens)
        table.add_row(Text(row.model), *map(str, counts), f"{row.cost:.4f}" if row.cost else "-")
    if tallies:
        console.print(table)
    for row in tallies if len(tallies) > 1 else ():
        if SILENT_AFTER <= row.proposals == row.failed:
            line = f"every call of {row.model} failed, so it was no longer asked"
            console.print(line, markup=False, highlight=False, soft_wrap=True)
    failures = run.calls.failures()
    for reason, count in failures[:REASONS]:
        console.print(f"{plural(count, 'call')} failed: {reason}", markup=False, highlight=False, soft_wrap=True)
    if others := sum(count for _, count in failures[REASONS:]):
        console.print(f"{plural(others, 'call')} failed for other reasons", highlight=False)


def print_next(run: RunReader, rules: Rules, console: Console) -> None:
    """Print where the run's files are, and commands to look further."""
    folder = run.directory
    lines = [f"champions   {folder / CHAMPIONS_FOLDER}", f"everything  {run.path}"]
    if fighters := _worth_watching(run):
        words = ["redcode watch", rule_flags(rules), *map(_quoted, fighters)]
        lines.append(f"watch it    {' '.join(filter(None, words))} -o battle.html")
    lines.append(f"as a page   drq report {_quoted(folder)} -o report.html")
    lines.append(f"its figures drq analyze {_quoted(folder)} -o figures")
    for line in lines:
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def _worth_watching(run: RunReader) -> list[Path]:
    """The last champion and the first; for a single champion, the first starter if it is still there."""
    crowned = [round for round, id in run.champions().items() if id is not None]
    paths = [champion_path(run.directory / CHAMPIONS_FOLDER, round) for round in crowned]
    if len(paths) != 1:
        return paths[-1:] + paths[:1]
    try:
        return [*paths, Path(find(run.config()["starter"][0], "starter").texts[0].where)]
    except ConfigError:
        return paths


def _quoted(path: Path) -> str:
    """``path`` as an argument in a shell that no program reads as an option."""
    text = str(path)
    return shlex.quote(f"./{text}" if text.startswith("-") else text)
