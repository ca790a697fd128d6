"""Whether selection does anything: ``python -m tests.measure_selection SETUP``, about 15 minutes of a processor.

Sixteen families evolve twice at equal candidates: with mutation and selection, and with new warriors only. Champions
are chosen the same way, in finals. Then the last champions of both fight all held-out warriors for their core in
placements that no run fights. All of it once more without the operator's fragments. Two processes work at a time.

In the setups ``melee`` (the paper's objective) and ``duels`` a family is a starter in a core of 8000, which is also a
parent, and a round fights it and the last champion. In the setup ``company`` it is a seed of ``experiment=strong`` in a
core of 800, from random code: a round fights all built-in warriors for that core and the champions so far.
"""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from functools import partial
from itertools import product
from multiprocessing import get_context
from tempfile import TemporaryDirectory

import numpy as np
from scipy.stats import binomtest

from drq.battles.engine import LocalEngine
from drq.battles.hill import draw_placements, fight_pairs, points
from drq.cli.configure import configure
from drq.opponents.held_out import held_out_groups
from drq.opponents.names import load_warriors
from drq.run.observer import Observer
from drq.store.reader import RunReader
from drq.student import t_quantile
from redcode import Rules, Warrior, assemble, builtin_names

K1 = ("experiment=paper", "rounds=3", "iterations=200", "history=1", "crown.among=8", "crown.placements=64")
FEW = ("experiment=strong", "rules=tiny", "minutes=null", "rounds=3", "iterations=200", "placements=8")
STARTERS = tuple(f"starter={name}" for name in (*builtin_names("starters"), "silk", "cutter"))
SETUPS = {
    "melee": (K1, STARTERS),
    "duels": ((*K1, "objective=duels", "placements=8"), STARTERS),
    "company": ((*FEW, "archive.seeds=false"), ("starter=fitting",) * 16),
}
"""By name: the settings of all runs, and those of each family."""
NEW_ONLY = ("initial=0", "new_share=1.0")
PLACEMENTS = 40


def score(warrior: Warrior, rules: Rules) -> float:
    """Points against all held-out warriors, in the same placements for every warrior."""
    opponents = [one.warrior for one in load_warriors(held_out_groups(rules), rules, "opponents")]
    pairs = np.array([(0, 1 + other) for other in range(len(opponents))])
    placements = draw_placements(np.random.default_rng(20_260_003), len(pairs), PLACEMENTS, rules)
    results = list(fight_pairs([warrior, *opponents], pairs, placements, rules, LocalEngine(1)))
    return 100 * float(points(np.concatenate(results)).mean())


def champion(job: tuple[bool, int, bool], setup: str) -> float:
    """Score of the last champion of one run: fragments, family, selection."""
    fragments, family, selection = job
    common, own = SETUPS[setup]
    arm = () if selection else NEW_ONLY
    settings = (*common, own[family], *arm, f"operator.fragments={fragments}", f"seed={family}", "threads=1")
    with TemporaryDirectory() as place:
        run = configure([*settings, f"run_dir={place}/run"])
        run.execute(lambda operator: Observer())
        with closing(RunReader.open(run.directory)) as record:
            last = max((round, id) for round, id in record.champions().items() if id is not None)[1]
            found = score(assemble(record.candidate(last).source or "", run.config.rules), run.config.rules)
    print(f"{own[family]} {family}, fragments {fragments}, selection {selection}: {found:.1f}", file=sys.stderr)
    return found


def main(setup: str) -> None:
    """Print the table as Markdown."""
    families = range(len(SETUPS[setup][1]))
    jobs = list(product((True, False), families, (True, False)))
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        scores = np.array(list(pool.map(partial(champion, setup=setup), jobs))).reshape(2, -1, 2)
    print("| operator | selection | sampling | difference | selection is better in | p (sign test) |")
    print("|---|---|---|---|---|---|")
    for name, own in zip(("with fragments", "without"), scores, strict=True):
        differences = own[:, 0] - own[:, 1]
        n, won = len(differences), int(np.sum(differences > 0))
        half = t_quantile(0.975, n - 1) * float(np.std(differences, ddof=1)) / np.sqrt(n)
        mean, p = float(np.mean(differences)), binomtest(won, n).pvalue
        cells = [f"{np.mean(own[:, 0]):.0f}", f"{np.mean(own[:, 1]):.0f}", f"{mean:.0f} ± {half:.0f}"]
        print("| " + " | ".join([name, *cells, f"{won} of {n} families", f"{p:.2g}"]) + " |")


if __name__ == "__main__":
    main(sys.argv[1])
