"""Warriors named in a configuration: built-in names, groups of them, files, folders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast, get_args

from drq.errors import ConfigError
from redcode import RedcodeError, Rules, Warrior, assemble, builtin_names, builtin_source
from redcode.language.assembler import read_source
from redcode.language.library import Group

SUFFIX = ".red"


@dataclass(frozen=True)
class Opponent:
    """A warrior that every candidate of the round fights."""

    warrior: Warrior
    source: str


def load_warriors(names: Sequence[str], rules: Rules, key: str) -> list[Opponent]:
    """The warriors that ``names`` mean, in order.

    A name is that of a built-in warrior, of a group of them, or else a path; a folder gives all its ``.red`` files.

    Raises ConfigError, naming the configuration's ``key``, for what is neither, cannot be read, or does not assemble;
    where that is a built-in warrior it says which starters do.
    """
    return [_assemble(source, rules, key, where) for name in names for where, source in sources(name, key)]


def sources(name: str, key: str) -> list[tuple[str, str]]:
    """The warriors that ``name`` means, each by the name or path that ``redcode`` takes, with its text.

    Raises ConfigError, naming the configuration's ``key``, where it means none or one cannot be read.
    """
    if name in get_args(Group):
        return [(member, builtin_source(member)) for member in builtin_names(cast(Group, name))]
    if name in builtin_names():
        return [(name, builtin_source(name))]
    path = Path(name).expanduser()
    if name and path.is_dir():  # the path of nothing is the current directory
        files = sorted(path.glob(f"*{SUFFIX}"))
        if not files:
            raise ConfigError(f"expected {key} to be a folder with {SUFFIX} files, found none in {name}")
        return [(str(file), source_at(file, key)) for file in files]
    if path.is_file():
        return [(str(path), source_at(path, key))]
    raise ConfigError(
        f"expected {key} to be a built-in warrior, a file or a folder, got {name!r}; built in are: "
        + ", ".join(builtin_names())
    )


def source_at(path: Path, key: str) -> str:
    """The text of a warrior's file; raises ConfigError, naming ``key``, where it cannot be read."""
    try:
        with path.open("rb") as file:
            return read_source(file)
    except OSError as error:
        raise ConfigError(f"expected {key} to be readable, got {path}: {error.strerror}") from None


def _assemble(source: str, rules: Rules, key: str, where: str) -> Opponent:
    try:
        return Opponent(assemble(source, rules), source)
    except RedcodeError as error:
        first = str(error).splitlines()[0].replace("<source>", where)
        hint = f"; built-in starters that do: [{','.join(_fitting(rules))}]" if where in builtin_names() else ""
        raise ConfigError(f"expected {key} to assemble: {first}{hint}") from None


def _fitting(rules: Rules) -> list[str]:
    """The built-in starters that assemble under ``rules``."""
    fitting = []
    for name in builtin_names("starters"):
        try:
            assemble(builtin_source(name), rules)
        except RedcodeError:
            continue
        fitting.append(name)
    return fitting
