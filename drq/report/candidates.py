"""The candidates that a page shows: champions, the elites of every archive, and the ancestors of champions."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from typing import Any

from drq.candidate import Candidate, Evaluation
from drq.store.reader import RunReader
from redcode import RedcodeError, Rules, Warrior, assemble
from redcode.language.disassembler import code_text
from redcode.pictures.page import code_numbers
from redcode.text import difference, printable

ANCESTORS = 100
"""Ancestors shown of a champion, the nearest ones."""
SOURCE_LENGTH, SOURCES_LENGTH = 4000, 4_000_000
"""Characters shown of one source text, and of all on the page."""


def lineages(run: RunReader, champions: Collection[int]) -> dict[int, list[int]]:
    """For each champion the ids of its line of first parents, the nearest first, at most ``ANCESTORS``."""
    return {champion: run.descent(champion, ANCESTORS) for champion in champions}


def candidates(
    run: RunReader, shown: Collection[int], chains: dict[int, list[int]], rules: Rules
) -> dict[int, dict[str, Any]]:
    """The candidates by id: those ``shown``, whole, and the ancestors in ``chains``, each with what it changed."""
    ids = {*shown, *chains, *(id for chain in chains.values() for id in chain)}
    length = min(SOURCE_LENGTH, SOURCES_LENGTH // max(1, len(shown)))
    found, codes = {}, {}
    for candidate in run.candidates(ids):
        warrior = warrior_of(candidate.source, rules)
        codes[candidate.id] = code_text(warrior, rules) if warrior else ""
        found[candidate.id] = _facts(candidate)
        if candidate.evaluation and warrior and candidate.id in shown:
            found[candidate.id] |= _details(candidate, candidate.evaluation, warrior, length)
    for champion, chain in chains.items():
        for child, parent in zip((champion, *chain), chain, strict=False):
            found[child]["change"] = difference(codes[parent], codes[child])
    return found


def _facts(candidate: Candidate) -> dict[str, Any]:
    return {
        "id": candidate.id,
        "round": candidate.round,
        "iteration": candidate.iteration,
        "kind": candidate.kind,
        "operator": printable(candidate.operator),
        "parents": candidate.parents,
        "name": printable(candidate.name or ""),
        "fitness": candidate.fitness,
    }


def _details(candidate: Candidate, evaluation: Evaluation, warrior: Warrior, source_length: int) -> dict[str, Any]:
    return {
        "survived": evaluation.survived,
        **evaluation.descriptors,
        "digest": candidate.digest,
        "code": code_numbers(warrior),
        "start": warrior.start,
        "source": printable(candidate.source or "", source_length),
    }


@lru_cache(maxsize=20_000)
def warrior_of(source: str | None, rules: Rules) -> Warrior | None:
    """The assembled text, None where it does not assemble; kept, because a page that is rewritten asks again."""
    try:
        return None if source is None else assemble(source, rules)
    except RedcodeError:
        return None
