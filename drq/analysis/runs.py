"""The runs that are analysed together: read from their files, checked against each other, sorted into groups."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pandas as pd

from drq import operators
from drq.config import RunConfig, is_free
from drq.errors import DrqError, StoreError
from drq.plain import to_plain
from drq.store.database import RUN_FILE
from drq.store.reader import RunReader, reading
from redcode import Rules, Warrior, assemble
from redcode.text import printable

_OWN_KEYS = ("seed", "starter")
"""Keys in which the runs of one group differ."""
_OF_OPERATOR = ("operator.", "llm")
"""Beginnings of keys that the operator's name often says already."""


@dataclass(frozen=True)
class Champion:
    """The champion of one round."""

    round: int
    """Counted from 0."""
    id: int
    fitness: float
    """Against its own round's opponents (``RunReader.champion_fitness``), 0 to the number of warriors."""
    operator: str
    kind: str
    warrior: Warrior


@dataclass(frozen=True)
class RunRecord:
    """One run, as its file has it."""

    directory: Path
    label: str
    """Short, unique among the runs analysed together."""
    group: str
    """What sets its configuration apart from the other groups'; ``all`` where nothing does."""
    family: str
    """The starters' code: runs of one family began from the same warriors, with seeds of their own."""
    config: RunConfig
    starters: tuple[Warrior, ...]
    champions: tuple[Champion, ...]
    """Of the finished rounds that have one."""
    rounds: int
    """Rounds finished."""
    planned: int
    """Rounds that the runs of its group have: those planned, or where time decides, those that all of them have."""

    @property
    def complete(self) -> bool:
        """Whether every such round is finished and has a champion."""
        return self.planned <= self.unbroken

    @property
    def unbroken(self) -> int:
        """Rounds from 0 on that have a champion."""
        return sum(champion.round == i for i, champion in enumerate(self.champions))


def find_runs(paths: Iterable[Path]) -> list[Path]:
    """Run directories: each path is one, or a folder with some at any depth. Raises StoreError where there is none."""
    found: dict[Path, Path] = {}
    for path in paths:
        directories = [path] if (path / RUN_FILE).exists() else sorted(file.parent for file in path.rglob(RUN_FILE))
        if not directories:
            raise StoreError(f"expected a run or a folder of runs, found no {RUN_FILE} in {path}")
        for directory in directories:
            found.setdefault(directory.resolve(), directory)
    return list(found.values())


def load_runs(paths: Iterable[Path]) -> list[RunRecord]:
    """Read the runs under ``paths``.

    Raises StoreError for a file that is no run, damaged, of a newer version, or has no champion yet, and where the
    runs were not evolved under the same rules: their numbers would not compare.
    """
    runs = [_load(directory) for directory in find_runs(paths)]
    for run in runs:
        if run.config.rules != runs[0].config.rules:
            first, other = _differing(runs[0].config.rules, run.config.rules)
            got = f"got {first} in {runs[0].directory} and {other} in {run.directory}"
            raise StoreError(f"expected runs of one set of rules, {got}")
    groups, labels = group_labels([to_flat(run.config) for run in runs]), _labels([run.directory for run in runs])
    named = [replace(run, label=label, group=group) for run, label, group in zip(runs, labels, groups, strict=True)]
    return [replace(run, planned=_planned(run.group, named)) for run in named]


def _planned(group: str, runs: Sequence[RunRecord]) -> int:
    """``RunRecord.planned`` of the runs of ``group``."""
    own = [run for run in runs if run.group == group]
    if any(run.config.minutes is not None for run in own):
        return max(1, min(run.unbroken for run in own))
    return own[0].config.rounds


def to_flat(config: RunConfig) -> dict[str, str]:
    """The configuration's keys with dots, without those that do not decide a run's rows or differ within a group."""
    plain = _without_prices(to_plain(config))
    leaves = {str(key): value for key, value in pd.json_normalize(plain).to_dict("records")[0].items()}
    return {key: json.dumps(value) for key, value in leaves.items() if not is_free(key) and key not in _OWN_KEYS}


def _without_prices(plain: Any) -> Any:
    """``plain`` without what models cost, because prices decide no row."""
    if isinstance(plain, dict):
        return {key: _without_prices(value) for key, value in plain.items() if key != "prices"}
    return [_without_prices(value) for value in plain] if isinstance(plain, list) else plain


