"""Who takes part: built-in warriors, files, folders of files, the champions of runs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import cast, get_args

from drq.config import RunConfig
from drq.errors import ConfigError, StoreError
from drq.opponents.names import SUFFIX, source_at
from drq.plain import from_mapping, to_plain
from drq.store import RunStore
from drq.store.database import CHAMPIONS_FOLDER, RUN_FILE
from redcode import RedcodeError, Rules, Warrior, assemble, builtin_names, builtin_source
from redcode.language.library import Group

_NUMBERED = re.compile(r" \(\d+\)$")


@dataclass(frozen=True)
class Entrant:
    """A warrior of the tournament."""

    name: str
    """Its file, its built-in name, or the round it is champion of: unique among the entrants."""
    warrior: Warrior


@dataclass(frozen=True)
class Skipped:
    """A file that is no warrior under these rules."""

    name: str
    reason: str


class Why(StrEnum):
    """Why a warrior or a file takes no part of its own."""

    COPY = "fought once, as copies of one code"
    OPPONENT = "not fought against themselves, as opponents too"
    BESIDE_RUNS = "not read, as they lie beside runs"


@dataclass(frozen=True)
class Dropped:
    """A warrior or a file that takes no part of its own, and is no mistake."""

    name: str
    why: Why


@dataclass(frozen=True)
class Entries:
    """What was found."""

    entrants: list[Entrant] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    met: dict[str, set[str]] = field(default_factory=dict)
    """By the digest of a run's champion, the digests that its evolution fought: starters and other champions."""

    def joined(self, others: Entries) -> Entries:
        """These and ``others``, each code once under the name that it has here; what either has met it has met."""
        known = {entrant.warrior.digest: entrant.name for entrant in self.entrants}
        new = [other for other in others.entrants if other.warrior.digest not in known]
        names = [known[other.warrior.digest] for other in others.entrants if other.warrior.digest in known]
        dropped = [*self.dropped, *others.dropped, *(Dropped(name, Why.OPPONENT) for name in names)]
        met = {digest: self.met.get(digest, set()) | others.met.get(digest, set()) for digest in self.met | others.met}
        return Entries(_told_apart(self.entrants + new), self.skipped + others.skipped, dropped, met)


@dataclass(frozen=True)
class _Text:
    name: str
    source: str
    run: Path | None
    """The run that it is a champion of."""


def load_entries(names: Sequence[str], rules: Rules, key: str) -> Entries:
    """The warriors that ``names`` mean, in order, each code once; a name that two of them have gets a number.

    A name is ``held_out`` or ``starters`` (a built-in group), a built-in warrior, a file, a run or a folder: of
    runs, or of ``.red`` files at any depth. A file that does not assemble is skipped and listed; copies, and files
    beside runs, are listed as dropped. Raises ConfigError, naming ``key``, where a name means nothing or nothing of it
    assembles, and where a run has other rules.
    """
    found = Entries()
    digests: set[str] = set()
    runs: dict[Path, set[str]] = {}
    for text in (text for name in names for text in _texts(name, key)):
        if isinstance(text, Dropped):
            found.dropped.append(text)
            continue
        if text.run is not None and text.run not in runs:
            runs[text.run] = _met(text.run, rules)
        try:
            warrior = assemble(text.source, rules)
        except RedcodeError as error:
            found.skipped.append(Skipped(text.name, str(error).splitlines()[0].removeprefix("<source>:")))
            continue
        if text.run is not None:
            found.met.setdefault(warrior.digest, set()).update(runs[text.run] - {warrior.digest})
        if warrior.digest in digests:
            found.dropped.append(Dropped(text.name, Why.COPY))
        else:
            digests.add(warrior.digest)
            found.entrants.append(Entrant(text.name, warrior))
    if not found.entrants:
        reason = f"; {found.skipped[0].name}: {found.skipped[0].reason}" if found.skipped else ""
        raise ConfigError(f"expected {key} to hold a warrior, found none that assembles{reason}")
    return replace(found, entrants=_told_apart(found.entrants))


def _told_apart(entrants: Sequence[Entrant]) -> list[Entrant]:
    """The same, with a number after a name that an earlier one has."""
    apart: dict[str, Entrant] = {}
    for entrant in entrants:
        stem = _NUMBERED.sub("", entrant.name)
        tries = (entrant.name, *(f"{stem} ({count})" for count in range(2, len(entrants) + 2)))
        name = next(name for name in tries if name not in apart)
        apart[name] = replace(entrant, name=name)
    return list(apart.values())


def _texts(name: str, key: str) -> Iterator[_Text | Dropped]:
    if name in get_args(Group):
        yield from (_Text(warrior, builtin_source(warrior), None) for warrior in builtin_names(cast(Group, name)))
        return
    path = Path(name).expanduser()
    if name and path.is_dir():  # the path of nothing is the current directory
        yield from _folder(path, key)
    elif path.is_file():
        yield _Text(path.stem, source_at(path, key), _run_of(path))
    elif name in builtin_names():
        yield _Text(name, builtin_source(name), None)
    else:
        raise ConfigError(
            f"expected {key} to be a file, a folder, a run, {' or '.join(get_args(Group))}, or a built-in warrior, "
            f"got {name!r}" + ("; several are given as [a,b]" if "," in name else "")
        )


def _folder(path: Path, key: str) -> Iterator[_Text | Dropped]:
    """The champions of the runs in the folder, or else its warriors."""
    runs = sorted(file.parent for file in path.rglob(RUN_FILE))
    for run in runs:
        label = run.resolve().name if run == path else str(run.relative_to(path))
        yield from _champions(run, label)
    files = sorted(file for file in path.rglob("*") if file.suffix.lower() == SUFFIX and file.is_file())
    if not files and not runs:
        raise ConfigError(f"expected {key} to be a folder with {SUFFIX} files or runs, found none in {path}")
    for file in files:
        name, run_of_file = str(file.relative_to(path).with_suffix("")), _run_of(file)
        if not runs:
            yield _Text(name, source_at(file, key), run_of_file)
        elif run_of_file is None:
            yield Dropped(name, Why.BESIDE_RUNS)


def _champions(run: Path, label: str) -> Iterator[_Text]:
    with closing(RunStore.open(run)) as store:
        for round, id in store.champions().items():
            if id is not None:
                yield _Text(f"{label}, round {round}", store.candidate(id).source or "", run)


def _run_of(file: Path) -> Path | None:
    """The run whose champion lies in ``file``, if it is in a run's own folder of champions."""
    run = file.resolve().parent.parent
    return run if file.resolve().parent.name == CHAMPIONS_FOLDER and (run / RUN_FILE).is_file() else None


def _met(run: Path, rules: Rules) -> set[str]:
    """Digests of all that the run's candidates fought."""
    with closing(RunStore.open(run)) as store:
        theirs = from_mapping(RunConfig, store.config()).rules
        if theirs != rules:
            plain, here = to_plain(theirs), to_plain(rules)
            other = (f"rules.{key}={json.dumps(value)}" for key, value in plain.items() if value != here[key])
            raise StoreError(f"{run} was evolved under {' '.join(other)}: give that, or the rules=GROUP that says it")
        champions = (store.candidate(id).digest for id in store.champions().values() if id is not None)
        return {starter.digest for starter in store.starters()} | {digest for digest in champions if digest}
