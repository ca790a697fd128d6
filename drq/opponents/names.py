"""Warriors by their names: files, runs, built-in warriors, folders. Every command and every key resolves them here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from drq.errors import ConfigError
from drq.files import user_path
from drq.store.database import CHAMPIONS_FOLDER, RUN_FILE, champion_path
from drq.store.reader import reading
from redcode import AssemblyError, RedcodeError, Rules, Warrior, assemble, builtin_names, builtin_source
from redcode.language.assembler import read_source
from redcode.language.library import GROUPS

SUFFIX = ".red"
FITTING = "fitting"
"""As a starter: the classic built-in warriors and those made for a core of this size, as far as they assemble; none of
them is held out."""


@dataclass(frozen=True)
class Opponent:
    """A warrior that every candidate of the round fights."""

    warrior: Warrior
    source: str


@dataclass(frozen=True)
class Text:
    """The text of a warrior, not assembled yet."""

    label: str
    """Short name for tables: the built-in name, the file's, or the run and the round."""
    where: str
    """The file's path or the built-in name: what ``redcode`` takes."""
    source: str
    run: Path | None = None
    """The run whose champion it is."""


@dataclass(frozen=True)
class Found:
    """What a name means."""

    texts: list[Text] = field(default_factory=list)
    beside_runs: list[str] = field(default_factory=list)
    """Labels of files that are not read, because they lie in a folder of runs."""


def load_warriors(names: Sequence[str], rules: Rules, key: str) -> list[Opponent]:
    """The warriors that ``names`` mean, in order; every one must assemble.

    Raises ConfigError, naming the configuration's ``key``, as :func:`find` does, and for a text that does not assemble;
    for a built-in warrior the error lists the starters that do.
    """
    return [_assemble(text, rules, key) for name in names for text in find(name, key).texts]


def expanded(names: Sequence[str], rules: Rules) -> tuple[str, ...]:
    """``names`` with those of the warriors in place of ``FITTING``."""
    return tuple(name for given in names for name in (_fitting(rules) if given == FITTING else [given]))


def find(name: str, key: str) -> Found:
    """The texts that ``name`` means: of what is listed here, the first that exists.

    1. a file
    2. a run, or a folder with runs at any depth: their champions
    3. a built-in warrior, or a group of them, as ``starters`` or ``held_out``
    4. a folder with ``.red`` files at any depth

    Raises ConfigError, naming the configuration's ``key``, where ``name`` means nothing or a file cannot be read.
    """
    path = user_path(name)
    if path.is_file():
        return Found([_file(path, path.stem, key)])
    is_folder = bool(name) and path.is_dir()  # the path of an empty name is the current directory
    if is_folder and (runs := sorted(file.parent for file in path.rglob(RUN_FILE))):
        beside = [str(file.relative_to(path).with_suffix("")) for file in _files(path) if run_of(file) is None]
        return Found([text for run in runs for text in _champions(run, path)], beside)
    if name in GROUPS:
        return Found([_builtin(member) for member in builtin_names(name)])
    if name in builtin_names():
        return Found([_builtin(name)])
    if not is_folder:
        hint = "several are given as [a,b]" if "," in name else f"built in are: {', '.join(builtin_names())}"
        raise ConfigError(f"expected {key} to be a file, a run, a built-in warrior or a folder, got {name!r}; {hint}")
    if not (files := _files(path)):
        raise ConfigError(f"expected {key} to be a folder with {SUFFIX} files or runs, found none in {path}")
    return Found([_file(file, str(file.relative_to(path).with_suffix("")), key) for file in files])


def run_of(file: Path) -> Path | None:
    """The run whose champion lies in ``file``, if it is in a run's own folder of champions."""
    folder = file.resolve().parent
    return folder.parent if folder.name == CHAMPIONS_FOLDER and (folder.parent / RUN_FILE).is_file() else None


def _files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.suffix.lower() == SUFFIX and file.is_file())


def _file(path: Path, label: str, key: str) -> Text:
    try:
        with path.open("rb") as file:
            return Text(label, str(path), read_source(file), run_of(path))
    except OSError as error:
        raise ConfigError(f"expected {key} to be readable, got {path}: {error.strerror}") from None


def _builtin(name: str) -> Text:
    return Text(name, name, builtin_source(name))


def _champions(run: Path, folder: Path) -> list[Text]:
    label = run.resolve().name if run == folder else str(run.relative_to(folder))
    texts = []
    with reading(run) as store:
        for round, id in store.champions().items():
            if id is not None:
                file = champion_path(run / CHAMPIONS_FOLDER, round)
                texts.append(Text(f"{label}, round {round}", str(file), store.candidate(id).source or "", run))
    return texts


def _assemble(text: Text, rules: Rules, key: str) -> Opponent:
    try:
        return Opponent(assemble(text.source, rules, path=text.where), text.source)
    except AssemblyError as error:
        builtin = text.where in builtin_names()
        hint = (
            f"; built-in starters that do: [{','.join(_assembling(builtin_names('starters'), rules))}]"
            if builtin
            else ""
        )
        raise ConfigError(f"expected {key} to assemble: {error.errors[0].message}{hint}") from None


def _fitting(rules: Rules) -> list[str]:
    """The built-in warriors that ``FITTING`` means, the classic ones first."""
    at_home = [group for group, own in GROUPS.items() if own.core_size == rules.core_size and "held_out" not in group]
    return _assembling(
        [*builtin_names("starters"), *(name for group in at_home for name in builtin_names(group))], rules
    )


def _assembling(names: Sequence[str], rules: Rules) -> list[str]:
    assembling = []
    for name in dict.fromkeys(names):
        try:
            assemble(builtin_source(name), rules)
        except RedcodeError:
            continue
        assembling.append(name)
    return assembling