def group_labels(configs: Sequence[Mapping[str, str]]) -> list[str]:
    """Name each configuration by the keys in which it differs from the others; ``history`` is the paper's K.

    Left out are, apart from K: values that more than half of the different configurations have (beside three that use
    MAP-Elites only ``single cell`` is said); keys that a configuration does not have; and settings of operators and
    models that all runs of one operator share, because the operator's name says them. A configuration with nothing
    left to say is named in full, and so are all if two would get one name.
    """
    first = ("history", "operator.name")
    keys = [*first, *sorted({key for config in configs for key in config}.difference(first))]
    distinct = {tuple(config.get(key) for key in keys) for config in configs}
    values = {key: Counter(one[i] for one in distinct) for i, key in enumerate(keys)}
    values = {key: counts for key, counts in values.items() if len(counts) > 1}
    named = {key for key in values if key.startswith(_OF_OPERATOR) and _follows(key, "operator.name", configs)}
    whole, short = [], []
    for config in configs:
        texts = {key: _setting(key, config.get(key), set(counts)) for key, counts in values.items()}
        own = {key: text for key, text in texts.items() if key not in named and (key in config or key == "history")}
        usual = {key for key, counts in values.items() if 2 * counts[config.get(key)] > len(distinct)} - {"history"}
        whole.append(", ".join(texts.values()) or "all")
        told = [text for key, text in own.items() if key not in usual]
        short.append(", ".join(told or own.values()) or whole[-1])
    return short if len(set(short)) == len(distinct) else whole


def _follows(key: str, first: str, configs: Sequence[Mapping[str, str]]) -> bool:
    """Whether all configurations of one value in ``first``, which is another key, have one value in ``key`` too."""
    return key != first and len({(c.get(first), c.get(key)) for c in configs}) == len({c.get(first) for c in configs})


def _setting(key: str, value: str | None, values: set[str | None]) -> str:
    """A key's ``value`` in words, among all its ``values``."""
    if key == "history":
        return "K = all" if value in (None, "null", "NaN") else f"K = {value}"
    if key == "archive.axes":
        if value in (None, "[]"):
            return "single cell"
        return "MAP-Elites" if len(values - {None, "[]"}) == 1 else f"MAP-Elites on {' and '.join(json.loads(value))}"
    said = "none" if value is None else value.strip('"')
    return f"{key.removesuffix('.name')} = {said}"


def _labels(directories: Sequence[Path]) -> list[str]:
    """The shortest tails of the paths that tell them apart, without the settings that a sweep's runs have in common."""
    parts = [directory.resolve().parts for directory in directories]
    for length in range(1, max(map(len, parts)) + 1):
        labels = ["/".join(part[-length:]) for part in parts]
        if len(set(labels)) == len(labels):
            break
    levels = [[level.split(",") for level in label.split("/")] for label in labels]
    common = set.intersection(*({setting for level in label for setting in level} for label in levels))
    kept = [[",".join(one for one in level if one not in common) for level in label] for label in levels]
    short = ["/".join(filter(None, label)) for label in kept]
    told_apart = all(short) and len(set(short)) == len(short)
    return [printable(label, 80) for label in (short if told_apart else labels)]


def _differing(one: Rules, other: Rules) -> tuple[str, str]:
    """Both sets of rules, by the keys in which they differ."""
    first, second = to_plain(one), to_plain(other)
    keys = [key for key in first if first[key] != second[key]]
    return ", ".join(f"{key}={first[key]}" for key in keys), ", ".join(f"{key}={second[key]}" for key in keys)


def _load(directory: Path) -> RunRecord:
    """The run in ``directory``, without a label and a group yet."""
    with reading(directory) as record:
        config = operators.with_defaults(record.run_config())
        try:
            rounds, fitness = record.champions(), record.champion_fitness()
            champions = tuple(
                _champion(record, round, id, fitness[round], config) for round, id in rounds.items() if id is not None
            )
            starters = tuple(assemble(starter.source, config.rules) for starter in record.starters())
        except DrqError:
            raise
        except ValueError as error:
            raise StoreError(f"{record.path}: the file is damaged: {str(error).splitlines()[0]}") from None
    if not champions:
        raise StoreError(f"{record.path}: expected a champion, the run has none yet")
    return RunRecord(directory, "", "", _code_of(starters), config, starters, champions, len(rounds), config.rounds)


def _code_of(starters: Sequence[Warrior]) -> str:
    """The first digits of a starter's digest, of several the digest of theirs."""
    digests = [starter.digest for starter in starters]
    return digests[0][:12] if len(digests) == 1 else sha256("".join(digests).encode()).hexdigest()[:12]


def _champion(record: RunReader, round: int, id: int, fitness: float, config: RunConfig) -> Champion:
    candidate = record.candidate(id)
    return Champion(
        round=round,
        id=id,
        fitness=fitness,
        operator=candidate.operator,
        kind=str(candidate.kind),
        warrior=assemble(candidate.source or "", config.rules),
    )
