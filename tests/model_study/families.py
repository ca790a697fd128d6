"""The families, and the fixed parents of the assay: ``python -m tests.model_study.families FOLDER``.

The command makes the sixteen runs of the genetic operator in FOLDER/families, or goes on with them, and writes the
parents to FOLDER/parents.json.xz.
"""

from __future__ import annotations

import asyncio
import json
import lzma
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

from drq.battles.engine import LocalEngine
from drq.battles.evaluate import Evaluator, draw_arena
from drq.candidate import Candidate, Kind
from drq.cli.configure import configure
from drq.config import RunConfig
from drq.opponents.names import Opponent
from drq.randomness import Purpose, generator
from drq.run.observer import Observer
from drq.store.reader import RunReader
from redcode import assemble, builtin_names

STARTERS = (*builtin_names("starters"), "silk", "cutter")
"""One a family; the place is the family's seed."""
CONFIG: RunConfig = configure(["experiment=paper"]).config
RULES = CONFIG.rules
PLACES = {"top": 9.0, "even": 1.0, "low": 0.5}
"""Parents by the fitness that their archive's elite is nearest to, the first one first."""
FILE = "parents.json.xz"


@dataclass(frozen=True)
class Parent:
    """A parent of the assay, with what is on record of it."""

    family: str
    round: int
    place: str
    source: str
    fitness: float
    """In the run's placements, as the model is told it."""
    opponents: tuple[str, ...]
    """Their sources."""
    shares: tuple[float, ...]
    """Mean alive shares of the opponents in the run's placements."""

    @cached_property
    def fought(self) -> tuple[Opponent, ...]:
        """The opponents."""
        return tuple(Opponent(assemble(source, RULES), source) for source in self.opponents)


def overrides(family: int, *own: str) -> list[str]:
    """The settings of a run of this family."""
    return ["experiment=paper", "rounds=2", f"seed={family}", f"starter={STARTERS[family]}", "threads=1", *own]


def execute(settings: Sequence[str]) -> Path:
    """The directory of this run, which is made, or gone on with, if it is not finished."""
    run = configure(settings)
    if not run.is_finished():
        run.execute(lambda operator: Observer())
    return run.directory


def load(folder: Path) -> list[Parent]:
    """The parents, family by family."""
    rows = json.loads(lzma.decompress((folder / FILE).read_bytes()))
    return [Parent(**row | {key: tuple(row[key]) for key in ("opponents", "shares")}) for row in rows]


def chosen(elites: Sequence[Candidate]) -> dict[str, Candidate]:
    """An elite for each place."""
    found: dict[str, Candidate] = {}
    for place, wanted in PLACES.items():
        rest = [one for one in elites if one.digest not in {other.digest for other in found.values()}]
        found[place] = min(rest, key=lambda one: (abs((one.fitness or 0.0) - wanted), one.id))
    return found


def parents(directory: Path, family: str) -> list[Parent]:
    """Those of one run."""
    found = []
    with closing(RunReader.open(directory)) as run:
        starter, config = run.starters()[0].source, run.run_config()
        for round in range(config.rounds):
            rows = run.opponents(round)
            sources = [starter if row.candidate_id is None else run.candidate(row.candidate_id).source for row in rows]
            fielded = tuple(assemble(source or "", RULES) for source in sources)
            rng = generator(config.seed, Purpose.PLACEMENTS, round)
            evaluator = Evaluator(draw_arena(rng, config.placements, fielded, config), LocalEngine(1))
            elites = [one for one in map(run.candidate, run.archive(round)) if one.kind is not Kind.SEED]
            for place, one in chosen(elites).items():
                shares = asyncio.run(evaluator.opponent_shares(assemble(one.source or "", RULES)))
                texts = tuple(source or "" for source in sources)
                found.append(Parent(family, round, place, one.source or "", one.fitness or 0.0, texts, shares))
    return found


def main(folder: Path) -> None:
    """Make the runs and the parents."""
    rows = []
    for number, starter in enumerate(STARTERS):
        place = folder / "families" / starter
        rows += parents(execute(overrides(number, "iterations=112", f"run_dir={place}")), starter)
        print(starter, *(f"{row.place} {row.fitness:.2f}" for row in rows[-6:]), flush=True)
    text = json.dumps([asdict(row) for row in rows], indent=0)
    (folder / FILE).write_bytes(lzma.compress(text.encode()))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
