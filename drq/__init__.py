"""Digital Red Queen: evolve Core War warriors against their own past, and measure what comes of it.

Read the files in this order; each uses only those before it. What every wing speaks of:

``errors``        every error a user can meet, with its exit status
``plain``         plain data to dataclasses and back
``files``         paths as users write them; files that are either old or new, never half
``progress``      how long work tells how far it is
``student``       quantiles of Student's t
``randomness``    every random draw, derived from the run's seed
``stop``          how a run is told to end
``descriptors``   what a candidate does, as named numbers
``objective``     what evolution selects for: melees or duels, and what counts in them
``config``        what a run is: one frozen, validated value
``candidate``     one warrior of a run, from its proposal to its record

Then the wings, in the order of a run. Each lists its own files in its docstring:

``battles``       where warriors lie, where they are fought, what is measured
``llm``           the language model's side: prompts, calls, budget
``store``         the run's record: all SQL
``opponents``     who is fought: names to warriors, the held-out warriors
``operators``     from parents to redcode; ``operators.base`` says what an operator is
``run``           the loop: archive, round, champion, history
``measurements``  champions' battles and vectors, kept beside each run
``tournament``    warriors against opponents that no evolution has met
``strength``      hill points, Elo, which of two is stronger
``analysis``      the tables of Kumar 2026
``plots``         their pictures
``report``        one run as a page
``cli``           the ``drq`` command
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from drq.cli.front_door import Member, RecordedRun, evolve, open
    from drq.config import ArchiveConfig, CrownConfig, RacingConfig, RunConfig
    from drq.errors import DrqError
    from drq.operators.base import Request

__all__ = [
    "ArchiveConfig",
    "CrownConfig",
    "DrqError",
    "Member",
    "RacingConfig",
    "RecordedRun",
    "Request",
    "RunConfig",
    "evolve",
    "open",
]

_HOMES = {
    "cli.front_door": ("Member", "RecordedRun", "evolve", "open"),
    "config": ("ArchiveConfig", "CrownConfig", "RacingConfig", "RunConfig"),
    "errors": ("DrqError",),
    "operators.base": ("Request",),
}
"""For each file its names. They are imported when they are asked for, so that the commands start at once."""


def __getattr__(name: str) -> Any:
    for file, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"drq.{file}"), name)
    raise AttributeError(f"module 'drq' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*globals(), *__all__]
