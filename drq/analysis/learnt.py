"""What was learnt of each proposal: what it came to, how far it is from its parent, and whether it is a copy."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from drq.analysis.fits import MIN_FAMILIES, jackknife
from drq.analysis.outcomes import share_over_families
from drq.analysis.runs import RunRecord
from drq.analysis.study import Study
from drq.candidate import Candidate, InsertionStatus, Kind
from drq.llm import prompts
from drq.store.reader import reading
from redcode import Rules, Warrior, assemble, builtin_names
from redcode.errors import RedcodeError
from redcode.isa import Instruction
from redcode.language.library import builtin_source
from redcode.machine.unused import used_code

MEASURES = {
    "assembled": "assembled",
    "survived": "survived a battle",
    "entered": "entered the archive",
    "better": "fitter than all its parents",
    "unchanged": "fought exactly as its parent",
    "copies_parent": "has a parent's code",
    "copies_earlier": "has an earlier candidate's code",
    "copies_example": "has the code of an example in the prompt",
    "copies_known": "has a known warrior's code",
    "edits": "instructions changed from its parent",
    "moved": "bins of the archive moved from its parent",
}
"""Each measure and its meaning. All but the last two are shares."""
SHARES = tuple(name for name in MEASURES if name not in ("edits", "moved"))


@dataclass(frozen=True)
class _Code:
    """A candidate's code, as it is and without what its instructions do not use."""

    whole: tuple[Instruction, ...]
    used: Hashable


def proposal_rows(run: RunRecord, known: Collection[Hashable] = ()) -> pd.DataFrame:
    """A row for each proposal of the run, seeds left out.

    Columns: operator, model (that was asked; empty without one), and those of ``MEASURES``. NaN where a measure does
    not apply: ``better``, ``unchanged``, ``copies_parent``, ``edits`` and ``moved`` are of changes, the last four of
    those that assembled or fought. The distances are from the first parent. Codes are compared up to parts that
    instructions do not use; ``known`` holds such codes (``redcode.machine.unused.used_code``).
    """
    rules = run.config.rules
    examples = _used(prompts.examples(rules), rules)
    cells = run.config.archive.size is None
    codes: dict[str, _Code] = {}
    earlier: set[Hashable] = set()
    by_id: dict[int, Candidate] = {}
    rows = []
    with reading(run.directory) as record:
        models = record.calls.models()
        for candidate in record.candidates(range(1, record.last_id() + 1)):
            by_id[candidate.id] = candidate
            code = _code(candidate, codes, rules)
            if candidate.kind is not Kind.SEED:
                copies = {
                    "copies_earlier": code is not None and code.used in earlier,
                    "copies_example": code is not None and code.used in examples,
                    "copies_known": code is not None and code.used in known,
                }
                parents = [by_id[id] for id in candidate.parents]
                written = [_code(parent, codes, rules) for parent in parents]
                model = models.get((candidate.round, candidate.iteration), "")
                rows.append(
                    {"operator": candidate.operator, "model": model}
                    | _outcome(candidate)
                    | copies
                    | (_change(candidate, parents, cells) | _distance(code, written) if parents else {})
                )
            if code is not None:
                earlier.add(code.used)
    return pd.DataFrame(rows, columns=["operator", "model", *MEASURES])


def _outcome(candidate: Candidate) -> dict[str, bool]:
    status = candidate.insertion.status if candidate.insertion else InsertionStatus.NOT_ADDED
    return {
        "assembled": candidate.digest is not None,
        "survived": candidate.evaluation is not None and candidate.evaluation.survived > 0,
        "entered": status is not InsertionStatus.NOT_ADDED,
    }


def _change(candidate: Candidate, parents: Sequence[Candidate], cells: bool) -> dict[str, float]:
    """How a change fared beside its parents. What was given up before all placements were fought is not better.

    ``cells``: whether the archive has cells of behaviour; the places of a population are not near or far.
    """
    own, first, best = candidate.evaluation, parents[0], max(parent.fitness or 0.0 for parent in parents)
    found: dict[str, float] = {"better": False}
    if own and first.evaluation:
        whole = len(own.placement_fitness) == len(first.evaluation.placement_fitness)
        found["better"] = whole and own.fitness > best
        found["unchanged"] = own.placement_fitness == first.evaluation.placement_fitness
    if cells and candidate.insertion and first.insertion:
        bins = zip(candidate.insertion.cell, first.insertion.cell, strict=True)
        found["moved"] = sum(abs(one - other) for one, other in bins)
    return found


