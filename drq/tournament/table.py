"""A tournament on the terminal."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from drq.tournament.settings import Mode
from drq.tournament.standings import Standing, Tournament
from redcode.text import printable

LINES = 40
"""Warriors shown; the files have all."""
SKIPPED_LINES = 10


def print_tournament(tournament: Tournament, console: Console) -> None:
    """Print the standings, what was skipped, and what is not to be called generality."""
    melee = tournament.mode is Mode.MELEE
    table = Table(title=_title(tournament), caption=None if melee else _CAPTION, caption_justify="left")
    for column in _MELEE_COLUMNS if melee else _COLUMNS:
        table.add_column(column, justify="left" if column == "warrior" else "right", no_wrap=True)
    for line in tournament.standings[:LINES]:
        table.add_row(Text(printable(line.warrior, 40)), *(_melee_cells if melee else _cells)(line))
    console.print(table)
    if len(tournament.standings) > LINES:
        _say(console, f"and {len(tournament.standings) - LINES} more warriors: give out=DIR for all")
    if tournament.skipped:
        _say(console, f"skipped, for they do not assemble under these rules: {len(tournament.skipped)} files")
        for file in tournament.skipped[:SKIPPED_LINES]:
            _say(console, f"  {printable(file.name, 60)}: {printable(file.reason, 120)}")
        if len(tournament.skipped) > SKIPPED_LINES:
            _say(console, f"  and {len(tournament.skipped) - SKIPPED_LINES} more")
    _say_met(tournament, console)


_COLUMNS = ("warrior", "W/T/L %", "score", "fitness", "D/T/L", "generality")
_CAPTION = (
    "W/T/L: battles won, tied, lost. score: mean of 3 W% + T%. D/T/L: opponents defeated, tied, lost to by fitness. "
    "generality: share of opponents defeated or tied, with its 95 % interval."
)
_MELEE_COLUMNS = ("warrior", "W/T/L", "points a battle", "fitness", "95 %")


def _cells(line: Standing) -> tuple[str, ...]:
    counts = (line.wins, line.battle_ties, line.losses)
    return (
        "/".join(f"{100 * count / sum(counts):.0f}" for count in counts),
        f"{line.score:.1f}",
        f"{line.fitness:.3f}",
        f"{line.defeats}/{line.ties}/{line.opponents - line.defeats - line.ties}",
        f"{(line.defeats + line.ties) / line.opponents:.0%} ({line.generality.low:.0%}-{line.generality.high:.0%})",
    )


def _melee_cells(line: Standing) -> tuple[str, ...]:
    interval = f"{line.fitness_interval.low:.2f}-{line.fitness_interval.high:.2f}"
    return (
        f"{line.wins}/{line.battle_ties}/{line.losses}",
        f"{line.score:.2f}",
        f"{line.fitness:.3f}",
        interval,
    )


def _title(tournament: Tournament) -> str:
    battles = f"{tournament.placements} battles"
    if tournament.mode is Mode.MELEE:
        return f"{len(tournament.standings)} warriors in one core, {battles}"
    most = max(line.opponents for line in tournament.standings)
    return f"{len(tournament.standings)} warriors, one on one against {most} others, {battles} a pair"


def _say_met(tournament: Tournament, console: Console) -> None:
    """Opponents that the evolution fought are not unseen, so what is won against them is not generality."""
    met = sorted({row.opponent for row in tournament.pairs if row.met_in_evolution})
    if met:
        names = ", ".join(printable(name, 40) for name in met[:5]) + (" …" if len(met) > 5 else "")
        _say(console, f"not unseen: {len(met)} opponents were fought in the evolution of a warrior here: {names}")
        _say(console, "  the columns unseen_defeats and unseen_ties of standings.csv leave them out")


def _say(console: Console, line: str) -> None:
    console.print(line, markup=False, highlight=False, soft_wrap=True)
