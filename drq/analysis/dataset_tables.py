"""The tables of a data set: name and type of every column, and what it holds."""

from __future__ import annotations

RUN = {"run": ("string", "the run, by its label; unique in the data set")}

RECORDED: dict[str, dict[str, tuple[str, str]]] = {
    "starters": {
        "position": ("int64", "counts from 0"),
        "name": ("string", "the warrior's own name"),
        "digest": ("string", "SHA-256 of its assembled code"),
        "source": ("string", "its text, redcode"),
    },
    "opponents": {
        "round": ("int64", "counts from 0"),
        "position": ("int64", "counts from 0"),
        "digest": ("string", "SHA-256 of its assembled code"),
        "starter": ("int64", "its position in starters; null for a past champion"),
        "candidate_id": ("int64", "the past champion's candidate; null for a starter"),
    },
    "candidates": {
        "id": ("int64", "counts from 1 within the run, in the order of insertion"),
        "round": ("int64", "counts from 0"),
        "iteration": ("int64", "counts a round's proposals from 0; negative for seeds"),
        "kind": ("string", "seed, new, mutate or crossover"),
        "operator": ("string", "the operator that wrote it; empty for a seed"),
        "parents": ("string", "JSON list of candidate ids"),
        "source": ("string", "the text as proposed; null if the operator had none"),
        "error": ("string", "why it could not fight; null if it fought"),
        "name": ("string", "the warrior's own name; null if it did not assemble"),
        "digest": ("string", "SHA-256 of its assembled code; null likewise"),
        "duplicate_of": ("int64", "the candidate of the same round with the same code"),
    },
    "evaluations": {
        "candidate_id": ("int64", "id in candidates"),
        "fitness": ("float64", "mean over placements of what the run selects for; melees: alive share, 1 is even"),
        "survived": ("float64", "share of battles survived to the last cycle, 0 to 1"),
        "cycles": ("float64", "mean length of its battles, cycles; null where battles end with the candidate"),
        "spawned": ("float64", "mean number of processes added to its first"),
        "covered": ("float64", "mean number of distinct addresses executed, read or written"),
        "executed": ("float64", "mean number of distinct addresses executed"),
        "opcodes": ("int64", "number of distinct opcodes in its code"),
        "length": ("int64", "length of its code, instructions"),
        "placement_fitness": ("string", "JSON list: fitness in each placement"),
        "opponent_shares": ("string", "JSON list: mean alive share of each opponent; null as cycles"),
    },
    "insertions": {
        "candidate_id": ("int64", "id in candidates"),
        "cell": ("string", "JSON list: the bin on each axis of the archive, from 0"),
        "status": ("string", "new, improved or not added"),
    },
    "finals": {
        "round": ("int64", "counts from 0"),
        "heat": ("int64", "counts from 0"),
        "candidate_id": ("int64", "the finalist"),
        "fitness": ("float64", "its mean fitness in this heat"),
        "placement_fitness": ("string", "JSON list: fitness in each placement of this heat"),
    },
}
"""Copied from the run's file (docs/run_file.md), each after a column ``run``; nothing that the clock decides."""

STUDIED: dict[str, dict[str, tuple[str, str]]] = {
    "runs": {
        **RUN,
        "group": ("string", "what sets its settings apart from other runs', but for seed and starter"),
        "family": ("string", "first digits of its starters' digest: runs of one family began alike"),
        "seed": ("int64", "of all random draws of the run"),
        "rounds": ("int64", "finished"),
        "config": ("string", "JSON: the settings that the run began with"),
        "code_digest": ("string", "SHA-256 over the files of the software that began it; null if not recorded"),
    },
    "champions": {
        **RUN,
        "group": ("string", "as in runs"),
        "family": ("string", "as in runs"),
        "seed": ("int64", "as in runs"),
        "round": ("int64", "counts from 0"),
        "id": ("int64", "id in candidates"),
        "digest": ("string", "SHA-256 of its assembled code"),
        "fitness": ("float64", "of the last heat of its finals; without finals, in the placements that chose it"),
        "length": ("int64", "instructions"),
        "operator": ("string", "that wrote it"),
        "kind": ("string", "new, mutate or crossover"),
        "defeats": ("float64", "share of the warriors in measured_against that it defeats, 0 to 1"),
        "ties": ("float64", "share that it ties"),
        "generality": ("float64", "both together"),
        "copy_of": (
            "int64",
            "round of the first champion of its run that it copies; -1: a starter, -2: a warrior of measured_against",
        ),
    },
    "measured_against": {
        "position": ("int64", "counts from 0"),
        "name": ("string", "the warrior's name"),
        "digest": ("string", "SHA-256 of its assembled code"),
    },
    "measures": {
        **RUN,
        "round": ("int64", "of the champion, counts from 0"),
        "opponent": ("int64", "position in measured_against"),
        "fitness": ("float64", "mean alive share of the champion against it, one on one, 0 to 2"),
        "defeats": ("bool", "whether the champion's fitness is the higher"),
        "ties": ("bool", "whether both are equal"),
    },
    "matrices": {
        **RUN,
        "round": ("int64", "of the champion, counts from 0"),
        "opponent_round": ("int64", "of another champion of the run"),
        "fitness": ("float64", "mean alive share of the first against the second, one on one, 0 to 2"),
        "defeats": ("bool", "whether its fitness is the higher"),
        "beyond_chance": ("bool", "and the 95 % interval of the difference leaves out 0"),
    },
    "baselines": {
        **RUN,
        "position": ("int64", "counts the baselines of the data set from 0"),
        "kind": ("string", "starter, zero-shot, best of n or specialist (docs/analysis.md)"),
        "digest": ("string", "SHA-256 of its assembled code"),
        "opponent": ("int64", "position in measured_against"),
        "defeats": ("bool", "whether its mean alive share is the higher, one on one"),
        "ties": ("bool", "whether both are equal"),
    },
    "activity": {
        **RUN,
        "round": ("int64", "counts from 0"),
        "codes": ("int64", "new codes that came into the archive in this round"),
        "activity": ("float64", "for how many proposals each holds cells, mean"),
        "persistent": ("float64", "share of them that stay longer than 95 % of the neutral shadows' codes"),
    },
    "phylogenies": {
        **RUN,
        "round": ("int64", "counts from 0"),
        "elites": ("int64", "in the archive at the end of the round"),
        "depth": ("float64", "changes from an elite back to a warrior without parents, mean"),
        "founders": ("int64", "warriors without parents that the archive descends from"),
        "ancestor": (
            "int64",
            "youngest ancestor of more than half of the archive: id in candidates, below 0 a starter",
        ),
        "sweep": ("float64", "1 if it is another than a round before, else 0"),
        "from_starters": ("float64", "share of the elites that are a starter or descend from one"),
        "champion_depth": ("float64", "changes from the champion back to a warrior without parents"),
        "champion_from_starters": ("float64", "1 if it descends from a starter, else 0"),
    },
    "genotypes": {
        **RUN,
        "round": ("int64", "of the champion, counts from 0"),
        "embedding": ("string", "what made the vector"),
        "vector": ("list<float64>", "embedding of the champion's code, length 1"),
    },
}
"""Made by the analysis."""
