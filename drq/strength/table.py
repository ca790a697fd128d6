"""A ladder, a comparison and a polish on the terminal."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from drq.strength.compare import Comparison, Side
from drq.strength.ladder import Ladder, Line
from drq.strength.polish import Polished, Task
from drq.strength.sequential import Verdict
from drq.strength.settings import CompareConfig
from drq.tournament.table import LINES, say, say_left_out, short_name
from redcode.language.disassembler import code_text
from redcode.rules import Rules
from redcode.text import plural
from redcode.warrior import Warrior

_LADDER_CAPTION = (
    "beaten: opponents against which it wins more battles than it loses, and their share with its 95 % interval. "
    "points: mean of 3 W% + T%, 0 to 300. Elo: {zero}; ± is half of its 95 % interval."
)


def print_ladder(ladder: Ladder, hill: bool, rated: bool, console: Console) -> None:
    """Print the standings and who did not fight; ``hill``: all met all, ``rated``: some ratings were given."""
    most = max(line.opponents for line in ladder.lines)
    warriors, battles = plural(len(ladder.lines), "warrior"), plural(ladder.battles, "battle")
    title = f"{warriors}, one on one against {plural(most, 'other')}, {battles} per pair"
    zero = "on the scale of the ratings given" if rated else f"0 is the mean {'warrior' if hill else 'opponent'}"
    table = Table(title=title, caption=_LADDER_CAPTION.format(zero=zero), caption_justify="left")
    table.add_column("warrior", overflow="fold")
    for column in ("beaten", "share", "W/T/L %", "points", "Elo"):
        table.add_column(column, justify="right", no_wrap=True)
    for line in ladder.lines[:LINES]:
        table.add_row(Text(short_name(line.warrior)), *_cells(line))
    console.print(table)
    if len(ladder.lines) > LINES:
        say(console, f"and {plural(len(ladder.lines) - LINES, 'more warrior')}: give out=DIR for all")
    say_left_out(ladder.skipped, ladder.dropped, console)


def _cells(line: Line) -> tuple[str, ...]:
    share, elo = line.beaten_interval, line.rating.interval
    return (
        f"{line.beaten}/{line.opponents}",
        f"{line.beaten_share:.0%} ({share.low:.0%}-{share.high:.0%})",
        _shares(line.wins, line.battle_ties, line.losses),
        f"{line.score:.1f}",
        f"{line.rating.elo:.0f} " + ("given" if elo is None else f"± {(elo.high - elo.low) / 2:.0f}"),
    )


def print_comparison(comparison: Comparison, config: CompareConfig, console: Console) -> None:
    """Print the verdict, how sure it is, and both in numbers."""
    say(console, f"{_verdict(comparison, config)}: {_size(comparison)}")
    against = plural(len(comparison.opponents), "opponent")
    if comparison.battles:
        say(console, f"verdict: {_sureness(comparison, config)}, each against one of {against} at random")
        say(console, f"size: from {comparison.placements} more placements against each, the same for both")
    else:
        say(
            console, f"every placement was fought, {comparison.placements} against each of {against}: nothing is chance"
        )
    table = Table()
    table.add_column("warrior", overflow="fold")
    for column in ("W/T/L %", "points"):
        table.add_column(column, justify="right", no_wrap=True)
    for side in comparison.sides:
        table.add_row(Text(short_name(side.warrior)), _shares(side.wins, side.ties, side.losses), f"{side.score:.1f}")
    console.print(table)
    say_left_out(comparison.skipped, comparison.dropped, console)


def _verdict(comparison: Comparison, config: CompareConfig) -> str:
    first, second = (short_name(side.warrior) for side in comparison.sides)
    if comparison.verdict is Verdict.STRONGER:
        return f"{first} is stronger than {second}"
    if comparison.verdict is Verdict.WEAKER:
        return f"{second} is stronger than {first}"
    if comparison.verdict is Verdict.EVEN:
        return f"{first} and {second} are even" + (f" within {config.margin:g} points" if comparison.battles else "")
    return f"{first} or {second}: undecided"


def _size(comparison: Comparison) -> str:
    sign = -1 if comparison.difference < 0 else 1
    better: Side = comparison.sides[0 if sign > 0 else 1]
    low, high = sorted((sign * comparison.interval.low, sign * comparison.interval.high))
    size = f"{short_name(better.warrior)} has {abs(comparison.difference):.1f} points more"
    return size if low == high else f"{size} (95 %: {low:.1f} to {high:.1f})"


def _sureness(comparison: Comparison, config: CompareConfig) -> str:
    after = f"after {plural(comparison.battles, 'battle')} of each"
    if comparison.verdict is Verdict.OPEN:
        return f"none {after}, the most that battles= allows"
    return f"{after}, wrong in at most {100 * config.error:g} of 100 comparisons"


def _shares(wins: int, ties: int, losses: int) -> str:
    return "/".join(f"{100 * count / (wins + ties + losses):.0f}" for count in (wins, ties, losses))


def print_polished(polished: Polished, task: Task, rules: Rules, console: Console) -> None:
    """Print the points before and after, and every instruction that has changed."""
    name, tuning = short_name(task.subject.name), polished.tuning
    among = f"of {plural(tuning.tried, 'variant')} tried"
    if tuning.kept:
        change, ends = polished.after - polished.before, polished.interval
        sure = "" if ends.low == ends.high else f" (95 %: {ends.low:+.1f} to {ends.high:+.1f})"
        say(console, f"{name}: {polished.before:.1f} points before, {polished.after:.1f} after: {change:+.1f}{sure}")
        say(console, f"{tuning.kept} {among} took the place of the warrior")
    else:
        say(console, f"{name} stays as it is, with {polished.before:.1f} points: none {among} is surely stronger")
    against = plural(len(task.opponents.warriors), "opponent")
    say(
        console,
        f"points: 3 W% + T%, in {polished.placements} placements against each of {against}, by which "
        "nothing was selected",
    )
    for old, new in zip(_rows(task.subject.warrior, rules), _rows(tuning.warrior, rules), strict=True):
        if old != new:
            say(console, f"  {old}  is now  {new}")
    say_left_out(task.opponents.skipped, task.opponents.dropped, console)


def _rows(warrior: Warrior, rules: Rules) -> list[str]:
    return [row for row in code_text(warrior, rules).splitlines() if "," in row]
