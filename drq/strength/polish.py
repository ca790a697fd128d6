"""The constants of one warrior, tuned: variants fight, and one that is stronger beyond doubt takes its place."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace
from itertools import count

import numpy as np
from numpy.typing import NDArray

from drq.battles.engine import Engine
from drq.battles.engine import build as build_engine
from drq.battles.hill import Placements, draw_placements, fight_pairs, points
from drq.errors import ConfigError
from drq.measurements.intervals import Interval
from drq.opponents.entries import Entries, NamedWarrior, Why
from drq.progress import Progress, quiet
from drq.randomness import Purpose, generator
from drq.strength.compare import fight_both, load_one, load_opponents, size_of_difference
from drq.strength.sequential import MOST_POINTS, evidence
from drq.strength.settings import Every, PolishConfig
from drq.strength.variants import tunable, variants
from redcode.rules import Rules
from redcode.warrior import Warrior

CONTENDERS = 64
"""The warrior and its variants at the beginning of a step."""
FIRST_BATTLES = 16
"""Battles of each in the first heat; each further heat has twice as many."""
ERROR = 0.05
"""The chance that any change is kept in a whole search that does not make the warrior stronger."""
CHECK_BATTLES, MOST_CHECK_BATTLES = 256, 16_384
"""Battles of a variant that won its heats beside the warrior itself: at first, and at most."""


@dataclass(frozen=True)
class Tuning:
    """How far the search is."""

    warrior: Warrior
    """The best so far."""
    tried: int = 0
    """Variants that have fought."""
    kept: int = 0
    """Times that one of them took the warrior's place."""


@dataclass(frozen=True)
class Task:
    """Who is polished, against whom."""

    subject: NamedWarrior
    opponents: Entries
    numbers: int
    """How many numbers of the code may change."""


@dataclass(frozen=True)
class Polished:
    """What came of it."""

    tuning: Tuning
    interrupted: bool
    """Ended by Ctrl-C, before its time."""
    before: float
    """Points of the warrior as it was, 3 W% + T%, in placements that selected nobody."""
    after: float
    """Points of the best, in the same placements."""
    interval: Interval
    """95 % interval of ``after`` less ``before`` over placements; the opponents are given."""
    placements: int
    """Battles of each against each opponent in that measurement."""


def load_task(config: PolishConfig) -> Task:
    """The warrior and its opponents; raises ConfigError where there is nothing to do."""
    found = load_one(config.warrior, config.rules, "polish")
    subject = found.warriors[0]
    opponents = load_opponents(config.opponents, config.rules, found, Why.POLISHED)
    if not opponents.warriors:
        raise ConfigError("expected an opponent that is not the warrior itself, got none")
    numbers = len(tunable(subject.warrior, config.rules))
    if not numbers:
        raise ConfigError(f"expected a warrior whose instructions use a number, got {subject.name}")
    return Task(subject, opponents, numbers)


def polish(task: Task, config: PolishConfig, keep: Callable[[Warrior], None], progress: Progress = quiet) -> Polished:
    """Search for ``config.minutes`` or until Ctrl-C, then measure what was found; a second Ctrl-C is raised.

    ``keep`` is given every warrior that takes the place of the one before.
    """
    engine = build_engine(config.engine, config.threads)
    opponents = [one.warrior for one in task.opponents.warriors]
    search = tune(task.subject.warrior, opponents, config.rules, engine, config.seed)
    so_far, interrupted = Tuning(task.subject.warrior), False
    try:
        so_far = next(search)  # the first battles may wait for the compiler
        began, seconds = time.monotonic(), 60 * config.minutes
        for tuning in search:
            if tuning.kept > so_far.kept:
                keep(tuning.warrior)
            so_far, passed = tuning, time.monotonic() - began
            progress(f"Seconds ({so_far.tried} variants tried, {so_far.kept} kept)", int(passed), int(seconds))
            if passed >= seconds:
                break
    except KeyboardInterrupt:
        interrupted = True
    results = fight_both([task.subject.warrior, so_far.warrior, *opponents], config, engine, progress)
    change, interval = size_of_difference(results[::-1], isinstance(config.placements, Every))
    before = 100 * float(points(results[0]).mean())
    return Polished(so_far, interrupted, before, before + change, interval, results.shape[2])


