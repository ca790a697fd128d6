"""A ladder and a comparison as .csv and .json."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from drq.plain import to_plain
from drq.strength.compare import Comparison
from drq.strength.ladder import Ladder
from drq.strength.ratings import Rating
from drq.strength.settings import CompareConfig, LadderConfig
from drq.tournament.files import Rows, flat, write_tables


def write_ladder(ladder: Ladder, config: LadderConfig, folder: Path) -> list[Path]:
    """Write standings, pairs, ratings and the whole into ``folder``, which is there; raises OSError."""
    standings = []
    for line in ladder.lines:
        row = dataclasses.asdict(line)
        del row["rating"]
        standings.append(flat(row) | _rating(line.rating))
    tables: dict[str, Rows] = {
        "standings": standings,
        "pairs": [dataclasses.asdict(rung) | {"score": rung.score} for rung in ladder.rungs],
        "ratings": [{"warrior": name} | _rating(rating) for name, rating in ladder.ratings.items()],
    }
    left_out = {"skipped": to_plain(ladder.skipped), "dropped": to_plain(ladder.dropped)}
    return write_tables(tables, {"config": to_plain(config), **tables, **left_out}, "ladder", folder)


def write_comparison(comparison: Comparison, config: CompareConfig, folder: Path) -> list[Path]:
    """Write the opponents and the whole into ``folder``, which is there; raises OSError."""
    tables: dict[str, Rows] = {"opponents": [dataclasses.asdict(row) for row in comparison.opponents]}
    return write_tables(tables, {"config": to_plain(config), **flat(to_plain(comparison))}, "comparison", folder)


def _rating(rating: Rating) -> dict[str, Any]:
    low, high = (None, None) if rating.interval is None else (rating.interval.low, rating.interval.high)
    return {"elo": rating.elo, "elo_interval_low": low, "elo_interval_high": high}
