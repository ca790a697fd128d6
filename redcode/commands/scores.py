"""Rounds counted and scored as in pMARS."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import click
import numpy as np

from redcode.errors import SourceError
from redcode.language.expressions import evaluate
from redcode.machine.result import BattleResult
from redcode.warrior import Warrior

HILL_FORMULA = "(W*W-1)/S"


class Row(NamedTuple):
    """The results of one warrior."""

    warrior: Warrior
    survived: list[int]
    """Rounds that it survived with 1, 2, … survivors."""
    lost: int
    score: int


def points(formula: str, warriors: int) -> list[int]:
    """Points of each survivor of a round with 1, 2, … survivors, from a formula of W (warriors) and S (survivors).

    Raises click.BadParameter if the text is not such a formula.
    """
    try:
        return [evaluate(formula, {"W": warriors, "S": survivors})[0] for survivors in range(1, warriors + 1)]
    except SourceError as error:
        raise click.BadParameter(f"expected -= to be a formula over W and S, got {formula!r}: {error}") from None


def score_rows(warriors: Sequence[Warrior], result: BattleResult, points: Sequence[int]) -> list[Row]:
    """The results of each warrior, in the order of the warriors."""
    survivors = result.survived.sum(axis=1)
    rows = []
    for warrior, survived, lost in zip(warriors, result.survived.T, result.losses, strict=True):
        counts = np.bincount(survivors[survived], minlength=len(warriors) + 1)[1:].tolist()
        score = sum(each * rounds for each, rounds in zip(points, counts, strict=True))
        rows.append(Row(warrior, counts, int(lost), score))
    return rows


def result_lines(rows: Sequence[Row], by_score: bool = False) -> list[str]:
    """Names, scores and rounds as pMARS prints them, in the order of the warriors or with the highest score first."""
    lines = []
    if by_score:
        rows = sorted(rows, key=lambda row: -row.score)
    for row in rows:
        lines.append(f"{row.warrior.name} by {row.warrior.author} scores {row.score}")
        if len(rows) > 2:
            lines.append("  Results: " + " ".join(map(str, [*row.survived, row.lost])))
    if len(rows) == 2:
        lines.append(f"Results: {rows[0].survived[0]} {rows[1].survived[0]} {rows[0].survived[1]}")
    return lines


def koth_lines(rows: Sequence[Row]) -> list[str]:
    """Only the numbers (``-k``): wins and ties of two warriors; score, survived rounds and losses of more."""
    if len(rows) == 2:
        return [f"{row.survived[0]} {row.survived[1]}" for row in rows]
    return [" ".join(map(str, [row.score, *row.survived, row.lost])) for row in rows]