def tune(warrior: Warrior, opponents: Sequence[Warrior], rules: Rules, engine: Engine, seed: int) -> Generator[Tuning]:
    """Search without end; yields after every batch of battles.

    A step has 64 contenders, the warrior and variants of it. After each heat the better half goes on with twice as many
    battles (successive halving, Karnin et al. 2013), and all battles so far count. In a heat everybody has the same
    opponents in the same placements. The last one left takes the warrior's place if :func:`_is_stronger` says so.
    """
    so_far, checks = Tuning(warrior), 0
    for step in count():
        rng = generator(seed, Purpose.POLISH, step)
        contenders = [so_far.warrior, *variants(so_far.warrior, CONTENDERS - 1, rules, rng)]
        so_far = replace(so_far, tried=so_far.tried + len(contenders) - 1)
        sums, battles = np.zeros(len(contenders)), FIRST_BATTLES
        while len(contenders) > 1:
            sums += _fight(contenders, opponents, battles, rules, engine, rng).sum(axis=1)
            yield so_far
            best = np.argsort(-sums, kind="stable")[: len(contenders) // 2]  # of equals the warrior itself is the first
            contenders, sums, battles = [contenders[i] for i in best], sums[best], 2 * battles
        if contenders[0] == so_far.warrior:
            continue
        checks += 1
        error = ERROR / (checks * (checks + 1))  # all of these together are ERROR, however many checks there are
        if (yield from _is_stronger(contenders[0], so_far, error, opponents, rules, engine, rng)):
            so_far = replace(so_far, warrior=contenders[0], kept=so_far.kept + 1)
            yield so_far


def _is_stronger(
    variant: Warrior,
    so_far: Tuning,
    error: float,
    opponents: Sequence[Warrior],
    rules: Rules,
    engine: Engine,
    rng: np.random.Generator,
) -> Generator[Tuning, None, bool]:
    """Whether the variant has more points than the warrior, in placements that selected neither.

    The sequential test of ``drq compare``, one-sided: if the variant is not stronger, this is true with a probability
    of at most ``error``. It may end at any time, and does so after ``MOST_CHECK_BATTLES``, or when the variant is not
    ahead any more.
    """
    differences = np.empty(0, dtype=np.int64)
    battles = CHECK_BATTLES
    while len(differences) < MOST_CHECK_BATTLES:
        new, old = _fight([variant, so_far.warrior], opponents, battles, rules, engine, rng)
        yield so_far
        differences = np.concatenate([differences, new - old])
        if (evidence(differences / MOST_POINTS) > np.log(1 / error)).any():
            return True
        if differences.sum() <= 0:
            return False
        battles = len(differences)
    return False


def _fight(
    contenders: Sequence[Warrior],
    opponents: Sequence[Warrior],
    battles: int,
    rules: Rules,
    engine: Engine,
    rng: np.random.Generator,
) -> NDArray[np.int64]:
    """(contenders, battles) points, 0 to 300, of the same battles for all: opponents and placements at random."""
    each = len(contenders)
    rivals = each + rng.integers(len(opponents), size=battles)
    drawn = draw_placements(rng, battles, 1, rules)
    pairs = np.column_stack([np.repeat(np.arange(each), battles), np.tile(rivals, each)])
    placements = Placements(np.tile(drawn.distances, (each, 1)), np.tile(drawn.leads, (each, 1)))
    chunks = fight_pairs([*contenders, *opponents], pairs, placements, rules, engine)
    return 100 * points(np.concatenate(list(chunks))).reshape(each, battles)
