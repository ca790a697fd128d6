"""From plain data (what YAML or JSON holds) to dataclasses, with errors that name the key."""

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


def from_mapping(cls: type[T], data: Mapping[str, Any], where: str = "") -> T:
    """An instance of the dataclass ``cls`` from ``data``; ``where`` is the path of ``data`` in the configuration.

    Nested dataclasses, enums (by value), tuples, dicts with str keys and unions are followed. Nothing is converted
    but int to float. Raises ConfigError for a key that ``cls`` has not, one that is missing, a value of another type,
    and for whatever ValueError ``cls`` itself raises.
    """
    hints = get_type_hints(cls)
    known = {field.name: field for field in dataclasses.fields(cls)}  # type: ignore[arg-type]
    for key in data:
        if key not in known:
            raise ConfigError(unknown_key(_join(where, key), [_join(where, name) for name in known]))
    for name, field in known.items():
        required = field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
        if required and name not in data:
            raise ConfigError(f"expected a value for {_join(where, name)}, got none")
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


def leaves(plain: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    """The values of nested mappings by their keys with dots between the levels; a list, or an empty mapping, is one."""
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
    origin, arguments = get_origin(hint), get_args(hint)
    if hint is Any:
        return value
    if origin in (Union, types.UnionType):
        return _convert_union(hint, arguments, value, where)
    if dataclasses.is_dataclass(hint) and isinstance(hint, type) and isinstance(value, Mapping):
        return from_mapping(hint, value, where)
    if origin is tuple and isinstance(value, Sequence) and not isinstance(value, str):
        return tuple(_convert(arguments[0], item, f"{where}[{i}]") for i, item in enumerate(value))
    if origin is dict and isinstance(value, Mapping):
        return {key: _convert(arguments[1], item, _join(where, str(key))) for key, item in value.items()}
    if isinstance(hint, type) and issubclass(hint, Enum):
        members = {member.value: member for member in hint}
        if value in members:
            return members[value]
        raise ConfigError(f"expected {where} to be one of {', '.join(map(str, members))}, got {value!r}")
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if isinstance(hint, type) and isinstance(value, hint) and (hint is bool or not isinstance(value, bool)):
        return value
    raise ConfigError(f"expected {where} to be {_describe(hint)}, got {value!r}")


def _convert_union(hint: Any, arguments: tuple[Any, ...], value: Any, where: str) -> Any:
    if value is None and type(None) in arguments:
        return None
    choices = [choice for choice in arguments if choice is not type(None)]
    for choice in choices:
        try:
            return _convert(choice, value, where)
        except ConfigError:
            if len(choices) == 1 or _has_shape(choice, value):  # then what is wrong is inside
                raise
    raise ConfigError(f"expected {where} to be {_describe(hint)}, got {value!r}")


def _has_shape(hint: Any, value: Any) -> bool:
    """Whether a list is expected and given, or a mapping."""
    if isinstance(value, Mapping):
        return get_origin(hint) is dict or dataclasses.is_dataclass(hint)
    return get_origin(hint) is tuple and isinstance(value, Sequence) and not isinstance(value, str)


def _describe(hint: Any) -> str:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return " or ".join(_describe(choice) for choice in arguments)
    if origin is tuple:
        return "a list"
    if origin is dict or dataclasses.is_dataclass(hint):
        return "a mapping"
    names = {int: "an integer", float: "a number", bool: "true or false", str: "text", type(None): "null"}
    return names.get(hint, str(hint))
