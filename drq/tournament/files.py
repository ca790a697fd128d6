"""A tournament as .csv and .json."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from drq.files import write_atomically
from drq.plain import to_plain
from drq.tournament.settings import TournamentConfig
from drq.tournament.standings import PairRow, Tournament

Rows = Sequence[Mapping[str, Any]]


def write_files(tournament: Tournament, config: TournamentConfig, folder: Path) -> list[Path]:
    """Write all three files into ``folder``, which is there; raises OSError."""
    standings, pairs = (
        [flat(dataclasses.asdict(line)) for line in tournament.standings],
        [_pair(row) for row in tournament.pairs],
    )
    left_out = {"skipped": to_plain(tournament.skipped), "dropped": to_plain(tournament.dropped)}
    whole = {"config": to_plain(config), "standings": standings, "pairs": pairs, **left_out}
    return write_tables({"standings": standings, "pairs": pairs}, whole, "tournament", folder)


def write_tables(tables: Mapping[str, Rows], whole: Mapping[str, Any], name: str, folder: Path) -> list[Path]:
    """Write each of ``tables`` that has a row as .csv, and the ``whole`` as NAME.json; raises OSError."""
    texts = {f"{table}.csv": csv_text(rows) for table, rows in tables.items() if rows}
    texts[f"{name}.json"] = json.dumps(whole, indent=1) + "\n"
    for file, text in texts.items():
        write_atomically(folder / file, text.encode())
    return [folder / file for file in texts]


def _pair(row: PairRow) -> dict[str, Any]:
    return flat({**dataclasses.asdict(row), "score": row.score, "hill_outcome": row.hill_outcome})


def flat(values: Mapping[str, Any]) -> dict[str, Any]:
    """Intervals as two columns."""
    flat: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, dict):
            flat |= {f"{name}_{end}": number for end, number in value.items()}
        else:
            flat[name] = value
    return flat


def csv_text(rows: Rows) -> str:
    """A table with a head; ``rows``, at least one, have the same keys."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
