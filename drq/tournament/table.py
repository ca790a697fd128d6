"""A tournament on the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from drq.opponents.entries import Dropped, Skipped, Why
from drq.tournament.settings import Format
from drq.tournament.standings import DuelStanding, Standing, Tournament
from redcode.text import plural, printable

LINES = 40
"""Warriors shown; the files have all."""
SKIPPED_LINES = 10
NAMES = 5
"""Names shown of those that share a line."""
NAME = 60
"""Characters shown of a warrior's name."""


def print_tournament(tournament: Tournament, console: Console) -> None:
    """Print the standings, what was skipped, and what is not to be called generality."""
    melee = tournament.format is Format.MELEE
    table = Table(title=_title(tournament), caption=None if melee else _CAPTION, caption_justify="left")
    for column in _MELEE_COLUMNS if melee else _COLUMNS:
        if column == "warrior":  # the one that gives way where the terminal is narrow
            table.add_column(column, overflow="fold")
        else:
            table.add_column(column, justify="right", no_wrap=True)
    for line in tournament.standings[:LINES]:
        table.add_row(Text(short_name(line.warrior)), *_cells(line))
    console.print(table)
    if len(tournament.standings) > LINES:
        say(console, f"and {plural(len(tournament.standings) - LINES, 'more warrior')}: give out=DIR for all")
    say_left_out(tournament.skipped, tournament.dropped, console)
    _say_met(tournament, console)


def say_left_out(skipped: Sequence[Skipped], dropped: Sequence[Dropped], console: Console) -> None:
    """Print which files and warriors did not fight, and why."""
    if skipped:
        say(console, f"skipped as not assembling under these rules: {plural(len(skipped), 'file')}")
        for file in skipped[:SKIPPED_LINES]:
            say(console, f"  {printable(file.message, 180)}")
        if len(skipped) > SKIPPED_LINES:
            say(console, f"  and {len(skipped) - SKIPPED_LINES} more")
    for why in Why:
        if names := [warrior.name for warrior in dropped if warrior.why is why]:
            say(console, f"{why}: {plural(len(names), 'warrior')}: {_first(names)}")


_COLUMNS = ("warrior", "W/T/L %", "score", "fitness", "D/T/L", "generality")
_CAPTION = (
    "W/T/L: battles won, tied, lost. score: mean of 3 W% + T%. D/T/L: opponents defeated, tied, lost to by fitness. "
    "generality: share of opponents defeated or tied, with its 95 % interval."
)
_MELEE_COLUMNS = ("warrior", "W/T/L", "points per battle", "fitness", "95 %")


def _cells(line: Standing) -> tuple[str, ...]:
    counts = (line.wins, line.battle_ties, line.losses)
    if isinstance(line, DuelStanding):
        low, high = line.generality_interval.low, line.generality_interval.high
        return (
            "/".join(f"{100 * count / sum(counts):.0f}" for count in counts),
            f"{line.score:.1f}",
            f"{line.fitness:.3f}",
            f"{line.defeats}/{line.ties}/{line.opponents - line.defeats - line.ties}",
            f"{line.generality:.0%} ({low:.0%}-{high:.0%})",
        )
    low, high = line.fitness_interval.low, line.fitness_interval.high
    return "/".join(map(str, counts)), f"{line.score:.2f}", f"{line.fitness:.3f}", f"{low:.2f}-{high:.2f}"


def _title(tournament: Tournament) -> str:
    warriors, battles = plural(len(tournament.standings), "warrior"), plural(tournament.placements, "battle")
    if tournament.format is Format.MELEE:
        return f"{warriors} in one core, {battles}"
    most = max(line.opponents for line in tournament.standings)
    return f"{warriors}, one on one against {plural(most, 'other')}, {battles} per pair"


def _say_met(tournament: Tournament, console: Console) -> None:
    """Opponents that the evolution fought are not unseen, so what is won against them is not generality."""
    met = sorted({row.opponent for row in tournament.pairs if row.met_in_evolution})
    if met:
        count = plural(len(met), "opponent")
        say(console, f"not unseen, fought in the evolution of a warrior here: {count}: {_first(met)}")
        say(console, "  the columns unseen_defeats and unseen_ties of standings.csv leave them out")


def _first(names: Sequence[str]) -> str:
    return ", ".join(map(short_name, names[:NAMES])) + (" …" if len(names) > NAMES else "")


def short_name(text: str) -> str:
    """The text, or its end where it is long, because the seed and the round stand there."""
    return printable(text if len(text) <= NAME else f"…{text[1 - NAME :]}")


def say(console: Console, line: str) -> None:
    """Print ``line`` as it is."""
    console.print(line, markup=False, highlight=False, soft_wrap=True)