def _distance(code: _Code | None, parents: Sequence[_Code | None]) -> dict[str, float]:
    """How far a change's code is from its parents'."""
    if code is None or parents[0] is None:
        return {}
    copied = any(parent is not None and parent.used == code.used for parent in parents)
    return {"edits": edits(parents[0].whole, code.whole), "copies_parent": copied}


def edits(parent: Sequence[Instruction], child: Sequence[Instruction]) -> int:
    """The edit distance: the fewest instructions that are replaced, added or left out (Wagner & Fischer 1974)."""
    low = next((i for i, pair in enumerate(zip(parent, child, strict=False)) if pair[0] != pair[1]), None)
    if low is None:
        return abs(len(parent) - len(child))
    row = list(range(len(child) - low + 1))
    for i, one in enumerate(parent[low:], 1):
        diagonal, row[0] = row[0], i
        for j, other in enumerate(child[low:], 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (one != other))
    return row[-1]


def learnt_table(study: Study) -> pd.DataFrame:
    """A row per group, operator, model and measure.

    Columns: group, operator, model, measure; ``proposals``, how many it is a mean of; its ``value``, a share but for
    the distances, which are means; the ends of its 95 % interval over so many ``families``. Proposals of one run depend
    on each other, and runs of one starter are alike, so a family is what an interval takes as independent. Known are
    the built-in warriors, the runs' starters, and the warriors that the study measures against.
    """
    known = set(_builtin(study.rules)) | {used_code(warrior) for _, warrior in study.opponents}
    known |= {used_code(starter) for run in study.runs for starter in run.starters}
    table = pd.concat(
        [proposal_rows(run, known).assign(group=run.group, family=run.family) for run in study.runs], ignore_index=True
    )
    rows = []
    for key, part in table.groupby(["group", "operator", "model"], sort=False):
        for measure in MEASURES:
            values = part[[measure, "family"]].dropna().astype({measure: float})
            if len(values):
                families = values.groupby("family", sort=False)[measure].agg(["sum", "size"])
                mean = families["sum"].sum() / families["size"].sum()
                low, high = _interval(measure, families, float(mean))
                rows.append((*key, measure, len(values), mean, low, high, len(families)))
    names = ["group", "operator", "model", "measure", "proposals", "value", "low", "high", "families"]
    return pd.DataFrame(rows, columns=names)


def _interval(measure: str, families: pd.DataFrame, mean: float) -> tuple[float, float]:
    """Over (families,) sums and sizes."""
    sums, sizes = families["sum"].to_numpy(), families["size"].to_numpy()
    if measure in SHARES:
        return share_over_families(sums.astype(np.int64), sizes)
    if len(sums) < MIN_FAMILIES:
        return np.nan, np.nan
    found = jackknife(mean, (sums.sum() - sums) / (sizes.sum() - sizes))
    return max(0.0, found.low), found.high


def _code(candidate: Candidate, codes: dict[str, _Code], rules: Rules) -> _Code | None:
    """The candidate's code, assembled once; None for one that did not assemble."""
    if candidate.digest is None:
        return None
    if candidate.digest not in codes:
        warrior = assemble(candidate.source or "", rules)
        codes[candidate.digest] = _Code(warrior.code, used_code(warrior))
    return codes[candidate.digest]


@cache
def _builtin(rules: Rules) -> frozenset[Hashable]:
    return _used(map(builtin_source, builtin_names()), rules)


def _used(sources: Iterable[str], rules: Rules) -> frozenset[Hashable]:
    """Codes without unused parts of those texts that assemble under ``rules``."""
    found: list[Warrior] = []
    for source in sources:
        try:
            found.append(assemble(source, rules))
        except RedcodeError:
            continue
    return frozenset(map(used_code, found))
