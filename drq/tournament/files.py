"""A tournament as .csv and .json."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from drq.files import write_atomically
from drq.plain import to_plain
from drq.tournament.settings import TournamentConfig
from drq.tournament.standings import PairRow, Tournament

STANDINGS, PAIRS, WHOLE = "standings.csv", "pairs.csv", "tournament.json"


def write_files(tournament: Tournament, config: TournamentConfig, folder: Path) -> list[Path]:
    """Write all three files into ``folder``, which is there; raises OSError."""
    standings, pairs = (
        [flat(dataclasses.asdict(line)) for line in tournament.standings],
        [_pair(row) for row in tournament.pairs],
    )
    whole = {
        "config": to_plain(config),
        "standings": standings,
        "pairs": pairs,
        "skipped": to_plain(tournament.skipped),
        "dropped": to_plain(tournament.dropped),
    }
    texts = {STANDINGS: csv_text(standings), WHOLE: json.dumps(whole, indent=1) + "\n"}
    if pairs:
        texts[PAIRS] = csv_text(pairs)
    for name, text in texts.items():
        write_atomically(folder / name, text.encode())
    return [folder / name for name in texts]


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


def csv_text(rows: Iterable[Mapping[str, Any]]) -> str:
    """A table with a head; ``rows``, at least one, have the same keys."""
    rows = list(rows)
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
