"""Make and judge the children of the assay: ``python -m tests.model_study.children FOLDER ARMS [JOBS]``.

Replies come from FOLDER/replies, the genetic operator's children are made here. Each arm's rows go to
FOLDER/children/ARM.csv: what a child is, and how it fared in 100 placements that no run fights.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Hashable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from drq.analysis.learnt import edits
from drq.battles.duels import fight_duels
from drq.battles.engine import LocalEngine
from drq.battles.evaluate import draw_arena, evaluate
from drq.candidate import Evaluation
from drq.llm import prompts
from drq.operators.base import Proposal
from drq.opponents.held_out import held_out
from drq.randomness import Purpose, generator
from drq.store.call_store import CallStore
from redcode import RedcodeError, Warrior, assemble, builtin, builtin_names
from redcode.machine.unused import used_code
from tests.model_study.arms import ARMS, GENETIC, operator, request
from tests.model_study.ask import replies
from tests.model_study.families import CONFIG, RULES, Parent, load

PLACEMENTS, SEED = 100, 20_261_127
"""Fresh placements: no run has this seed."""
GAINS, HELD_OUT_PLACEMENTS = 4, 20
"""So many children of a parent, and placements, for the gain against the held-out warriors."""
ENGINE = LocalEngine(1)


@dataclass(frozen=True)
class Known:
    """Codes that a child may be a copy of, without what their instructions do not use."""

    examples: frozenset[Hashable]
    warriors: frozenset[Hashable]


@cache
def known() -> Known:
    """The prompt's examples; the built-in warriors."""
    examples = [assemble(text, RULES) for text in prompts.examples(RULES)]
    warriors = [builtin(name, RULES) for group in ("starters", "held_out") for name in builtin_names(group)]
    return Known(frozenset(map(used_code, examples)), frozenset(map(used_code, warriors)))


def proposals(folder: Path, name: str, parents: list[Parent], number: int) -> Iterator[tuple[int, Proposal]]:
    """The children of a parent that are on record, or all of an operator that asks no model."""
    log = replies(folder, name) if name not in GENETIC else CallStore.in_memory()
    asked = operator(name, log)
    for child in range(ARMS[name].children):
        if name in GENETIC or log.find(number, child, 0):
            yield child, asyncio.run(asked.propose(request(name, parents, number, child)))


def judged(number: int, folder: Path, name: str, parents: list[Parent]) -> list[dict[str, Any]]:
    """A row for each child of one parent."""
    parent = parents[number]
    mother = assemble(parent.source, RULES)
    made = list(proposals(folder, name, parents, number))
    warriors = [_assembled(proposal) for _, proposal in made]
    fought = {one.digest: one for one in (mother, *warriors) if one}
    fielded = tuple(opponent.warrior for opponent in parent.fought)
    arena = draw_arena(generator(SEED, Purpose.PLACEMENTS, number), PLACEMENTS, fielded, CONFIG)
    found = dict(zip(fought, evaluate(list(fought.values()), arena, ENGINE), strict=True))
    own = found[mother.digest]
    better = {one.digest: one for one in warriors if one and found[one.digest].fitness > own.fitness}
    few = {one.digest for one in warriors[:GAINS] if one}
    gains = _gains(mother, [one for digest, one in better.items() if digest in few])
    rows = []
    for (child, _), one in zip(made, warriors, strict=True):
        row = {"family": parent.family, "round": parent.round, "place": parent.place, "child": child}
        row |= {"parent_fitness": own.fitness, "assembled": one is not None}
        if one is not None:
            row |= _measured(one, mother, found[one.digest], own)
            row |= {"held_out_gain": gains.get(one.digest)}
        rows.append(row)
    return rows


def _assembled(proposal: Proposal) -> Warrior | None:
    """The warrior; None for a reply without one, and for one that does not assemble."""
    try:
        return proposal.warrior or (assemble(proposal.source, RULES) if proposal.source else None)
    except RedcodeError:
        return None


def _measured(child: Warrior, parent: Warrior, found: Evaluation, own: Evaluation) -> dict[str, Any]:
    code, cell = used_code(child), CONFIG.archive.cell_of
    return {
        "fitness": found.fitness,
        "survived": found.survived > 0,
        "new_cell": cell(found.descriptors) != cell(own.descriptors),
        "length": len(child.code),
        "edits": edits(parent.code, child.code),
        "copies_parent": code == used_code(parent),
        "copies_example": code in known().examples,
        "copies_known": code in known().warriors,
    }


def _gains(parent: Warrior, children: list[Warrior]) -> dict[str, float]:
    """How much more each child gets against the held-out warriors than its parent does, as a mean alive share."""
    if not children:
        return {}
    others = held_out(RULES)
    pool = [parent, *children, *others]
    first = 1 + len(children)
    pairs = [(one, first + other) for one in range(first) for other in range(len(others))]
    chunks = fight_duels(pool, np.array(pairs), RULES, HELD_OUT_PLACEMENTS, SEED, ENGINE)
    shares = np.array([duel.fitness for chunk in chunks for duel in chunk]).reshape(first, -1).mean(axis=1)
    return {child.digest: float(share - shares[0]) for child, share in zip(children, shares[1:], strict=True)}


def main(folder: Path, names: list[str], jobs: str = "1") -> None:
    """Write the rows of each arm."""
    parents = load(folder)
    (folder / "children").mkdir(exist_ok=True)
    for name in names:
        judge = partial(judged, folder=folder, name=name, parents=parents)
        with ProcessPoolExecutor(int(jobs), get_context("spawn")) as pool:
            rows = [row for part in pool.map(judge, range(len(parents))) for row in part]
        pd.DataFrame(rows).to_csv(folder / "children" / f"{name}.csv", index=False)
        print(name, len(rows), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2].split(","), *sys.argv[3:])
