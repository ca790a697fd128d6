"""From plain data (what YAML or JSON holds) to dataclasses and back, with errors that name the key and show the value.

The code is our own, because a library such as cattrs or msgspec needs a wrapper of its own to name the key as it is
typed, show the value, suggest the nearest key and refuse ``"3"`` or ``true`` for a number.
"""

from __future__ import annotations

import dataclasses
import difflib
import math
import types
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from drq.errors import ConfigError

T = TypeVar("T")
_KINDS = {int: "an integer", float: "a number", bool: "true or false", str: "text", type(None): "null"}


def from_mapping(cls: type[T], data: Mapping[str, Any], where: str = "") -> T:
    """An instance of the dataclass ``cls`` from ``data``; ``where`` is the path of ``data`` in the configuration.

    Nested dataclasses, enums (by value), tuples, dicts with str keys and unions are followed. Only int is converted, to
    float. Raises ConfigError for a key that ``cls`` does not have, one that is missing, a value of another type, and
    for every ValueError of ``cls``.
    """
    fields = {field.name: field for field in dataclasses.fields(cls)}  # type: ignore[arg-type]
    for key in data:
        if key not in fields:
            raise ConfigError(unknown_key(_join(where, key), [_join(where, name) for name in fields]))
    for name, field in fields.items():
        if name not in data and field.default is field.default_factory is dataclasses.MISSING:
            raise ConfigError(f"expected a value for {_join(where, name)}, got none")
    hints = get_type_hints(cls)
    values = {key: _convert(hints[key], value, _join(where, key)) for key, value in data.items()}
    try:
        return cls(**values)
    except ValueError as error:
        raise ConfigError(f"{where}: {error}" if where else str(error)) from None


def to_plain(value: Any) -> Any:
    """The inverse: dataclasses as dicts, enums as their values, tuples as lists; what JSON and YAML hold."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {key: to_plain(item) for key, item in value.items()}
    return [to_plain(item) for item in value] if isinstance(value, (list, tuple)) else value


def defaults(cls: type) -> dict[str, Any]:
    """Plain data of the fields of the dataclass ``cls`` that have a default."""
    plain = {}
    for field in dataclasses.fields(cls):
        if field.default_factory is not dataclasses.MISSING:
            plain[field.name] = to_plain(field.default_factory())
        elif field.default is not dataclasses.MISSING:
            plain[field.name] = to_plain(field.default)
    return plain


def leaves(plain: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    """The values of nested mappings with their dotted keys; a list and an empty mapping are values."""
    if isinstance(plain, Mapping) and plain:
        for name, item in plain.items():
            yield from leaves(item, _join(key, str(name)))
    else:
        yield key, plain


def unknown_key(key: str, known: Iterable[str]) -> str:
    """The one-line message for a key that does not exist, with the nearest that does."""
    close = difflib.get_close_matches(key, list(known), n=1, cutoff=0.5)
    return f"unknown key {key!r}" + (f"; the nearest is {close[0]!r}" if close else "")


def check_at_least(key: str, value: float | None, least: float) -> None:
    """Raise ConfigError unless the ``value`` of ``key`` is a finite number of at least ``least``, or None."""
    if value is not None and not (math.isfinite(value) and value >= least):
        raise ConfigError(f"expected {key} to be at least {least}, got {value}")


def _join(where: str, key: str) -> str:
    return f"{where}.{key}" if where else key


def _convert(hint: Any, value: Any, where: str) -> Any:
    if hint is Any:
        return value
    choices = get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)
    for choice in choices:
        if _has_shape(choice, value):
            return _of_shape(choice, value, where)
    kinds = " or ".join(map(_kind, choices))
    raise ConfigError(f"expected {where} to be {kinds}, got {value!r}")


def _has_shape(hint: Any, value: Any) -> bool:
    """Whether ``value`` is of the kind that ``hint`` asks for; its content is not checked."""
    kind = _kind(hint)
    if kind == "a mapping":
        return isinstance(value, Mapping)
    if kind == "a list":
        return isinstance(value, Sequence) and not isinstance(value, str)
    if isinstance(value, bool):
        return hint is bool
    return isinstance(value, (int, float) if hint is float else str if issubclass(hint, Enum) else hint)


def _of_shape(hint: Any, value: Any, where: str) -> Any:
    """``value``, which has the shape of ``hint``, with everything inside it converted."""
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return from_mapping(hint, value, where)
    if get_origin(hint) is tuple:
        return tuple(_convert(get_args(hint)[0], item, f"{where}[{i}]") for i, item in enumerate(value))
    if get_origin(hint) is dict:
        return {key: _convert(get_args(hint)[1], item, _join(where, str(key))) for key, item in value.items()}
    if issubclass(hint, Enum):
        members = {member.value: member for member in hint}
        if value not in members:
            raise ConfigError(f"expected {where} to be one of {', '.join(members)}, got {value!r}")
        return members[value]
    return float(value) if hint is float else value


def _kind(hint: Any) -> str:
    if get_origin(hint) is tuple:
        return "a list"
    if get_origin(hint) is dict or dataclasses.is_dataclass(hint):
        return "a mapping"
    return _KINDS.get(hint, "text")
