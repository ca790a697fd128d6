"""Who takes part: built-in warriors, files, folders of files, the champions of runs."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from drq.errors import ConfigError, StoreError
from drq.opponents.names import find
from drq.plain import to_plain
from drq.store.reader import reading
from redcode import AssemblyError, Rules, Warrior, assemble

_NUMBERED = re.compile(r" \(\d+\)$")


@dataclass(frozen=True)
class NamedWarrior:
    """A warrior of a tournament."""

    name: str
    """Its file, its built-in name, or the round it is champion of: unique in the tournament."""
    warrior: Warrior
    run: Path | None = None
    """The run that it is a champion of."""


@dataclass(frozen=True)
class Skipped:
    """A file that does not assemble under these rules."""

    name: str
    line: int
    column: int
    reason: str
    """``expected …, got …``: the first error."""

    @property
    def message(self) -> str:
        """The name, the place in its text and the reason."""
        return f"{self.name}:{self.line}:{self.column}: {self.reason}"


class Why(StrEnum):
    """Why a warrior or a file is left out."""

    COPY = "fought once, because they are copies of one code"
    OPPONENT = "not fought against themselves, because they are opponents too"
    COMPARED = "not among the opponents, because they are compared"
    POLISHED = "not among the opponents, because it is polished"
    BESIDE_RUNS = "not read, because they lie beside runs"


@dataclass(frozen=True)
class Dropped:
    """A warrior or a file that is left out without being a mistake."""

    name: str
    why: Why


@dataclass(frozen=True)
class Entries:
    """What was found."""

    warriors: list[NamedWarrior] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    met: dict[str, set[str]] = field(default_factory=dict)
    """By the digest of a run's champion, the digests that its evolution fought: starters and other champions."""

    def joined(self, others: Entries) -> Entries:
        """These and ``others``, each code once under the name that it has here; what either has met it has met."""
        known = {one.warrior.digest: one.name for one in self.warriors}
        new = [other for other in others.warriors if other.warrior.digest not in known]
        names = [known[other.warrior.digest] for other in others.warriors if other.warrior.digest in known]
        dropped = [*self.dropped, *others.dropped, *(Dropped(name, Why.OPPONENT) for name in names)]
        met = {digest: self.met.get(digest, set()) | others.met.get(digest, set()) for digest in self.met | others.met}
        return Entries(_told_apart(self.warriors + new), self.skipped + others.skipped, dropped, met)


def load_entries(names: Sequence[str], rules: Rules, key: str) -> Entries:
    """The warriors that ``names`` mean, in order, each code once; a name that two of them have gets a number.

    ``drq.opponents.names.find`` says what a name means. A file that does not assemble is skipped and listed; copies,
    and files beside runs, are listed as dropped. Raises ConfigError, naming ``key``, where a name means nothing or
    nothing of it assembles, and where a run has other rules.
    """
    found = Entries()
    digests: set[str] = set()
    runs: dict[Path, set[str]] = {}
    meant = [find(name, key) for name in names]
    found.dropped.extend(Dropped(name, Why.BESIDE_RUNS) for each in meant for name in each.beside_runs)
    for text in (text for each in meant for text in each.texts):
        if text.run is not None and text.run not in runs:
            runs[text.run] = _met(text.run, rules)
        try:
            warrior = assemble(text.source, rules)
        except AssemblyError as error:
            first = error.errors[0]
            found.skipped.append(Skipped(text.label, first.line, first.column, first.reason))
            continue
        if text.run is not None:
            found.met.setdefault(warrior.digest, set()).update(runs[text.run] - {warrior.digest})
        if warrior.digest in digests:
            found.dropped.append(Dropped(text.label, Why.COPY))
        else:
            digests.add(warrior.digest)
            found.warriors.append(NamedWarrior(text.label, warrior, text.run))
    if not found.warriors:
        reason = f"; {found.skipped[0].message}" if found.skipped else ""
        raise ConfigError(f"expected {key} to hold a warrior, found none that assembles{reason}")
    return replace(found, warriors=_told_apart(found.warriors))


def _told_apart(warriors: Sequence[NamedWarrior]) -> list[NamedWarrior]:
    """The same, with a number after a name that an earlier one has."""
    apart: dict[str, NamedWarrior] = {}
    for one in warriors:
        stem = _NUMBERED.sub("", one.name)
        tries = (one.name, *(f"{stem} ({count})" for count in range(2, len(warriors) + 2)))
        name = next(name for name in tries if name not in apart)
        apart[name] = replace(one, name=name)
    return list(apart.values())


def _met(run: Path, rules: Rules) -> set[str]:
    """Digests of all that the run's candidates fought."""
    with reading(run) as store:
        theirs = store.run_config().rules
        if theirs != rules:
            plain, here = to_plain(theirs), to_plain(rules)
            other = (f"rules.{key}={json.dumps(value)}" for key, value in plain.items() if value != here[key])
            raise StoreError(f"{run} was evolved under {' '.join(other)}: give that, or the rules=GROUP that says it")
        champions = (store.candidate(id).digest for id in store.champions().values() if id is not None)
        return {starter.digest for starter in store.starters()} | {digest for digest in champions if digest}
