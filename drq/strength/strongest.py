"""Which of a run's champions are the strongest, found in battles that no selection has seen; the best is polished."""

from __future__ import annotations

import time

import numpy as np

from drq.battles.engine import Engine
from drq.battles.hill import draw_placements, fight_pairs, points
from drq.progress import Progress, quiet
from drq.randomness import Purpose, generator
from drq.run.branches import is_end
from drq.store.reader import RunReader
from drq.strength.polish import tune
from drq.strength.variants import tunable
from redcode import Warrior, assemble

CONTENDERS = 48
LEAST_JUDGES = 24
"""Champions that judge where there are few starters."""
FIRST_PLACEMENTS = 8


def strongest(run: RunReader, engine: Engine, progress: Progress = quiet) -> list[int]:
    """Rounds of the run's champions, the strongest first, by hill points against the starters and as many champions.

    The contenders are the last half of ``CONTENDERS``, and of the rounds before as many spread evenly, or the last ones
    of all branches. After each step the better half goes on with twice as many placements (successive halving, Karnin
    et al. 2013), so the order is most certain at its head.
    """
    config, crowned = run.run_config(), {round: id for round, id in run.champions().items() if id is not None}
    sources = {round: run.candidate(id).source or "" for round, id in crowned.items()}
    rounds = list(crowned)
    opponents = _judges(run)
    earlier, recent = rounds[: -CONTENDERS // 2], rounds[-CONTENDERS // 2 :]
    ends = [round for round in earlier if is_end(round, config.branch)]
    left = [*(ends or _spread(earlier, CONTENDERS // 2)), *recent]
    out: list[int] = []
    placements, step, steps = FIRST_PLACEMENTS, 0, max(1, len(left)).bit_length()
    while left:
        progress("Finals", step, steps)
        pool = [*(assemble(sources[round], config.rules) for round in left), *opponents]
        pairs = np.array([(i, len(left) + j) for i in range(len(left)) for j in range(len(opponents))])
        rng = generator(config.seed, Purpose.STRONGEST, len(rounds), step)
        seats = draw_placements(rng, len(pairs), placements, config.rules)
        won = np.concatenate(list(fight_pairs(pool, pairs, seats, config.rules, engine)))
        scores = points(won).reshape(len(left), -1).mean(axis=1)
        order = [left[place] for place in np.argsort(-scores, kind="stable")]
        keep = len(order) // 2
        out = [*order[keep:], *out]
        left, placements, step = order[:keep], 2 * placements, step + 1
    return out


def polished(run: RunReader, round: int, engine: Engine, seconds: float, progress: Progress = quiet) -> Warrior:
    """The champion of ``round`` with its numbers tuned for some seconds against the same judges (``drq polish``)."""
    config, judges = run.run_config(), _judges(run)
    champion = assemble(run.candidate(run.champions()[round] or 0).source or "", config.rules)
    best, began = champion, time.monotonic()
    if tunable(champion, config.rules):
        for tuning in tune(champion, [one for one in judges if one != champion], config.rules, engine, config.seed):
            best, passed = tuning.warrior, time.monotonic() - began
            progress(f"Seconds of polish ({tuning.kept} better numbers)", int(passed), int(seconds))
            if passed >= seconds:
                break
    return best


def _judges(run: RunReader) -> list[Warrior]:
    """All starters, and as many champions, those first that end a branch, spread evenly; each code once.

    Champions that grew together know each other's tricks, and starters few of them: together they tell most.
    """
    config, texts = run.run_config(), [starter.source for starter in run.starters()]
    crowned, number = run.champions(), max(len(texts), LEAST_JUDGES)
    ends, others = (
        [id for round, id in crowned.items() if id is not None and is_end(round, config.branch) is end]
        for end in (True, False)
    )
    ids = _spread(ends, number)
    ids += _spread(others, number - len(ids))
    warriors = [assemble(text, config.rules) for text in (*texts, *(run.candidate(id).source or "" for id in ids))]
    return list({warrior.digest: warrior for warrior in warriors}.values())


def _spread(rounds: list[int], most: int) -> list[int]:
    places = np.unique(np.linspace(0, len(rounds) - 1, min(most, len(rounds))).round().astype(int))
    return [rounds[place] for place in places.tolist()]
